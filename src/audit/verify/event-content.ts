/** Verifies the content of a sealed event: it can be decoded, and its sums match its records. */
import { decodeEvent, decodeRecords, type Recorded } from '../../codec/event-codec.ts';
import { type Calendar, instantOf, type Month } from '../../domain/calendar.ts';
import type { CallsMetered } from '../../domain/events.ts';
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
  for (const { record, payment } of records) {
    const key = keyOf(record.interface, calendar.dayOf(record.time));
    const sum = sums.get(key) ?? [0, 0, 0, 0];
    sum[0] += 1;
    sum[1] += record.calls;
    sum[2] += payment.free;
    sum[3] += payment.runs.reduce((n, [, calls]) => n + calls, 0);
    sums.set(key, sum);
  }
  for (const { interface: id, day, records: count, calls, free, packs } of data.usage) {
    const key = keyOf(id, day);
    const expected = JSON.stringify(sums.get(key) ?? null);
    const found = JSON.stringify([count, calls, free, packs]);
    if (expected !== found) yield [`data.usage of ${id} on ${day}`, expected, found];
    sums.delete(key);
  }
  for (const [key, sum] of sums) yield [`data.usage ${key}`, JSON.stringify(sum), 'nothing'];
  if (instantOf(data.base) > (records[0]?.record.time ?? Number.POSITIVE_INFINITY)) {
    yield ['data.base', 'the earliest time', data.base];
  }
}

/** JSON of the pair, which is unambiguous, unlike a joined text. */
const keyOf = (interfaceId: string, day: string): string => JSON.stringify([interfaceId, day]);
