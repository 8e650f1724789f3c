/**
 * Accounts quarantined by an unreadable event: nothing is decided on them, and every request is answered with the
 * event's stream and revision. Events quarantined by the views are known from the start; others when a command meets
 * them.
 */
import { StoredEventUnreadable } from '../../codec/event-codec.ts';
import type { Quarantined } from '../../derived/quarantine-table.ts';
import { accountStream } from '../../eventstore/stream-names.ts';
import type { AccountProcessor } from './processor.ts';

export interface Guard {
  /** Wraps a processor so that commands are refused while its account is quarantined. */
  over(account: string, processor: AccountProcessor): AccountProcessor;
  /** Everything in quarantine, in the order of streams. */
  list(): readonly Quarantined[];
}

/** `held` returns the events that the views could not process. */
export const openGuard = (held: () => readonly Quarantined[]): Guard => {
  /** By stream: unreadable events met by commands. */
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
