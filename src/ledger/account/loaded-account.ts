/**
 * A rehydrated account: folded from its stream's last origin (a close, or a snapshot) and kept up to the stream's head.
 * It can be dropped at any time, at the cost of a read.
 */

import { Buffer } from 'node:buffer';
import * as z from 'zod';
import { decodeEvent, StoredEventUnreadable } from '../../codec/event-codec.ts';
import { accountToStore, storedAccount } from '../../codec/stored-account.ts';
import type { Snapshots } from '../../derived/account-snapshots.ts';
import type { Account } from '../../domain/account.ts';
import type { Head } from '../../domain/context.ts';
import type { AccountEvent } from '../../domain/events.ts';
import { evolve } from '../../domain/evolve.ts';
import type { EventStore, RecordedEvent } from '../../eventstore/event-store.ts';
import { hashAt } from '../../eventstore/hash-at.ts';
import { eventPages, lastEvent } from '../../eventstore/reading.ts';
import { accountStream } from '../../eventstore/stream-names.ts';
import { hexOf } from '../../integrity/seal-events.ts';

export interface LoadedAccount {
  readonly stream: string;
  /** Null before the account is opened. */
  readonly account: Account | null;
  /** Events in the stream. */
  readonly length: number;
  /** Hash of the last event; null if there is none. */
  readonly hash: Uint8Array | null;
  /** Revision of the first event after the last close. */
  readonly since: number;
}

/** A stream shorter than this is read completely; it needs no snapshot. */
const SHORT = 256;
const snapshotState = z.object({ account: storedAccount, since: z.int() });

/** The range of events that a decision is based on. */
export const headOf = (entry: LoadedAccount): Head => ({
  stream: entry.stream,
  from: entry.since,
  to: entry.length - 1,
  head: entry.hash ? Buffer.from(entry.hash).toString('hex') : '',
});

/** The loaded account after more events of its stream. */
export const advanced = (
  entry: LoadedAccount,
  events: readonly AccountEvent[],
  sealed: readonly { readonly hash: Uint8Array }[],
): LoadedAccount => {
  let { account, length, hash, since } = entry;
  for (const [i, event] of events.entries()) {
    account = evolve(account, event);
    length += 1;
    hash = sealed[i]?.hash ?? hash;
    if (event.type === 'MonthClosed') since = length;
  }
  return { stream: entry.stream, account, length, hash, since };
};

/**
 * The loaded account after the next stored event. Throws StoredEventUnreadable if that is unreadable, or contradicts
 * the state before it.
 */
export const follow = (entry: LoadedAccount, stored: RecordedEvent): LoadedAccount => {
  const event = decodeEvent(stored);
  try {
    return advanced({ ...entry, length: stored.revision }, [event], [stored]);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StoredEventUnreadable(stored, `it does not follow from what was before: ${why}`);
  }
};

/** Loads an account from its last snapshot, or else from its last close. */
export const loadAccount = async (
  store: EventStore,
  snapshots: Snapshots | null,
  id: string,
): Promise<LoadedAccount> => {
  const stream = accountStream(id);
  const { length } = await store.head(stream);
  const start =
    (length > SHORT && snapshots ? await fromSnapshot(store, snapshots, stream, length) : null) ??
    (await fromClose(store, stream, length));
  let entry = start;
  for await (const page of eventPages(store, stream, { from: entry.length, to: length - 1 }))
    entry = page.reduce(follow, entry);
  if (entry.length < length) throw new Error(`${stream} ends before its head`);
  return entry;
};

/** Catches a loaded account up to its stream's end; `take` is called with each newer page, and the hash before it. */
export const continued = async (
  store: EventStore,
  entry: LoadedAccount,
  take: (page: readonly RecordedEvent[], hash: Uint8Array | null) => Promise<void>,
): Promise<LoadedAccount> => {
  let now = entry;
  for await (const page of eventPages(store, now.stream, { from: now.length, records: true })) {
    await take(page, now.hash);
    now = page.reduce(follow, now);
  }
  return now;
};

const empty = (stream: string): LoadedAccount => ({ stream, account: null, length: 0, hash: null, since: 0 });

const fromSnapshot = async (
  store: EventStore,
  snapshots: Snapshots,
  stream: string,
  length: number,
): Promise<LoadedAccount | null> => {
  const kept = snapshots.get(stream);
  if (!kept || kept.length > length) return null;
  // A restored engine may have another history.
  if ((await hashAt(store, stream, kept.length - 1)) !== hexOf(kept.hash)) return null;
  const state = snapshotState.safeParse(JSON.parse(kept.state));
  if (!state.success) return null;
  return {
    stream,
    account: state.data.account,
    length: kept.length,
    hash: kept.hash,
    since: state.data.since,
  };
};

/** The state stored in a snapshot of an account. */
export const snapshotText = (entry: LoadedAccount): string =>
  JSON.stringify({ account: entry.account && accountToStore(entry.account), since: entry.since });

/** Searches backwards for the last close, whose carried state is where folding starts. */
const fromClose = async (store: EventStore, stream: string, length: number): Promise<LoadedAccount> => {
  const closed = await lastEvent(store, stream, { from: length - 1, types: ['MonthClosed'] });
  return closed ? follow(empty(stream), closed) : empty(stream);
};
