/**
 * Billing time. Instants are milliseconds since the epoch; months (`YYYY-MM`) and days (`YYYY-MM-DD`) are half-open
 * intervals in the billing zone (rules.md, section 7). Temporal provides the zone's rules; offsets are never computed
 * by hand.
 */
import { Temporal } from 'temporal-polyfill';

export type Instant = number;
export type Month = string;
export type Day = string;

export interface Calendar {
  readonly zone: string;
  dayOf(instant: Instant): Day;
  monthOf(instant: Instant): Month;
  /** The time of day, `HH:MM` (seconds are cut off). */
  timeOf(instant: Instant): string;
  /** RFC 3339 in the billing zone, with its offset: how instants are written for people and for spreadsheets. */
  textOf(instant: Instant): string;
  /** The first instant of a month. */
  startOf(month: Month): Instant;
  /** The first instant of a day. */
  startOfDay(day: Day): Instant;
  /** So many months later at the same local time, on the month's last day where it is shorter (rules.md, section 5). */
  monthsAfter(instant: Instant, months: number): Instant;
  /** So many calendar days later (or earlier, if negative) at the same local time. */
  daysAfter(instant: Instant, days: number): Instant;
  /** The first instant of the day after that of an instant. */
  endOfDay(instant: Instant): Instant;
  /** The next full hour strictly after the instant whose local time lies in [from, to], both `HH:MM`. */
  nextHourWithin(instant: Instant, from: string, to: string): Instant;
}

/** In every zone in use, days start and offsets change on this grid, so a slot has one day and one offset. */
const SLOT_MS = 15 * 60_000;
const KEPT = 100_000;
const MINUTE_MS = 60_000;
const MINUTE_NS = 60_000_000_000;
/** Where the time of day begins in RFC 3339. */
const TIME_AT = '2019-01-01T'.length;

/** Remembers what was computed of each key; forgets all of it when there are too many. */
const kept = <Key, Value>(of: (key: Key) => Value): ((key: Key) => Value) => {
  const known = new Map<Key, Value>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined) {
      if (known.size >= KEPT) known.clear();
      value = of(key);
      known.set(key, value);
    }
    return value;
  };
};

/** A calendar of one IANA zone. Throws a RangeError when the zone is unknown. */
export const calendarOf = (zone: string): Calendar => {
  const zoned = (instant: Instant) =>
    Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
  zoned(0);
  const slots = kept((slot: number) => {
    const own = zoned(slot * SLOT_MS);
    return { day: own.toPlainDate().toString(), offset: Math.round(own.offsetNanoseconds / MINUTE_NS) };
  });
  const slotOf = (instant: Instant) => slots(Math.floor(instant / SLOT_MS));
  const dayOf = (instant: Instant): Day => slotOf(instant).day;
  const startOfDay = (day: Day) => Temporal.PlainDate.from(day).toZonedDateTime(zone).epochMilliseconds;
  const shifts = kept((days: number) =>
    kept((instant: Instant) => zoned(instant).add({ days }).epochMilliseconds),
  );
  return {
    zone,
    dayOf,
    monthOf: (instant) => dayOf(instant).slice(0, 7),
    timeOf: (instant) =>
      instantText(instant + slotOf(instant).offset * MINUTE_MS).slice(TIME_AT, TIME_AT + 5),
    textOf: (instant) => {
      const { offset } = slotOf(instant);
      return `${instantText(instant + offset * MINUTE_MS).slice(0, -1)}${offsetText(offset)}`;
    },
    startOfDay,
    startOf: kept((month: Month) => startOfDay(`${month}-01`)),
    monthsAfter: (instant, months) => zoned(instant).add({ months }).epochMilliseconds,
    daysAfter: (instant, days) => shifts(days)(instant),
    endOfDay: (instant) => zoned(instant).add({ days: 1 }).startOfDay().epochMilliseconds,
    nextHourWithin: (instant, from, to) => {
      let hour = zoned(instant).round({ smallestUnit: 'hour', roundingMode: 'floor' }).add({ hours: 1 });
      while (!within(hour.toPlainTime().toString().slice(0, 5), from, to)) hour = hour.add({ hours: 1 });
      return hour.epochMilliseconds;
    },
  };
};

/** `+08:00`, `-03:30`. */
const offsetText = (minutes: number): string => {
  const size = Math.abs(minutes);
  const [hours, rest] = [Math.floor(size / 60), size % 60];
  return `${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
};

const within = (time: string, from: string, to: string): boolean => from <= time && time <= to;

/** The month after. */
export const nextMonth = (month: Month): Month => {
  const count = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7));
  return `${String(Math.floor(count / 12)).padStart(4, '0')}-${String((count % 12) + 1).padStart(2, '0')}`;
};

const DAY_MS = 86_400_000;

/** RFC 3339 in UTC with milliseconds: how instants are written in events and answers. */
export const instantText = (instant: Instant): string => {
  const day = Math.floor(instant / DAY_MS);
  if (day !== lastDay)
    [lastDay, lastDate] = [day, new Date(day * DAY_MS).toISOString().slice(0, -'T00:00:00.000Z'.length)];
  const ms = Math.trunc(instant - day * DAY_MS);
  return `${lastDate}T${TWO[Math.trunc(ms / 3_600_000)]}:${TWO[Math.trunc(ms / 60_000) % 60]}:${TWO[Math.trunc(ms / 1_000) % 60]}.${THREE[ms % 1_000]}Z`;
};
/** Cache of the last day's text: an event has two or three instants, most on the same day as the previous one. */
let lastDay = Number.NaN;
let lastDate = '';
const TWO = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'));
const THREE = Array.from({ length: 1_000 }, (_, n) => String(n).padStart(3, '0'));

/** The instant of a text in an event or response, which was written by `instantText` or validated as input. */
export const instantOf = (text: string): Instant => Date.parse(text);

/** Whether a text names a time zone. */
export const isZone = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
};
