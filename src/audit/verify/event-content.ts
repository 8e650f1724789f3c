/** Verifies the content of a sealed event: it can be decoded, and its sums match its records. */
import { decodeEvent, decodeRecords, type Recorded } from '../../codec/event-codec.ts';
import { packCalls } from '../../domain/account.ts';
import { type Calendar, instantOf, type Month } from '../../domain/calendar.ts';
import { unitsOf } from '../../domain/charging.ts';
import type { CallsMetered, UsageSum } from '../../domain/events.ts';
import type { RecordedEvent } from '../../eventstore/event-store.ts';
import { accountOf } from '../../eventstore/stream-names.ts';
import { checkBook } from '../../ledger/system/catalogue.ts';
import { decodeForCheck } from '../../ledger/system/codec.ts';
import type { SystemEvent } from '../../ledger/system/events.ts';

export type Differs = (what: string, expected: string, found: string) => void;

export interface Content {
  readonly records: readonly Recorded[];
  /** Changes of months' calls. */
  readonly months: ReadonlyMap<Month, number>;
  /** The decoded event of a system stream; null for refused usage, which is only checked for readability. */
  readonly side: SystemEvent | null;
}

const NOTHING: Content = { records: [], months: new Map(), side: null };

/** The content of an event. Throws if it cannot be decoded; calls `differs` for each contradiction. */
export const contentOf = (
  event: RecordedEvent,
  lines: readonly string[] | null,
  calendar: Calendar,
  differs: Differs,
): Content => {
  if (accountOf(event.stream) === null) {
    const side = decodeForCheck(event);
    checkBook(event, side);
    return { ...NOTHING, side };
  }
  const decoded = decodeEvent(event);
  if (decoded.type !== 'CallsMetered') {
    if (lines) differs('records', 'none', `${lines.length} lines`);
    if (decoded.type !== 'UsageCorrected') return NOTHING;
    const { day, from, to } = decoded.data;
    return { ...NOTHING, months: new Map([[day.slice(0, 7), to - from]]) };
  }
  const records = decodeRecords(event, decoded.data, lines ?? []);
  for (const [what, expected, found] of sumsDiffering(decoded.data, records, calendar))
    differs(what, expected, found);
  const months = new Map<Month, number>();
  for (const { record } of records) {
    const month = calendar.monthOf(record.time);
    months.set(month, (months.get(month) ?? 0) + record.calls);
  }
  return { records, months, side: null };
};

/** Compares sums with records: the number of records, and calls and payers by interface and day. */
function* sumsDiffering(
  data: CallsMetered,
  records: readonly Recorded[],
  calendar: Calendar,
): Generator<[what: string, expected: string, found: string]> {
  if (records.length !== data.records) yield ['data.records', String(records.length), String(data.records)];
  const sums = new Map<string, [records: number, calls: number, free: number, packs: number]>();
  const measures = measuresOf(data);
  for (const { record, payment } of records) {
    const day = calendar.dayOf(record.time);
    // Every measure of the interface has a sum; one without units is in no payment of the record.
    for (const measure of measures.get(record.interface) ?? NO_MEASURES) {
      const part = payment.parts.find((one) => one.measure === measure);
      const key = keyOf(record.interface, day, measure);
      const sum = sums.get(key) ?? [0, 0, 0, 0];
      sum[0] += 1;
      sum[1] += unitsOf(record, measure);
      sum[2] += part?.free ?? 0;
      sum[3] += part ? packCalls(part) : 0;
      sums.set(key, sum);
    }
  }
  for (const [key, { interface: id, measure, day, records: count, calls, free, packs }] of summed(data)) {
    const expected = JSON.stringify(sums.get(key) ?? null);
    const found = JSON.stringify([count, calls, free, packs]);
    const of = measure === undefined ? id : `${id} ${measure}`;
    if (expected !== found) yield [`data.usage of ${of} on ${day}`, expected, found];
    sums.delete(key);
  }
  for (const [key, sum] of sums) yield [`data.usage ${key}`, JSON.stringify(sum), 'nothing'];
  if (instantOf(data.base) > (records[0]?.record.time ?? Number.POSITIVE_INFINITY)) {
    yield ['data.base', 'the earliest time', data.base];
  }
}

/** The measures that the sums name, by interface; null for one that counts calls. */
const measuresOf = ({ usage }: CallsMetered): ReadonlyMap<string, ReadonlySet<string | null>> => {
  const measures = new Map<string, Set<string | null>>();
  for (const { interface: id, measure = null } of usage) {
    const own = measures.get(id) ?? new Set();
    measures.set(id, own.add(measure));
  }
  return measures;
};
const NO_MEASURES: ReadonlySet<string | null> = new Set([null]);

/** The sums by interface, day and measure, those of several classes together. */
const summed = ({ usage }: CallsMetered): ReadonlyMap<string, UsageSum> => {
  const sums = new Map<string, UsageSum>();
  for (const sum of usage) {
    const own = keyOf(sum.interface, sum.day, sum.measure ?? null);
    // Only sums of several classes are added up: another one of the same is a contradiction.
    const key = sum.class === undefined && sums.has(own) ? `${own} again` : own;
    const before = sums.get(key);
    sums.set(
      key,
      before
        ? {
            ...sum,
            records: before.records + sum.records,
            calls: before.calls + sum.calls,
            free: before.free + sum.free,
            packs: before.packs + sum.packs,
          }
        : sum,
    );
  }
  return sums;
};

/** JSON of the parts, which is unambiguous, unlike a joined text. */
const keyOf = (interfaceId: string, day: string, measure: string | null): string =>
  JSON.stringify(measure === null ? [interfaceId, day] : [interfaceId, day, measure]);
