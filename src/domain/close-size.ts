/**
 * The size of an account's close. Packs, credits, disputes, prices and reasons are on the bill or carried forward, all
 * in one append. An account too large for one append could never be closed, so a command that would make it so is
 * refused. Usage only adds bill lines and is never refused for size.
 */
import { type Account, isClosed, type Pack } from './account.ts';
import { tooLarge } from './bounds.ts';
import type { Calendar, Instant } from './calendar.ts';
import type { Decision } from './decision.ts';
import type { AccountEvent } from './events.ts';
import { fold } from './evolve.ts';

/** Limit in bytes. An append holds 1 MiB; the rest is for lines, counts and freezes. */
const CARRIED_MAX = 896 * 1024;
/** Limit on packs that expire at the same instant; they and their notices are one append. */
export const EXPIRING_MAX = 1_200;
/** An account with fewer items than this is never too large, and is not measured. */
const SURELY_FEW = 100;

/** JSON overhead in bytes, without the values: of a carried pack, its lot, and a pack on the bill of its purchase. */
const PACK_BYTES = '["",],'.length;
const LOT_BYTES =
  '{"product":"","edition":"","pool":"","size":,"price":"","purchasedAt":,"expiresAt":,"void":false,"packs":[]},'
    .length;
const BOUGHT_BYTES = '{"pack":"","pool":"","size":,"price":""},'.length;
const GRANTED_BYTES = ',"granted":true'.length;
const RETURNED_BYTES = ',"returned":'.length;
const INSTANT_BYTES = 14;
/** Upper bound on the UTF-8 bytes of one UTF-16 code unit. */
const CHARACTER_BYTES = 3;

/** Upper bound on the bytes that a close would carry. */
export const carriedBytes = (account: Account, calendar: Calendar): number => {
  const { packs, credits, disputes, contracts } = account;
  const reasons = Object.values(account.months).map((month) => month.closed?.changes ?? {});
  const texts = [credits, disputes, contracts, reasons.flatMap((of) => Object.values(of))];
  // Credits, disputes and reasons are either on the bill or carried forward, never both; prices are carried forward.
  const bought = (at: Instant) => !isClosed(account, calendar.monthOf(at));
  const groups = Object.values(account.months).map((month) => month.groups);
  let bytes = CHARACTER_BYTES * JSON.stringify(texts).length + JSON.stringify(groups).length;
  for (const [i, pack] of packs.entries()) {
    // Names of packs, pools, products and editions are ASCII.
    const { pack: id, pool, size, price } = pack;
    const same = pool.length + digits(size) + price.length;
    bytes += PACK_BYTES + id.length + digits(pack.left);
    if (pack.returned !== undefined) bytes += bought(pack.returned) ? BOUGHT_BYTES + id.length + same : 0;
    if (bought(pack.purchasedAt)) bytes += BOUGHT_BYTES + id.length + same;
    if (!isOfOneLot(packs[i - 1], pack))
      bytes +=
        LOT_BYTES + same + pack.product.length + pack.edition.length + 2 * INSTANT_BYTES + endBytes(pack);
  }
  return bytes;
};

/** Of the members that a pack has only if it was granted or returned. */
const endBytes = ({ granted, returned }: Pack): number =>
  (granted ? GRANTED_BYTES : 0) + (returned === undefined ? 0 : RETURNED_BYTES + INSTANT_BYTES);

const digits = (count: number): number => String(count).length;

/** Whether a close stores a pack in the same lot as the previous one: they differ only in id and calls left. */
const isOfOneLot = (before: Pack | undefined, pack: Pack): boolean =>
  before !== undefined &&
  before.purchasedAt === pack.purchasedAt &&
  before.expiresAt === pack.expiresAt &&
  before.pool === pack.pool &&
  before.size === pack.size &&
  before.price === pack.price &&
  before.edition === pack.edition &&
  before.void === pack.void &&
  before.granted === pack.granted &&
  before.returned === pack.returned;

/** The decision, or a refusal if it would make the account too large for its next close. */
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

/** Number of unvoided packs that expire at an instant. */
export const expiringAt = (account: Account, expiresAt: Instant): number =>
  account.packs.reduce((n, pack) => n + (pack.expiresAt === expiresAt && !pack.void ? 1 : 0), 0);
