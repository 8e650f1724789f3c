/** Reads the records of one event: at most one append is in memory. */
import { decodeEvent, decodeRecords, type Recorded } from '../../codec/event-codec.ts';
import type { EventStore } from '../../eventstore/event-store.ts';
import { eventAt } from '../../eventstore/reading.ts';
import { recordLines } from '../../integrity/record-block.ts';

/** The records of the CallsMetered at a revision with who paid for each; empty if another event is there. */
export const recordsAt = async (
  store: Pick<EventStore, 'read'>,
  stream: string,
  revision: number,
): Promise<Recorded[]> => {
  const stored = await eventAt(store, stream, revision, { records: true });
  const event = stored && decodeEvent(stored);
  return event?.type === 'CallsMetered' && stored?.records
    ? decodeRecords(stored, event.data, recordLines(stored.records))
    : [];
};
