/** Which month of an account closes next: months close in order, from the one in which the account was opened. */
import type { Account } from './account.ts';
import { type Calendar, type Month, nextMonth } from './calendar.ts';

export const nextToClose = (
  { lastClosed, openedAt }: Pick<Account, 'lastClosed' | 'openedAt'>,
  calendar: Calendar,
): Month => (lastClosed === null ? calendar.monthOf(openedAt) : nextMonth(lastClosed));
