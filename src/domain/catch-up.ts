/**
 * How far an account lies behind an instant: what would happen by itself, all at once, if it lived on until then. After
 * a downtime that is wanted; after a start with a wrong clock it would bill and forfeit irrevocably.
 */
import type { Account } from './account.ts';
import { type Calendar, type Instant, type Month, nextMonth } from './calendar.ts';
import type { Catalogue } from './catalogue.ts';
import { type CloseAt, closeMoment } from './close-moment.ts';
import { nextToClose } from './next-close.ts';
import { nextDue } from './pass-time.ts';

/** What may happen by itself at once without being asked for. */
export interface CatchUpLimit {
  /** When months close by themselves; null: never, then only what else falls due counts. */
  readonly closeAt: CloseAt | null;
  /** Closes of one account. */
  readonly closes: number;
  /** Milliseconds between what is due and now; what is due exactly so long is within. */
  readonly span: number;
}

export interface Lag {
  /** The instant up to which the account has lived. */
  readonly since: Instant;
  /** The month that would be closed first, and how many would be. */
  readonly next: Month;
  readonly closes: number;
  /** Whether something else than a close has been due for too long. */
  readonly isOverdue: boolean;
}

/** By how much living until an instant would go beyond the limit; null where it would not. */
export const lagBeyond = (
  account: Account,
  at: Instant,
  limit: CatchUpLimit,
  { calendar, catalogue }: { readonly calendar: Calendar; readonly catalogue: Catalogue },
): Lag | null => {
  const { clock } = account;
  const isOverdue = at - clock > limit.span && nextDue(account, calendar, catalogue) < at - limit.span;
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
  // Months closed at their moments lie at least so far apart: most accounts need no calendar.
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
