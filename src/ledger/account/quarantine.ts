/**
 * Accounts quarantined by an unreadable event: nothing is decided on them, and every request is answered with the
 * event's stream and revision. Events quarantined by the views are known from the start; others, such as ones whose
 * records alone cannot be read, when a command or a query meets them.
 */
import { StoredEventUnreadable } from '../../codec/event-codec.ts';
import type { Quarantined } from '../../derived/quarantine-table.ts';
import type { EventStore } from '../../eventstore/event-store.ts';
import { eventAt } from '../../eventstore/reading.ts';
import { accountStream } from '../../eventstore/stream-names.ts';
import { whyUnreadableWhole } from '../following/readable-events.ts';
import type { AccountProcessor } from './processor.ts';

export interface Guard {
  /** Wraps a processor so that commands are refused while its account is quarantined. */
  over(account: string, processor: AccountProcessor): AccountProcessor;
  /**
   * Quarantines what the event that a query could not read belongs to: its account, or a stream beside. The event is
   * read again: one that can be read, but is not what was sealed, is in the way of proofs alone.
   */
  met(error: unknown): Promise<void>;
  /** Everything in quarantine, in the order of streams. */
  list(): readonly Quarantined[];
}

/** `held` returns the events that the views could not process. */
export const openGuard = (store: Pick<EventStore, 'read'>, held: () => readonly Quarantined[]): Guard => {
  /** By stream: unreadable events met by commands and queries. */
  const met = new Map<string, Quarantined>();
  let listed: readonly Quarantined[] = [];
  let first = new Map<string, Quarantined>();

  const heldOf = (stream: string): Quarantined | undefined => {
    const now = held();
    if (now !== listed) {
      listed = now;
      first = new Map(now.toReversed().map((one) => [one.stream, one]));
    }
    return first.get(stream) ?? met.get(stream);
  };

  return {
    over: (account, processor) => {
      const stream = accountStream(account);
      const check = (): void => {
        const one = heldOf(stream);
        if (one) throw new StoredEventUnreadable(one, one.why);
      };
      const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
        check();
        try {
          return await work();
        } catch (error) {
          if (error instanceof StoredEventUnreadable && error.stream === stream)
            met.set(stream, { stream, revision: error.revision, position: null, why: error.why });
          throw error;
        }
      };
      return {
        run: (...asked) => guarded(() => processor.run(...asked)),
        tryOut: (...asked) => guarded(() => processor.tryOut(...asked)),
        meter: (...asked) => guarded(() => processor.meter(...asked)),
        tryMeter: (...asked) => guarded(() => processor.tryMeter(...asked)),
        entry: () => guarded(() => processor.entry()),
        known: () => (heldOf(stream) ? null : processor.known()),
        seen: processor.seen,
        idle: processor.idle,
      };
    },
    met: async (error) => {
      if (!(error instanceof StoredEventUnreadable)) return;
      if (heldOf(error.stream)) return;
      const { stream, revision } = error;
      const stored = await eventAt(store, stream, revision, { records: true });
      const why = stored && whyUnreadableWhole(stored);
      if (stored && why !== null) met.set(stream, { stream, revision, position: stored.position, why });
    },
    list: () => {
      heldOf('');
      const known = new Set(listed.map(({ stream }) => stream));
      const all = [...listed, ...[...met.values()].filter(({ stream }) => !known.has(stream))];
      return all.sort((a, b) =>
        a.stream < b.stream ? -1 : a.stream > b.stream ? 1 : a.revision - b.revision,
      );
    },
  };
};
