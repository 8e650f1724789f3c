/**
 * Optimistic concurrency: decides on the cached account, and retries if that was stale, since the store refuses an
 * append at an outdated expected version. A refusal or a repeat appends nothing and is checked separately.
 */
import { type EventStore, StoreUnavailable, VersionConflict } from '../../eventstore/event-store.ts';
import { IndexBehind } from '../../identity-index/port.ts';
import type { LoadedAccount } from './loaded-account.ts';
import { HELD_MS, type Turns } from './turns.ts';

/** Minimum number of attempts on version conflicts, however long they take. */
const ATTEMPTS = 50;
/** Default limit, in milliseconds, on retrying a decision. */
const TURN_MS = 5_000;
/** A server that starves for this long asks the others to pause. */
const ASK_MS = 1_000;
/** Others leave gaps (see the engine's `append-fairness.ts`): who waits long misses them. */
const LONGEST_PAUSE_MS = 10;

/** The operations on the cached account that a retry needs. */
export interface Retried {
  current(): Promise<LoadedAccount>;
  /** The cached account, whether or not it is stale. */
  kept(): LoadedAccount | null;
  /** Throws VersionConflict if a loaded account is stale, LedgerDamaged if it is not of this stream. */
  checkIsAtEnd(entry: LoadedAccount): Promise<void>;
  /** The error if the stream is not the one that was read; the cache is dropped. */
  broken(stream: string, what: string): Promise<Error>;
  /** Drops the cache, because it is unknown what is stored. */
  forget(): void;
  seen(length: number): void;
}

export interface RetryOf {
  readonly account: string;
  readonly store: Pick<EventStore, 'continuity'>;
  /** Append fairness between servers; absent for a single server. */
  readonly turns?: Turns | undefined;
  /** How long a decision is retried, in milliseconds. */
  readonly turnMs?: number | undefined;
}

/**
 * Runs a decision; retries it on a version conflict, or if the identity index lags. A result without an append was not
 * validated by optimistic concurrency: if it `mayBeStale`, the stream's head is checked. Throws StoreUnavailable if
 * attempts keep conflicting for too long.
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
      // An answer from earlier events needs them to be stored still.
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

/** Pauses between the attempts of one decision; asks the other servers to pause, and finally gives up. */
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
      // If this server did not append while the others paused (its machine may have been suspended), it asks again.
      const isToAsk =
        askedAt === null ? waited > Math.min(ASK_MS, turnMs / 2) : performance.now() - askedAt > HELD_MS;
      if (isToAsk) {
        askedAt = performance.now();
        await turns?.ask(account);
      }
      // Jitter, so that two servers writing to one account do not conflict repeatedly.
      const most = Math.min(attempts, LONGEST_PAUSE_MS);
      if (attempts > 1) await new Promise((resolve) => setTimeout(resolve, Math.random() * most));
    },
    ended: (): void => {
      if (askedAt !== null) turns?.came(account);
    },
  };
};
