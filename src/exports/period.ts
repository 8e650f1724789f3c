/** The period of a report: [from, to), given as instants, or as months or days of the billing zone. */
import type { Calendar, Instant } from '../domain/calendar.ts';
import { nextMonth } from '../domain/calendar.ts';
import { instantFromText } from '../input/instant-text.ts';

/** Half-open; null: unbounded. */
export interface Period {
  readonly from: Instant | null;
  readonly to: Instant | null;
}

export const EVERYTHING: Period = { from: null, to: null };

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MIDNIGHT = 'T00:00:00Z';

/** An invalid period; `field` names the bound. */
export class PeriodMalformed extends RangeError {
  readonly field: string;
  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}

/** The first instant of a month or a day in the billing zone, or the instant itself. Throws PeriodMalformed. */
const boundOf = (calendar: Calendar, field: string, text: string): Instant => {
  if (MONTH.test(text)) return calendar.startOf(text);
  // Rejects a day that does not exist, such as 31 April.
  if (DAY.test(text) && instantFromText(`${text}${MIDNIGHT}`) !== null) return calendar.startOfDay(text);
  // An unescaped plus in a query arrives as a space.
  const at = instantFromText(text.replace(' ', '+'));
  if (at === null)
    throw new PeriodMalformed(field, `${field}: ${text} is not a valid month, day or RFC 3339 instant`);
  return at;
};

export interface PeriodAsked {
  readonly month?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/**
 * The period of a month, or between two bounds. Throws PeriodMalformed if both are given, or it ends before it starts.
 */
export const periodOf = (calendar: Calendar, { month, from, to }: PeriodAsked): Period => {
  if (month !== undefined) {
    if (from !== undefined || to !== undefined)
      throw new PeriodMalformed('month', 'month: a month, or from and to, not both');
    if (!MONTH.test(month))
      throw new PeriodMalformed('month', `month: ${month} is not a valid month, expected YYYY-MM`);
    return { from: calendar.startOf(month), to: calendar.startOf(nextMonth(month)) };
  }
  const start = from === undefined ? null : boundOf(calendar, 'from', from);
  const end = to === undefined ? null : boundOf(calendar, 'to', to);
  if (start !== null && end !== null && end < start) throw new PeriodMalformed('to', 'to: is before from');
  return { from: start, to: end };
};

/** Whether an instant lies within. */
export const within = ({ from, to }: Period, at: Instant): boolean =>
  (from === null || at >= from) && (to === null || at < to);
