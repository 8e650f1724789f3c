/** Limits of an account: what it may spend, and what its holder is notified of (price-books.md, "Limits"). */
import type { Month } from './calendar.ts';
import type { Money } from './money.ts';

export interface Limits {
  /** Yuan in a calendar month from which on nothing more is entitled to be post-paid; null: none. */
  readonly spend: Money | null;
  /** Shares of `spend` that are notified when they are reached. */
  readonly notifyAt: readonly string[];
  /** Yuan below which the available balance is notified; null: none. */
  readonly lowBalance: Money | null;
}

export interface AccountLimits extends Limits {
  /** The shares notified in a month, since the limits were set. */
  readonly told: { readonly month: Month; readonly shares: readonly string[] } | null;
}
