/** When a month closes automatically: a set moment from the 1st to the 3rd of the next month (rules.md, section 7). */
import { type Calendar, type Instant, type Month, nextMonth } from './calendar.ts';

export interface CloseAt {
  /** Day of the month after the one that is closed. */
  readonly day: number;
  /** Milliseconds since that day's first instant. */
  readonly after: number;
}

/** The instant at which a month closes automatically, in the calendar's zone. */
export const closeMoment = (calendar: Calendar, month: Month, { day, after }: CloseAt): Instant =>
  calendar.daysAfter(calendar.startOf(nextMonth(month)), day - 1) + after;
