/**
 * Optimistic concurrency: a decision is made on the account as it is known here, and retried where that was stale: the
 * store refuses an append at an outdated expected version. A refusal or a repeat appends nothing and is checked apart.
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
  /** The cached account, whether or not it is stale. */
  kept(): LoadedAccount | null;
  /** Throws VersionConflict where a loaded account is stale, LedgerDamaged where it is not of this stream. */
  checkIsAtEnd(entry: LoadedAccount): Promise<void>;
  /** The error where the stream is not the one that was read; the cache is dropped. */
  broken(stream: string, what: string): Promise<Error>;
  /** Drops the cache: what is stored is unknown. */
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
 * Runs a decision; retries it on a version conflict, or where the identity index lags. A result without an append was
 * not checked by optimistic concurrency: where it `mayBeStale`, the stream's head is checked. Throws StoreUnavailable
 * when every attempt conflicts for too long.
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
      // A server that did not append while the others waited (its machine may have been suspended) asks again.
      const isToAsk =
        askedAt === null ? waited > Math.min(ASK_MS, turnMs / 2) : performance.now() - askedAt > HELD_MS;
      if (isToAsk) {
        askedAt = performance.now();
        await turns?.ask(account);
      }
      // Jitter: two servers that write to one account must not conflict again and again.
      const most = Math.min(attempts, LONGEST_PAUSE_MS);
      if (attempts > 1) await new Promise((resolve) => setTimeout(resolve, Math.random() * most));
    },
    ended: (): void => {
      if (askedAt !== null) turns?.came(account);
    },
  };
};
