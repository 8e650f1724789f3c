/**
 * A ledger as NDJSON: one event a line, in global order, with its seal and its records. Header, data and record lines
 * are the stored texts verbatim, as JSON values.
 */

import { Buffer } from 'node:buffer';
import { decodeEvent, decodeRecords, StoredEventUnreadable } from '../codec/event-codec.ts';
import { linesIn, linesOf } from '../codec/stored-records.ts';
import type { EventStore, RecordedEvent } from '../eventstore/event-store.ts';
import { hashAt } from '../eventstore/hash-at.ts';
import { eventsOf, logPages, typeOf } from '../eventstore/reading.ts';
import { hexOf, isSealedOnto } from '../integrity/seal-events.ts';
import { ENDS, withEnd } from './ledger-end.ts';

const FIRST = '{"position":"1",';

/** The line of an event with its record lines, and a line end; `position` is the position to write. */
const eventLine = (event: RecordedEvent, position: string, lines: readonly string[] | null): string => {
  const { stream, revision, header, data, hash } = event;
  const records = lines ? `"records":[${lines.join(',')}],` : '';
  return `{"position":"${position}","stream":${JSON.stringify(stream)},"revision":${revision},"header":${header},"data":${data},${records}"hash":"${hexOf(hash)}"}\n`;
};

/**
 * The lines of a ledger, with trailer. Positions are counted from 1, as in an embedded ledger. Throws
 * StoredEventUnreadable at an event that is not what was sealed: a file that cannot be loaded is not written.
 */
export const ledgerLines = (store: EventStore): AsyncGenerator<string> => withEnd(eventLines(store));

async function* eventLines(store: EventStore): AsyncGenerator<string> {
  let count = 0;
  const check = sealCheck(store);
  for await (const page of logPages(store, { records: true })) {
    for (const event of page) {
      const lines = await check(event);
      count += 1;
      const line = eventLine(event, String(count), lines);
      yield count === 1 ? line.replace(FIRST, `$&${ENDS}`) : line;
    }
  }
}

/** Streams whose last hash is kept; of others it is read again. */
const STREAMS_KEPT = 100_000;

/** Returns a function that resolves to the record lines of an event that is what was sealed. */
const sealCheck = (store: EventStore) => {
  const last = new Map<string, Uint8Array>();
  return async (event: RecordedEvent): Promise<readonly string[] | null> => {
    const { stream, revision, hash } = event;
    let previous = last.get(stream) ?? null;
    if (previous === null && revision > 0) {
      const before = await hashAt(store, stream, revision - 1);
      previous = before === null ? null : Buffer.from(before, 'hex');
    }
    const lines = linesIn(event);
    if (!isSealedOnto(previous, event, lines))
      throw new StoredEventUnreadable({ stream, revision }, NOT_SEALED);
    if (last.size >= STREAMS_KEPT) last.clear();
    last.set(stream, hash);
    return lines;
  };
};

const NOT_SEALED = 'it is not what was sealed (suanpan verify --store shows everything that is wrong)';

/**
 * The events of one stream as lines; such a file is for reading and cannot be loaded. Throws StoredEventUnreadable at
 * records that cannot be read: their lines might not even be JSON.
 */
export async function* streamLines(store: EventStore, stream: string): AsyncGenerator<string> {
  for await (const event of eventsOf(store, stream, { records: true }))
    yield eventLine(event, event.position, readableLines(event));
}

const readableLines = (event: RecordedEvent): readonly string[] | null => {
  if (typeOf(event) !== 'CallsMetered') return linesIn(event);
  const decoded = decodeEvent(event);
  const lines = linesOf(event, decoded);
  if (decoded.type === 'CallsMetered') decodeRecords(event, decoded.data, lines ?? []);
  return lines;
};
