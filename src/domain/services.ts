/**
 * An account's services: activating a product (rules.md, section 4), and whether what neither free units nor packs pay
 * is post-paid (price-books.md, "Prepaid only").
 */
import { type Account, activatedAt, isPostPaidOff } from './account.ts';
import { inForce } from './catalogue.ts';
import type { DecisionContext } from './context.ts';
import { accept, type Decision, refuse } from './decision.ts';
import { type AccountEvent, event } from './events.ts';
import { grantsOf, grantsTooLarge } from './grants.ts';
import { suggestion } from './suggest.ts';

/** Activates a product from now on; it starts, and is granted packs, as the edition in force says. */
export const activateService = (
  account: Account,
  product: string,
  context: DecisionContext,
): Decision<AccountEvent> => {
  const { at, calendar, catalogue } = context;
  if (activatedAt(account, product) !== undefined) return accept();
  const month = calendar.monthOf(at);
  const edition = inForce(catalogue, product, month);
  if (edition) {
    const { book } = edition;
    const tooMuch = grantsTooLarge(account, book, context);
    if (tooMuch) return tooMuch;
    const grants = grantsOf(account, book, context);
    const starts = book.postPaid === 'off' ? { postPaid: 'off' as const } : {};
    // Which edition grants depends on the editions published by now; what a service starts with does not.
    const decided = grants.length > 0 ? { catalogue: catalogue.published.length } : {};
    return accept<AccountEvent>(event('ServiceActivated', at, { product, ...starts, ...decided }), ...grants);
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
