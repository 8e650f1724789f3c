/**
 * A ledger as NDJSON: one event a line, in global order, with its seal and its records. Header, data and record lines
 * are the stored texts verbatim, as JSON values.
 */

import type { EventStore, RecordedEvent } from '../eventstore/event-store.ts';
import { eventsOf, logPages } from '../eventstore/reading.ts';
import { recordLines } from '../integrity/record-block.ts';
import { hexOf } from '../integrity/seal-events.ts';
import { ENDS, withEnd } from './ledger-end.ts';

const FIRST = '{"position":"1",';

/** The line of an event, with line end; `position` is the position to write. */
export const eventLine = (event: RecordedEvent, position: string): string => {
  const { stream, revision, header, data, records, hash } = event;
  const lines = records ? `"records":[${recordLines(records).join(',')}],` : '';
  return `{"position":"${position}","stream":${JSON.stringify(stream)},"revision":${revision},"header":${header},"data":${data},${lines}"hash":"${hexOf(hash)}"}\n`;
};

/** The lines of a ledger, with trailer. Positions are counted from 1, as in an embedded ledger. */
export const ledgerLines = (store: EventStore): AsyncGenerator<string> => withEnd(eventLines(store));

async function* eventLines(store: EventStore): AsyncGenerator<string> {
  let count = 0;
  for await (const page of logPages(store, { records: true })) {
    for (const event of page) {
      count += 1;
      const line = eventLine(event, String(count));
      yield count === 1 ? line.replace(FIRST, `$&${ENDS}`) : line;
    }
  }
}

/** The events of one stream as lines; such a file is for reading and cannot be loaded. */
export async function* streamLines(store: EventStore, stream: string): AsyncGenerator<string> {
  for await (const event of eventsOf(store, stream, { records: true }))
    yield eventLine(event, event.position);
}
