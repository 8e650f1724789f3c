/**
 * A decision made on an account as it is known here, and again where that was not all: the store refuses an append
 * whose stream is longer than expected (optimistic concurrency). A refusal or a repeat appends nothing and is checked
 * otherwise.
 */
import { type EventStore, StoreUnavailable, VersionConflict } from '../../eventstore/event-store.ts';
import { IndexBehind } from '../../identity-index/port.ts';
import type { LoadedAccount } from './loaded-account.ts';
import { HELD_MS, type Turns } from './turns.ts';

/** Least number of attempts on version conflicts, however long they take. */
const ATTEMPTS = 50;
/** How long a decision is retried, where no setting says otherwise; milliseconds. */
const TURN_MS = 5_000;
/** A server that starves for so long asks the others for its turn. */
const ASK_MS = 1_000;
/** Others leave gaps (see the engine's `append-fairness.ts`): who waits long misses them. */
const LONGEST_PAUSE_MS = 10;

/** What is known of the account, as far as retrying changes it. */
export interface Retried {
  current(): Promise<LoadedAccount>;
  /** What is kept, whether or not something lies behind it. */
  kept(): LoadedAccount | null;
  /** Throws VersionConflict, or LedgerDamaged, where an entry is not the stream's end. */
  checkIsAtEnd(entry: LoadedAccount): Promise<void>;
  /** What is to be thrown where the stream is not the one that was read; nothing is kept of it. */
  broken(stream: string, what: string): Promise<Error>;
  /** Nothing is kept: what is stored is not known. */
  forget(): void;
  seen(length: number): void;
}

export interface RetryOf {
  readonly account: string;
  readonly store: Pick<EventStore, 'continuity'>;
  /** Turns between servers; absent where there is one. */
  readonly turns?: Turns | undefined;
  /** How long a decision is retried, in milliseconds. */
  readonly turnMs?: number | undefined;
}

/**
 * Runs a decision, again where another server was first or the identity index is behind. A result without an append was
 * not checked by optimistic concurrency: where it `mayBeStale`, the stream's end is looked at. Throws StoreUnavailable
 * when the races are lost for too long.
 */
export const retryDecision = async <T>(
  of: RetryOf,
  cached: Retried,
  work: (entry: LoadedAccount) => Promise<T>,
  mayBeStale: (result: T) => boolean,
): Promise<T> => {
  const patience = openPatience(of);
  for (;;) {
    await of.turns?.room(of.account);
    try {
      const start = await cached.current();
      const result = await work(start);
      const isUnchanged = cached.kept() === start;
      if (isUnchanged && mayBeStale(result)) await cached.checkIsAtEnd(start);
      // What is answered from what was recorded before must still be recorded.
      else if (isUnchanged) await of.store.continuity?.assured();
      patience.ended();
      return result;
    } catch (error) {
      const kept = cached.kept();
      const conflict = error instanceof VersionConflict && error.stream === kept?.stream ? error : null;
      if (conflict && kept && conflict.actual < kept.length)
        throw await cached.broken(conflict.stream, `it ends at ${conflict.actual} and`);
      if (conflict) cached.seen(conflict.actual);
      else cached.forget();
      if (!(error instanceof VersionConflict || error instanceof IndexBehind)) throw error;
      await patience.pause(error);
    }
  }
};

/** Pauses between the attempts of one decision; asks for a turn, and gives up, in time. */
const openPatience = ({ account, turns, turnMs = TURN_MS }: RetryOf) => {
  const started = performance.now();
  let attempts = 0;
  let askedAt: number | null = null;
  return {
    pause: async (cause: unknown): Promise<void> => {
      attempts += 1;
      const waited = performance.now() - started;
      // Nothing was recorded, and a retry may succeed: the caller gets the error of an unavailable engine.
      if (attempts >= ATTEMPTS && waited > turnMs)
        throw new StoreUnavailable(`others write to ${account} all the time`, { cause });
      // A server that did not come while the others waited (its machine may have stood still) asks again.
      const isToAsk =
        askedAt === null ? waited > Math.min(ASK_MS, turnMs / 2) : performance.now() - askedAt > HELD_MS;
      if (isToAsk) {
        askedAt = performance.now();
        await turns?.ask(account);
      }
      // Spread: two servers that write to one account at once must not meet again and again.
      const most = Math.min(attempts, LONGEST_PAUSE_MS);
      if (attempts > 1) await new Promise((resolve) => setTimeout(resolve, Math.random() * most));
    },
    ended: (): void => {
      if (askedAt !== null) turns?.came(account);
    },
  };
};
