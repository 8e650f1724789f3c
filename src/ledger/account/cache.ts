/**
 * Cached account, kept in memory between commands. On a version conflict (another server appended first) it catches up
 * and the decision is retried.
 */

import { linesIn } from '../../codec/stored-records.ts';
import type { Snapshots } from '../../derived/account-snapshots.ts';
import {
  type EventStore,
  LedgerDamaged,
  type RecordedEvent,
  VersionConflict,
} from '../../eventstore/event-store.ts';
import { hexOf, isSealedOnto } from '../../integrity/seal-events.ts';
import type { Identities } from './identities.ts';
import { continued, type LoadedAccount, loadAccount } from './loaded-account.ts';
import { type RetryOf, retryDecision } from './retry-decision.ts';

export interface AccountCache {
  /** The account, caught up to the last known length of the stream. */
  current(): Promise<LoadedAccount>;
  /** The cached account, unless newer events are known. */
  known(): LoadedAccount | null;
  /** Learns how long the stream is by now. */
  seen(length: number): void;
  /** The account after an append that is durable. */
  keep(entry: LoadedAccount): void;
  /** Runs a decision with the account; see `retryDecision`. */
  settled<T>(work: (entry: LoadedAccount) => Promise<T>, mayBeStale: (result: T) => boolean): Promise<T>;
}

export interface CacheOf extends RetryOf {
  readonly store: EventStore;
  readonly identities: Identities;
  readonly snapshots: Snapshots | null;
}

export const openAccountCache = (of: CacheOf): AccountCache => {
  let kept: LoadedAccount | null = null;
  /** The greatest known length; a cached account of a shorter stream catches up. */
  let longest = 0;

  const broken = async (stream: string, what: string): Promise<Error> => {
    kept = null;
    await of.store.continuity?.look();
    return new LedgerDamaged(`${stream}: ${what} does not continue the events before it`);
  };
  const current = async (): Promise<LoadedAccount> => {
    if (kept && kept.length >= longest) return kept;
    const loaded = kept
      ? await readOn(of, kept, broken)
      : await loadAccount(of.store, of.snapshots, of.account);
    await of.identities.bringUp(of.account, loaded.stream, loaded);
    kept = loaded;
    return loaded;
  };
  const checkIsAtEnd = async ({ stream, length, hash }: LoadedAccount): Promise<void> => {
    const head = await of.store.head(stream);
    if (head.length > length) throw new VersionConflict(stream, length, head.length);
    if (head.length < length || hexOf(head.hash) !== hexOf(hash))
      throw await broken(stream, 'its last event');
  };
  const seen = (length: number): void => {
    longest = Math.max(longest, length);
  };
  const forget = (): void => {
    kept = null;
  };
  const retried = { current, kept: () => kept, checkIsAtEnd, broken, forget, seen };

  return {
    current,
    seen,
    known: () => (kept && kept.length >= longest ? kept : null),
    keep: (entry) => {
      kept = entry;
    },
    settled: (work, mayBeStale) => retryDecision(of, retried, work, mayBeStale),
  };
};

/** Catches an account up to its stream's end, including identities in events of other servers. */
const readOn = async (
  { account, store, identities }: CacheOf,
  entry: LoadedAccount,
  broken: (stream: string, what: string) => Promise<Error>,
): Promise<LoadedAccount> => {
  await identities.bringUp(account, entry.stream, entry);
  return continued(store, entry, async (page, hash) => {
    const event = firstUnsealed(page, hash);
    // The engine was restored, or another program wrote to the stream.
    if (event) throw await broken(event.stream, `event ${event.revision} of it`);
    await identities.take(account, entry.stream, page);
  });
};

/** The first event that is not sealed onto the one before it. */
const firstUnsealed = (page: readonly RecordedEvent[], hash: Uint8Array | null): RecordedEvent | null => {
  let before = hash;
  for (const event of page) {
    if (!isSealedOnto(before, event, linesIn(event))) return event;
    before = event.hash;
  }
  return null;
};
