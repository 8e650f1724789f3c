/**
 * An account's services: activating a product (rules.md, section 4), and whether what neither free units nor packs pay
 * is post-paid (price-books.md, "Prepaid only").
 */
import { type Account, activatedAt, isPostPaidOff } from './account.ts';
import { inForce } from './catalogue.ts';
import type { DecisionContext } from './context.ts';
import { accept, type Decision, refuse } from './decision.ts';
import { type AccountEvent, event } from './events.ts';
import { suggestion } from './suggest.ts';

/** Activates a product from now on; it starts as the edition in force says. */
export const activateService = (
  account: Account,
  product: string,
  { at, calendar, catalogue }: DecisionContext,
): Decision<AccountEvent> => {
  if (activatedAt(account, product) !== undefined) return accept();
  const month = calendar.monthOf(at);
  const edition = inForce(catalogue, product, month);
  if (edition) {
    const starts = edition.book.postPaid === 'off' ? { postPaid: 'off' as const } : {};
    return accept(event('ServiceActivated', at, { product, ...starts }));
  }
  const { asked, meant } = suggestion(product, Object.keys(catalogue.products));
  const detail = `no price book of ${product} is in force in ${month}${asked}`;
  return refuse('service_unknown', detail, { product, ...meant });
};

export interface PostPaidSwitch {
  readonly product: string;
  readonly postPaid: 'on' | 'off';
}

/** Switches whether a service is post-paid, from now on, by the records' own time. */
export const switchPostPaid = (
  account: Account,
  { product, postPaid }: PostPaidSwitch,
  { at }: DecisionContext,
): Decision<AccountEvent> => {
  if (activatedAt(account, product) === undefined)
    return refuse('not_activated', `${product} is not activated for this account`, { product });
  if (isPostPaidOff(account, product, at) === (postPaid === 'off')) return accept();
  return accept(event('PostPaidSwitched', at, { product, postPaid }));
};
