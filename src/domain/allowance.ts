/** The free calls of a pool in a month (rules.md, section 4). How a bill shows them, as a voucher too: `rating.ts`. */
import { type Account, activatedAt, type Group } from './account.ts';
import type { Calendar, Month } from './calendar.ts';
import type { PriceBook } from './price-book.ts';

/**
 * Free calls granted to each pool of a book in a month: none before the product's activation, and none in the month
 * of the activation where the book says so. An interface without a pool has none.
 */
export const granted = (account: Account, calendar: Calendar, book: PriceBook, month: Month): number => {
  const since = activatedAt(account, book.product);
  if (since === undefined) return 0;
  const first = calendar.monthOf(since);
  if (month < first || (month === first && !book.allowance.inFirstMonth)) return 0;
  return book.allowance.calls;
};

/** Unused free calls of a group; `grant` is the pool's allowance of that month. */
export const freeLeft = (group: Group | undefined, grant: number): number =>
  Math.max(0, grant - (group?.free ?? 0));
