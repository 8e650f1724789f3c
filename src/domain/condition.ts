/** Whether a record meets the condition of a class (price-books.md, "The call chooses the price"). */
import type { Calendar } from './calendar.ts';
import type { Condition, QuantityRange, TimeOfDay, Total, Weekday } from './price-book.ts';
import { quantityIn, type UsageRecord } from './usage.ts';

/** Whether all that a condition asks for holds. */
export const holds = (
  condition: Condition,
  record: UsageRecord,
  totals: readonly Total[],
  calendar: Calendar,
): boolean => {
  const { quantities = [], time, attributes = {} } = condition;
  return (
    quantities.every((range) => isWithin(range, quantityOf(record, range.of, totals))) &&
    (time === undefined || isDuring(time, record.time, calendar)) &&
    Object.entries(attributes).every(([name, values]) => values.includes(attributeOf(record, name) ?? ''))
  );
};

/** The quantity of a measure, or of a total of several. */
export const quantityOf = (
  record: Pick<UsageRecord, 'quantities'>,
  id: string,
  totals: readonly Total[],
): number => {
  const { quantities = {} } = record;
  const total = totals.find((one) => one.id === id);
  return (total?.of ?? [id]).reduce((sum, measure) => sum + quantityIn(quantities, measure), 0);
};

const attributeOf = ({ attributes = {} }: UsageRecord, name: string): string | undefined =>
  Object.hasOwn(attributes, name) ? attributes[name] : undefined;

const isWithin = ({ above, upTo }: QuantityRange, quantity: number): boolean =>
  above < quantity && (upTo === null || quantity <= upTo);

/** In the order of Monday to Sunday. */
const WEEKDAYS: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

const isDuring = ({ days, from, to }: TimeOfDay, instant: number, calendar: Calendar): boolean => {
  const time = calendar.timeOf(instant);
  const isPastMidnight = to <= from;
  if (!(isPastMidnight ? time >= from || time < to : from <= time && time < to)) return false;
  if (!days) return true;
  const today = weekdayOf(calendar.dayOf(instant));
  const began = isPastMidnight && time < to ? (today + 6) % WEEKDAYS.length : today;
  return days.includes(WEEKDAYS[began] as Weekday);
};

/** 1 January 1970 was a Thursday. */
const EPOCH_WEEKDAY = 3;
const DAY_MS = 86_400_000;
const weekdayOf = (day: string): number => {
  const days = Date.parse(`${day}T00:00:00Z`) / DAY_MS;
  return (((days + EPOCH_WEEKDAY) % WEEKDAYS.length) + WEEKDAYS.length) % WEEKDAYS.length;
};
