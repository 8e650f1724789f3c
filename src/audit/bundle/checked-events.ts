/**
 * Events on their way into a bundle, each checked against the one before: what was altered since it was sealed stops the
 * writing, so that no bundle is handed out that does not verify.
 */
import { Buffer } from 'node:buffer';
import { StoredEventUnreadable } from '../../codec/event-codec.ts';
import type { EventStore, RecordedEvent } from '../../eventstore/event-store.ts';
import { hashAt } from '../../eventstore/hash-at.ts';
import { eventsOf } from '../../eventstore/reading.ts';
import { hexOf, isSealedOnto } from '../../integrity/seal-events.ts';

/** A stream's events from one on, in order, however many times they are asked for. */
export interface Chained {
  /** The next events up to a revision. Throws StoredEventUnreadable for one that is not as it was sealed. */
  upTo(revision: number, records: boolean): AsyncGenerator<RecordedEvent>;
  /** Throws StoredEventUnreadable unless the last event has the hash that a checkpoint names. */
  checkHead(head: string): void;
}

export const chained = async (store: EventStore, stream: string, from: number): Promise<Chained> => {
  const before = from === 0 ? null : await hashAt(store, stream, from - 1);
  let previous: Uint8Array | null = before === null ? null : Buffer.from(before, 'hex');
  let next = from;
  async function* upTo(revision: number, records: boolean): AsyncGenerator<RecordedEvent> {
    for await (const event of eventsOf(store, stream, { from: next, to: revision, records })) {
      if (event.revision !== next || !isSealedOnto(previous, event))
        throw new StoredEventUnreadable({ stream, revision: next }, 'it is not what was sealed');
      [previous, next] = [event.hash, next + 1];
      yield event;
    }
    if (next <= revision) throw new StoredEventUnreadable({ stream, revision: next }, 'it is missing');
  }
  return {
    upTo,
    checkHead: (head) => {
      const at = { stream, revision: next - 1 };
      if (hexOf(previous) !== head)
        throw new StoredEventUnreadable(at, 'it is not what the checkpoint was signed over');
    },
  };
};
