/**
 * A ledger as NDJSON: one event a line, in global order, with its seal and its records. Header, data and record lines
 * are the stored texts verbatim, as JSON values.
 */

import { Buffer } from 'node:buffer';
import { StoredEventUnreadable } from '../codec/event-codec.ts';
import type { EventStore, RecordedEvent } from '../eventstore/event-store.ts';
import { hashAt } from '../eventstore/hash-at.ts';
import { eventsOf, logPages } from '../eventstore/reading.ts';
import { recordLines } from '../integrity/record-block.ts';
import { hexOf, isSealedOnto } from '../integrity/seal-events.ts';
import { ENDS, withEnd } from './ledger-end.ts';

const FIRST = '{"position":"1",';

/** The line of an event, with line end; `position` is the position to write. */
export const eventLine = (event: RecordedEvent, position: string): string => {
  const { stream, revision, header, data, records, hash } = event;
  const lines = records ? `"records":[${recordLines(records).join(',')}],` : '';
  return `{"position":"${position}","stream":${JSON.stringify(stream)},"revision":${revision},"header":${header},"data":${data},${lines}"hash":"${hexOf(hash)}"}\n`;
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
      await check(event);
      count += 1;
      const line = eventLine(event, String(count));
      yield count === 1 ? line.replace(FIRST, `$&${ENDS}`) : line;
    }
  }
}

/** Streams whose last hash is kept; of others it is read again. */
const STREAMS_KEPT = 100_000;

const sealCheck = (store: EventStore) => {
  const last = new Map<string, Uint8Array>();
  return async (event: RecordedEvent): Promise<void> => {
    const { stream, revision, hash } = event;
    let previous = last.get(stream) ?? null;
    if (previous === null && revision > 0) {
      const before = await hashAt(store, stream, revision - 1);
      previous = before === null ? null : Buffer.from(before, 'hex');
    }
    if (!holds(previous, event)) throw new StoredEventUnreadable({ stream, revision }, NOT_SEALED);
    if (last.size >= STREAMS_KEPT) last.clear();
    last.set(stream, hash);
  };
};

/** A damaged block of records cannot even be unpacked. */
const holds = (previous: Uint8Array | null, event: RecordedEvent): boolean => {
  try {
    return isSealedOnto(previous, event);
  } catch {
    return false;
  }
};

const NOT_SEALED = 'it is not what was sealed (suanpan verify --store shows everything that is wrong)';

/** The events of one stream as lines; such a file is for reading and cannot be loaded. */
export async function* streamLines(store: EventStore, stream: string): AsyncGenerator<string> {
  for await (const event of eventsOf(store, stream, { records: true }))
    yield eventLine(event, event.position);
}
