/**
 * Limits on counts and amounts, so that every sum in an event, a view or a bill is exact and readable. Checked when a
 * command is decided; a replay skips them, because its events may be older than the limits.
 */
import { type Account, metered, meteredPoints } from './account.ts';
import type { Instant, Month } from './calendar.ts';
import { indexOf } from './catalogue.ts';
import { type Part, unitsOf } from './charging.ts';
import { refuse } from './decision.ts';
import { exact, type Money } from './money.ts';
import type { Charge } from './payers.ts';
import type { UsageRecord } from './usage.ts';

/** Calls (or images submitted) of one record. */
export const RECORD_CALLS_MAX = 1_000_000_000_000;
/** Limit on an account's calls in a month, and on the summed sizes of its unexpired packs: 2^53 − 1. */
export const SUM_MAX = Number.MAX_SAFE_INTEGER;
/** Limit on the integer digits of a balance. */
export const BALANCE_DIGITS = 18;

const BALANCE_END = exact(`1${'0'.repeat(BALANCE_DIGITS)}`);

/** Whether a record's count exceeds the limit of one record. */
export const isRecordTooLarge = ({ calls, submitted, quantities }: UsageRecord): boolean =>
  quantities
    ? Object.values(quantities).some(isCountTooLarge)
    : isCountTooLarge(calls) || isCountTooLarge(submitted ?? 0);

const isCountTooLarge = (count: number): boolean => Number.isInteger(count) && count > RECORD_CALLS_MAX;

/** All calls that an account recorded in a month, paid for by any means, charged or not. */
export const monthCalls = (account: Account, month: Month): number => {
  const tally = Object.hasOwn(account.months, month) ? account.months[month] : undefined;
  if (!tally) return 0;
  return Object.values(tally.groups).reduce((sum, group) => sum + metered(group), tally.uncharged ?? 0);
};

/** Points of all units that an account recorded in a month in the places of a pool. */
const monthPoints = (account: Account, month: Month, pool: string): number => {
  const groups = Object.hasOwn(account.months, month) ? account.months[month]?.groups : undefined;
  return Object.values(groups ?? {}).reduce(
    (sum, group) => sum + (group.pool === pool ? meteredPoints(group) : 0),
    0,
  );
};

/** A record, and the parts of its class. */
export interface Parted {
  readonly record: UsageRecord;
  readonly parts: readonly Part[];
}

/** The points of a record in each pool whose units have weights, also of units that take one; by any payer. */
const pointsIn = ({ book }: Pick<Charge, 'book'>, { record, parts }: Parted): Map<string, number> => {
  const points = new Map<string, number>();
  const { weighted } = indexOf(book);
  if (weighted.size === 0) return points;
  for (const { measure, pool, weight } of parts)
    if (pool !== null && weighted.has(pool))
      points.set(pool, (points.get(pool) ?? 0) + unitsOf(record, measure) * weight);
  return points;
};

/** Whether the points of each pool stay within their limit in the month of a record that is corrected. */
export const hasPointRoom = (
  account: Account,
  charge: Charge,
  current: Parted,
  corrected: Parted,
): boolean => {
  const before = pointsIn(charge, current);
  return [...pointsIn(charge, corrected)].every(
    ([pool, points]) =>
      points - (before.get(pool) ?? 0) <= SUM_MAX - monthPoints(account, charge.month, pool),
  );
};

/** Tracks how much a batch may still add to each month of an account, and to each of its pools with weights. */
export class Room {
  readonly #account: Account;
  readonly #units = new Map<Month, number>();
  readonly #points = new Map<string, number>();

  constructor(account: Account) {
    this.#account = account;
  }

  /** Adds a record to a month. Returns false, and adds nothing, where a sum would exceed its limit. */
  take(charge: Charge, { record, parts }: Parted): boolean {
    const { month } = charge;
    let units = 0;
    for (const { measure } of parts) units += unitsOf(record, measure);
    const left = (this.#units.get(month) ?? SUM_MAX - monthCalls(this.#account, month)) - units;
    if (left < 0) return false;
    const pools: [key: string, left: number][] = [];
    for (const [pool, more] of pointsIn(charge, { record, parts })) {
      const key = `${month} ${pool}`;
      const rest = (this.#points.get(key) ?? SUM_MAX - monthPoints(this.#account, month, pool)) - more;
      if (rest < 0) return false;
      pools.push([key, rest]);
    }
    this.#units.set(month, left);
    for (const [key, rest] of pools) this.#points.set(key, rest);
    return true;
  }
}

/** The summed sizes (as bought) of an account's packs that are neither void nor expired. */
export const livingPackCalls = (account: Account, at: Instant): number =>
  account.packs.reduce((sum, pack) => sum + (pack.void || pack.expiresAt <= at ? 0 : pack.size), 0);

/** Whether an account can buy packs of a size and the sum of its packs stays exact. */
export const hasPackRoom = (account: Account, at: Instant, size: number, quantity: number): boolean =>
  size <= (SUM_MAX - livingPackCalls(account, at)) / quantity;

/** Whether a balance is within the limit on its digits. */
export const isBalanceInBounds = (total: Money): boolean => exact(total).abs().lessThan(BALANCE_END);

/** The refusal of a count or an amount that is too large; `most` is the limit. */
export const tooLarge = (field: string, detail: string, most: number | string) =>
  refuse('quantity_too_large', `${field}: ${detail}`, { field, most });
