/**
 * An account's entry kept in memory between commands, and read on where another server was first. A decision on an entry
 * that is not up to date is refused by the store (its stream is longer than expected), and made again.
 */

import type { Snapshots } from '../../derived/account-snapshots.ts';
import {
  type EventStore,
  LedgerDamaged,
  type RecordedEvent,
  StoreUnavailable,
  VersionConflict,
} from '../../eventstore/event-store.ts';
import { IndexBehind } from '../../identity-index/port.ts';
import { hexOf, isSealedOnto } from '../../integrity/seal-events.ts';
import type { Identities } from './identities.ts';
import { continued, type Entry, loadEntry } from './loaded-account.ts';
import { HELD_MS, type Turns } from './turns.ts';

/** So often a decision is made again at least, however long that takes. */
const ATTEMPTS = 50;
/** So long, where no setting says otherwise. */
const TURN_MS = 5_000;
/** Who lost every race for so long asks the others for its turn. */
const ASK_MS = 1_000;
/** Others leave gaps (see the engine's `turns.ts`): who waits long misses them. */
const LONGEST_PAUSE_MS = 10;

export interface KeptEntry {
  /** The entry, up to the stream's end as far as that is known. */
  current(): Promise<Entry>;
  /** What is kept, where nothing is known to lie behind it. */
  known(): Entry | null;
  /** Learns how long the stream is by now. */
  seen(length: number): void;
  /** The entry after an append that is durable. */
  keep(entry: Entry): void;
  /**
   * Runs a decision with the entry, again where somebody else was first or the index is behind. What comes of it without
   * an append was checked by nobody: where it `mayBeStale`, the stream's end is looked at.
   */
  settled<T>(work: (entry: Entry) => Promise<T>, mayBeStale: (result: T) => boolean): Promise<T>;
}

export const keptEntry = (of: {
  readonly account: string;
  readonly store: EventStore;
  readonly identities: Identities;
  readonly snapshots: Snapshots | null;
  /** Turns between servers; absent where there is one. */
  readonly turns?: Turns | undefined;
  /** For so long a decision is made again, in milliseconds. */
  readonly turnMs?: number | undefined;
}): KeptEntry => {
  const turnMs = of.turnMs ?? TURN_MS;
  let kept: Entry | null = null;
  /** What is kept of a shorter stream is read on. */
  let longest = 0;

  const current = async (): Promise<Entry> => {
    if (kept && kept.length >= longest) return kept;
    const loaded = kept ? await readOn(kept) : await loadEntry(of.store, of.snapshots, of.account);
    await of.identities.bringUp(of.account, loaded.stream, loaded);
    kept = loaded;
    return loaded;
  };

  /** An entry brought up to its stream's end, with the identities of what others appended. */
  const readOn = async (entry: Entry): Promise<Entry> => {
    await of.identities.bringUp(of.account, entry.stream, entry);
    return continued(of.store, entry, async (page, hash) => {
      await checkContinues(page, hash);
      await of.identities.take(of.account, entry.stream, page);
    });
  };

  /** What follows must be sealed onto what is held: else the engine was restored, or somebody else wrote there. */
  const checkContinues = async (page: readonly RecordedEvent[], hash: Uint8Array | null): Promise<void> => {
    let before = hash;
    for (const event of page) {
      if (!isSealedOnto(before, event)) throw await broken(event.stream, `event ${event.revision} of it`);
      before = event.hash;
    }
  };

  const broken = async (stream: string, what: string): Promise<Error> => {
    kept = null;
    await of.store.continuity?.look();
    return new LedgerDamaged(`${stream}: ${what} does not continue the events before it`);
  };

  const checkIsAtEnd = async ({ stream, length, hash }: Entry): Promise<void> => {
    const head = await of.store.head(stream);
    if (head.length > length) throw new VersionConflict(stream, length, head.length);
    if (head.length < length || hexOf(head.hash) !== hexOf(hash))
      throw await broken(stream, 'its last event');
  };

  return {
    current,
    known: () => (kept && kept.length >= longest ? kept : null),
    seen: (length) => {
      longest = Math.max(longest, length);
    },
    keep: (entry) => {
      kept = entry;
    },
    settled: async (work, mayBeStale) => {
      const started = performance.now();
      let askedAt: number | null = null;
      for (let attempt = 1; ; attempt++) {
        await of.turns?.room(of.account);
        try {
          const start = await current();
          const result = await work(start);
          if (kept === start && mayBeStale(result)) await checkIsAtEnd(start);
          // What is answered from what was recorded before must still be recorded.
          else if (kept === start) await of.store.continuity?.assured();
          if (askedAt !== null) of.turns?.came(of.account);
          return result;
        } catch (error) {
          const isConflict = error instanceof VersionConflict;
          if (isConflict && error.stream === kept?.stream && error.actual < kept.length)
            throw await broken(error.stream, `it ends at ${error.actual} and`);
          // After any other error what is stored is not known.
          if (isConflict && error.stream === kept?.stream) longest = Math.max(longest, error.actual);
          else kept = null;
          if (!(isConflict || error instanceof IndexBehind)) throw error;
          // Nothing was recorded, and it may go well another time: whoever asked is told so, as of an engine that is away.
          const waited = performance.now() - started;
          if (attempt >= ATTEMPTS && waited > turnMs)
            throw new StoreUnavailable(`others write to ${of.account} all the time`, { cause: error });
          // Whoever did not come while the others waited (its machine may have stood still) asks again.
          const isToAsk =
            askedAt === null ? waited > Math.min(ASK_MS, turnMs / 2) : performance.now() - askedAt > HELD_MS;
          if (isToAsk) {
            askedAt = performance.now();
            await of.turns?.ask(of.account);
          }
          // Spread: two servers that write to one account at once must not meet again and again.
          const most = Math.min(attempt, LONGEST_PAUSE_MS);
          if (attempt > 1) await new Promise((resolve) => setTimeout(resolve, Math.random() * most));
        }
      }
    },
  };
};
