/**
 * Verifies the hash chain of events while they are written to a bundle. An altered event aborts the bundle, so that no
 * bundle is produced that would not verify.
 */
import { Buffer } from 'node:buffer';
import { StoredEventUnreadable } from '../../codec/event-codec.ts';
import { linesIn } from '../../codec/stored-records.ts';
import type { EventStore, RecordedEvent } from '../../eventstore/event-store.ts';
import { hashAt } from '../../eventstore/hash-at.ts';
import { eventsOf } from '../../eventstore/reading.ts';
import { hexOf, isSealedOnto } from '../../integrity/seal-events.ts';

/** An event whose seal matches, and its record lines, unpacked once. */
export interface CheckedEvent extends RecordedEvent {
  readonly lines: readonly string[] | null;
}

/** A stream's events from a revision on, in order, read by successive calls. */
export interface Chained {
  /** The next events up to a revision. Throws StoredEventUnreadable for one whose seal does not match. */
  upTo(revision: number, records: boolean): AsyncGenerator<CheckedEvent>;
  /** Throws StoredEventUnreadable unless the last event has the hash of the checkpoint's leaf. */
  checkHead(head: string): void;
}

export const chained = async (store: EventStore, stream: string, from: number): Promise<Chained> => {
  const before = from === 0 ? null : await hashAt(store, stream, from - 1);
  let previous: Uint8Array | null = before === null ? null : Buffer.from(before, 'hex');
  let next = from;
  async function* upTo(revision: number, records: boolean): AsyncGenerator<CheckedEvent> {
    for await (const event of eventsOf(store, stream, { from: next, to: revision, records })) {
      const lines = linesIn(event);
      if (event.revision !== next || !isSealedOnto(previous, event, lines))
        throw new StoredEventUnreadable({ stream, revision: next }, 'it is not what was sealed');
      [previous, next] = [event.hash, next + 1];
      yield { ...event, lines };
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
