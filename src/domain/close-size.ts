/**
 * What an account carries into its close: bought packs, credits, disputes, prices and reasons stand on the bill, or are
 * carried forward with it, in one append. An account that grew beyond what an append holds could never be closed, so a
 * command that would let it is refused. Usage adds lines of a bill, and is never refused for them.
 */
import { type Account, isClosed, type Pack } from './account.ts';
import { tooLarge } from './bounds.ts';
import type { Calendar, Instant } from './calendar.ts';
import type { Decision } from './decider.ts';
import type { AccountEvent } from './events.ts';
import { fold } from './evolve.ts';

/** Bytes of what a close carries; an append has 1 MiB, and lines, counts and freezes need some of it. */
export const CARRIED_MAX = 896 * 1024;
/** Packs that may expire at one instant: with their notices of it, that is one append too. */
export const EXPIRING_MAX = 1_200;
/** Fewer things than these are never too large: nothing is measured. */
const SURELY_FEW = 100;

/** What a text of JSON has beside the values in it: a pack carried, its lot, and a pack on the bill of its purchase. */
const PACK_BYTES = '["",],'.length;
const LOT_BYTES =
  '{"product":"","edition":"","pool":"","size":,"price":"","purchasedAt":,"expiresAt":,"void":false,"packs":[]},'
    .length;
const BOUGHT_BYTES = '{"pack":"","pool":"","size":,"price":""},'.length;
const INSTANT_BYTES = 14;
/** UTF-8 of one character of JSON text, at the most. */
const CHARACTER_BYTES = 3;

/** Bytes that a close would carry, at the most. */
export const carriedBytes = (account: Account, calendar: Calendar): number => {
  const { packs, credits, disputes, contracts } = account;
  const reasons = Object.values(account.months).map((month) => month.closed?.changes ?? {});
  const texts = [credits, disputes, contracts, reasons.flatMap((of) => Object.values(of))];
  // Texts of credits, disputes and reasons are carried in the bill alone or forward alone; prices only forward.
  const bought = (at: Instant) => !isClosed(account, calendar.monthOf(at));
  const groups = Object.values(account.months).map((month) => month.groups);
  let bytes = CHARACTER_BYTES * JSON.stringify(texts).length + JSON.stringify(groups).length;
  for (const [i, pack] of packs.entries()) {
    // Names of packs, pools, products and editions are ASCII.
    const { pack: id, pool, size, price } = pack;
    const same = pool.length + digits(size) + price.length;
    bytes += PACK_BYTES + id.length + digits(pack.left);
    if (bought(pack.purchasedAt)) bytes += BOUGHT_BYTES + id.length + same;
    if (!isOfOneLot(packs[i - 1], pack))
      bytes += LOT_BYTES + same + pack.product.length + pack.edition.length + 2 * INSTANT_BYTES;
  }
  return bytes;
};

const digits = (count: number): number => String(count).length;

/** Whether a close carries a pack together with the one before it: they differ in their ids and calls left alone. */
const isOfOneLot = (before: Pack | undefined, pack: Pack): boolean =>
  before !== undefined &&
  before.purchasedAt === pack.purchasedAt &&
  before.expiresAt === pack.expiresAt &&
  before.pool === pack.pool &&
  before.size === pack.size &&
  before.price === pack.price &&
  before.edition === pack.edition &&
  before.void === pack.void;

/** A decision, or the refusal of one that would let an account grow beyond what its close can carry. */
export const unlessTooMuch = (
  account: Account,
  decision: Decision<AccountEvent>,
  calendar: Calendar,
): Decision<AccountEvent> => {
  if (decision.outcome === 'refused' || decision.events.length === 0 || isSmall(account)) return decision;
  const after = fold(account, decision.events);
  if (after === null) return decision;
  const bytes = carriedBytes(after, calendar);
  if (bytes <= CARRIED_MAX || bytes <= carriedBytes(account, calendar)) return decision;
  const what = `what the account carries into its next close (packs, credits, disputes, prices, reasons) would have more than ${CARRIED_MAX} bytes`;
  return tooLarge('account', what, CARRIED_MAX);
};

const isSmall = ({ packs, credits, disputes, contracts, months }: Account): boolean => {
  let things = packs.length + credits.length + disputes.length + contracts.length;
  for (const { closed } of Object.values(months))
    for (const why of Object.values(closed?.changes ?? {})) things += why.length;
  return things < SURELY_FEW;
};

/** Packs with a notice or an expiry still due at an instant. */
export const expiringAt = (account: Account, expiresAt: Instant): number =>
  account.packs.reduce((n, pack) => n + (pack.expiresAt === expiresAt && !pack.void ? 1 : 0), 0);
