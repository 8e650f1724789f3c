/**
 * How far an account lags behind an instant: what would become due, all at once, if time passed until then. After a
 * downtime that is wanted; after a start with a wrong clock it would bill and forfeit irrevocably.
 */
import type { Account } from './account.ts';
import { type Calendar, type Instant, type Month, nextMonth } from './calendar.ts';
import { type CloseAt, closeMoment } from './close-moment.ts';
import type { BillingContext } from './context.ts';
import { nextToClose } from './next-close.ts';
import { nextDue } from './pass-time.ts';

/** How much may be caught up automatically, without an explicit request. */
export interface CatchUpLimit {
  /** When months close automatically; null: never, and closes do not count as due. */
  readonly closeAt: CloseAt | null;
  /** Maximum closes of one account. */
  readonly closes: number;
  /** Maximum milliseconds overdue, inclusive. */
  readonly span: number;
}

export interface Lag {
  /** The account's clock: what was due until then is recorded. */
  readonly since: Instant;
  /** The first month that would be closed, and the number of months. */
  readonly next: Month;
  readonly closes: number;
  /** Whether anything but a close is overdue beyond the limit. */
  readonly isOverdue: boolean;
}

/** The lag of an account whose catch-up to an instant would exceed the limit; null if it would not. */
export const lagBeyond = (
  account: Account,
  at: Instant,
  limit: CatchUpLimit,
  context: BillingContext,
): Lag | null => {
  const { clock } = account;
  const { calendar } = context;
  const isOverdue = at - clock > limit.span && nextDue(account, context) < at - limit.span;
  if (!isOverdue && !closesMoreThan(limit.closes, account, at, limit.closeAt, calendar)) return null;
  const next = nextToClose(account, calendar);
  return { since: clock, next, closes: closesUntil(next, at, limit.closeAt, calendar), isOverdue };
};

const closesMoreThan = (
  count: number,
  account: Account,
  at: Instant,
  closeAt: CloseAt | null,
  calendar: Calendar,
): boolean => {
  if (closeAt === null) return false;
  let month = nextToClose(account, calendar);
  // Cheap check first: for most accounts the next month to close has not begun.
  if (at < calendar.startOf(month)) return false;
  for (let i = 0; i < count; i++) month = nextMonth(month);
  return at >= calendar.startOf(nextMonth(month)) && closeMoment(calendar, month, closeAt) <= at;
};

const closesUntil = (first: Month, at: Instant, closeAt: CloseAt | null, calendar: Calendar): number => {
  if (closeAt === null) return 0;
  let closes = 0;
  for (let month = first; closeMoment(calendar, month, closeAt) <= at; closes++) month = nextMonth(month);
  return closes;
};
