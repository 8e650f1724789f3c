/** Returning a pack for its price (rules.md, section 5): untouched, and soon after its purchase. */
import type { Account, Pack } from './account.ts';
import { BALANCE_DIGITS, isBalanceInBounds, tooLarge } from './bounds.ts';
import type { Instant } from './calendar.ts';
import { editionNamed, indexOf } from './catalogue.ts';
import type { BillingContext, DecisionContext } from './context.ts';
import { accept, type Decision, refuse } from './decision.ts';
import { setRight } from './deposit-and-credit.ts';
import { type AccountEvent, event } from './events.ts';
import { evolve } from './evolve.ts';
import { plus } from './money.ts';

/** Why a pack cannot be returned; of several reasons the first. */
type NotReturnable = 'not_permitted' | 'granted' | 'expired' | 'void' | 'used' | 'too_late';

/**
 * Pays a pack's price back into the balance, which has the effects of a deposit; the pack is void from now on. A pack
 * that was returned before: a no-op.
 */
export const returnPack = (
  account: Account,
  { pack }: { readonly pack: string },
  context: DecisionContext,
): Decision<AccountEvent> => {
  const { at, again } = context;
  const held = account.packs.find((one) => one.pack === pack);
  if (!held) return refuse('pack_unknown', `no pack ${pack} was ever bought`, { pack });
  if (held.returned !== undefined) return accept();
  const reason = notReturnable(held, at, context);
  if (reason) return refuse('pack_not_returnable', `${pack} ${SAID[reason]}`, { pack, reason });
  if (!again && !isBalanceInBounds(plus(account.total, held.price)))
    return tooLarge('pack', `the balance would have more than ${BALANCE_DIGITS} digits`, account.total);
  const { pool, size, price } = held;
  const returned = event('PackReturned', at, { pack, pool, size, price });
  return accept(returned, ...setRight(evolve(account, returned), at));
};

const SAID: Readonly<Record<NotReturnable, string>> = {
  not_permitted: 'was bought under an edition that takes no packs of its pool back',
  granted: 'was granted, not bought',
  expired: 'is expired',
  void: 'is void',
  used: 'is used in part',
  too_late: 'was bought too long ago',
};

/** The end of a pack's days of return, by the terms of its edition; null where that takes none back. */
const lastReturn = (pack: Pack, { catalogue, calendar }: BillingContext): Instant | null => {
  const edition = editionNamed(catalogue, pack.product, pack.edition);
  const terms = edition && indexOf(edition.book).pools.get(pack.pool)?.returns;
  return terms ? calendar.daysAfter(pack.purchasedAt, terms.withinDays) : null;
};

/** Until when a pack as it stands can be returned; null where it cannot. */
export const returnableUntil = (pack: Pack, at: Instant, context: BillingContext): Instant | null => {
  const end = notReturnable(pack, at, context) === null ? lastReturn(pack, context) : null;
  return end === null ? null : Math.min(end, pack.expiresAt);
};

const notReturnable = (
  pack: Pack,
  at: Instant,
  { catalogue, calendar }: BillingContext,
): NotReturnable | null => {
  const end = lastReturn(pack, { catalogue, calendar });
  if (end === null) return 'not_permitted';
  if (pack.granted) return 'granted';
  if (at >= pack.expiresAt) return 'expired';
  if (pack.void) return 'void';
  if (pack.left !== pack.size) return 'used';
  return at < end ? null : 'too_late';
};
