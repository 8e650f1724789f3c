/**
 * The whole store read once: every event's payload digest, id and hash, the chain of every stream, and that the sums
 * of a CallsMetered event are those of its records; where the engine keeps the order of all events, that too. Finds any
 * flipped byte, deleted, inserted or swapped event; a cut end, a missing stream and a re-hashed suffix are found from the
 * log of checkpoints, and from checkpoints kept elsewhere also where that was rewritten too (`verify-log.ts`).
 */

import type { Checkpoint } from '../checkpoint/note.ts';
import type { Recorded } from '../codec/event-codec.ts';
import { decodeEvent, decodeHeader, decodeRecords } from '../codec/event-codec.ts';
import { type Calendar, instantOf } from '../domain/calendar.ts';
import type { CallsMetered } from '../domain/events.ts';
import { decodeSide } from '../ledger/side-codec.ts';
import type { SideEvent } from '../ledger/side-events.ts';
import {
  comparePositions,
  type EventStore,
  type Position,
  type RecordedEvent,
} from '../store/event-store.ts';
import { NO_PLACE, placeAfter } from '../store/place.ts';
import { recordLines } from '../store/record-block.ts';
import { NO_PREVIOUS, payloadDigest, sealOf } from '../store/seal.ts';
import { hexOf } from '../store/sealing.ts';
import { openLogCheck } from './verify-log.ts';

export interface Finding {
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;
  readonly what: string;
  readonly expected: string;
  readonly found: string;
}

export interface Verified {
  readonly events: number;
  readonly records: number;
  readonly streams: number;
  /** Checkpoints kept elsewhere that the log still holds. */
  readonly checkpoints: number;
  readonly findings: readonly Finding[];
}

const PAGE = 256;
const MOST = 100;

/** Verifies every event; at constant memory but for one head a stream. */
export const verifyStore = async (
  store: EventStore,
  calendar: Calendar,
  onProgress: (events: number) => void,
  kept: readonly Checkpoint[] = [],
): Promise<Verified> => {
  const heads = new Map<string, { length: number; hash: string }>();
  const findings: Finding[] = [];
  const log = openLogCheck(
    store,
    (stream) => heads.get(stream),
    kept,
    ({ stream, revision }, what, expected, found) => {
      const finding = { stream, revision, position: after ?? '0', what, expected, found };
      if (findings.length < MOST) findings.push(finding);
    },
  );
  let after: Position | null = null;
  let place = NO_PLACE;
  let events = 0;
  let records = 0;
  for (;;) {
    const page: RecordedEvent[] = await store.readAll({ after, limit: PAGE, records: true });
    if (page.length === 0) break;
    for (const event of page) {
      const head = heads.get(event.stream) ?? { length: 0, hash: NO_PREVIOUS };
      const found = checked(event, head, { after, place }, calendar);
      if (findings.length < MOST) findings.push(...found.findings);
      records += found.records;
      if (found.side) await log.add(found.side, event.revision);
      heads.set(event.stream, { length: event.revision + 1, hash: hexOf(event.hash) });
      after = event.position;
      place = event.place ?? place;
    }
    events += page.length;
    onProgress(events);
  }
  log.end();
  return { events, records, streams: heads.size, checkpoints: log.met(), findings };
};

interface Checked {
  readonly findings: Finding[];
  readonly records: number;
  /** What a side stream's event says. */
  readonly side: SideEvent | null;
}

const checked = (
  event: RecordedEvent,
  head: { length: number; hash: string },
  { after, place }: { after: Position | null; place: Uint8Array },
  calendar: Calendar,
): Checked => {
  const { stream, revision, position, header, data } = event;
  const findings: Finding[] = [];
  const differs = (what: string, expected: string, found: string) =>
    findings.push({ stream, revision, position, what, expected, found });
  if (revision !== head.length) differs('revision', String(head.length), String(revision));
  if (comparePositions(position, after) <= 0) differs('position', `one behind ${after}`, position);
  if (event.place) {
    // Who keeps places counts positions: a gap shows the end of a stream that was cut off.
    const next = after === null ? '1' : String(Number(after) + 1);
    if (position !== next) differs('position', next, position);
    const expected = hexOf(placeAfter(place, event.hash));
    if (hexOf(event.place) !== expected) differs('place', expected, hexOf(event.place));
  }
  let lines: string[] | null = null;
  try {
    lines = event.records ? recordLines(event.records) : null;
  } catch (error) {
    differs('records', 'a block that unpacks', messageOf(error));
    return { findings, records: 0, side: null };
  }
  const payload = payloadDigest(data, lines);
  const { hash } = sealOf({ previous: head.hash, stream, revision, header, payload });
  if (hash !== hexOf(event.hash)) differs('hash', hash, hexOf(event.hash));
  try {
    return { findings, ...checkContent(event, lines, calendar, differs) };
  } catch (error) {
    differs('content', 'an event that can be read', messageOf(error));
    return { findings, records: 0, side: null };
  }
};

const checkContent = (
  event: RecordedEvent,
  lines: readonly string[] | null,
  calendar: Calendar,
  differs: (what: string, expected: string, found: string) => void,
): Pick<Checked, 'records' | 'side'> => {
  if (!event.stream.startsWith('account-')) return { records: 0, side: decodeSide(event) };
  const fact = decodeEvent(event, decodeHeader(event));
  if (fact.type !== 'CallsMetered') {
    if (lines) differs('records', 'none', `${lines.length} lines`);
    return { records: 0, side: null };
  }
  const records = decodeRecords(event, fact.data, lines ?? []);
  for (const [what, expected, found] of sumsDiffering(fact.data, records, calendar))
    differs(what, expected, found);
  return { records: records.length, side: null };
};

/** Sums against records: the number of records, and calls and payers by interface and day. */
function* sumsDiffering(
  data: CallsMetered,
  records: readonly Recorded[],
  calendar: Calendar,
): Generator<[what: string, expected: string, found: string]> {
  if (records.length !== data.records) yield ['data.records', String(records.length), String(data.records)];
  const sums = new Map<string, [records: number, calls: number, free: number, packs: number]>();
  for (const { record, payment } of records) {
    const key = `${record.interface} ${calendar.dayOf(record.time)}`;
    const sum = sums.get(key) ?? [0, 0, 0, 0];
    sum[0] += 1;
    sum[1] += record.calls;
    sum[2] += payment.free;
    sum[3] += payment.runs.reduce((n, [, calls]) => n + calls, 0);
    sums.set(key, sum);
  }
  for (const { interface: id, day, records: count, calls, free, packs } of data.usage) {
    const key = `${id} ${day}`;
    const expected = JSON.stringify(sums.get(key) ?? null);
    const found = JSON.stringify([count, calls, free, packs]);
    if (expected !== found) yield [`data.usage ${key}`, expected, found];
    sums.delete(key);
  }
  for (const [key, sum] of sums) yield [`data.usage ${key}`, JSON.stringify(sum), 'nothing'];
  if (instantOf(data.base) > (records[0]?.record.time ?? Number.POSITIVE_INFINITY)) {
    yield ['data.base', 'the earliest time', data.base];
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
