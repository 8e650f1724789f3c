/**
 * The free units of a pool in a month, or in a day where its allowance is one of each day (rules.md, section 4;
 * price-books.md, "Allowances"); points, where the pool has weights. How a bill shows them, as a voucher too:
 * `rating.ts`.
 */
import { type Account, activatedAt, freePoints, groupKey, type MonthTally, type Place } from './account.ts';
import type { Calendar, Month } from './calendar.ts';
import { indexOf } from './catalogue.ts';
import type { PriceBook } from './price-book.ts';

/**
 * What a pool of a book is granted in a month (on each of its days, where it is one of each day): none before the
 * product's activation, and none in the month of the activation where the book says so. An interface without a pool
 * has none.
 */
export const granted = (
  account: Account,
  calendar: Calendar,
  book: PriceBook,
  month: Month,
  pool: string,
): number => {
  const since = activatedAt(account, book.product);
  if (since === undefined) return 0;
  const first = calendar.monthOf(since);
  if (month < first || (month === first && !book.allowance.inFirstMonth)) return 0;
  return indexOf(book).pools.get(pool)?.allowance?.calls ?? book.allowance.calls;
};

/** What was used of the allowance of a pool, in a month or on a day. */
export const usedFree = (
  tally: MonthTally | undefined,
  { pool, shared, day }: Pick<Place, 'pool' | 'shared' | 'day'>,
): number => {
  if (!tally || pool === null) return 0;
  if (!shared) {
    // A pool in one meter is counted in one group, whose key does not name the meter.
    const group = tally.groups[groupKey({ pool, meter: '', ...(day === undefined ? {} : { day }) })];
    return group ? freePoints(group) : 0;
  }
  return Object.values(tally.groups).reduce(
    (sum, group) => sum + (group.pool === pool && group.day === day ? freePoints(group) : 0),
    0,
  );
};
