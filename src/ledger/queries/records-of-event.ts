/** Reads the records of one event: at most one append is in memory. */
import { decodeEvent, type Recorded } from '../../codec/event-codec.ts';
import { recordsIn } from '../../codec/stored-records.ts';
import type { EventStore } from '../../eventstore/event-store.ts';
import { eventAt } from '../../eventstore/reading.ts';

/**
 * The records of the CallsMetered at a revision with who paid for each; empty if another event is there. Throws
 * StoredEventUnreadable.
 */
export const recordsAt = async (
  store: Pick<EventStore, 'read'>,
  stream: string,
  revision: number,
): Promise<Recorded[]> => {
  const stored = await eventAt(store, stream, revision, { records: true });
  if (!stored) return [];
  const event = decodeEvent(stored);
  return event.type === 'CallsMetered' ? recordsIn(stored, event.data) : [];
};
