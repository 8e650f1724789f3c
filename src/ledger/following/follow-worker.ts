/**
 * The thread that keeps a ledger's views: reads the store beside its writers and follows it (catch-up subscription)
 * until stopped.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { coalesced } from '../../async/coalesce.ts';
import { derivedPath } from '../../derived/files.ts';
import type { Quarantined } from '../../derived/quarantine-table.ts';
import { openViews } from '../../derived/views.ts';
import type { RecordedEvent } from '../../eventstore/event-store.ts';
import { isEngineAddress } from '../../eventstore/eventstoredb/address.ts';
import { type Directory, openDirectory } from '../../eventstore/eventstoredb/stream-directory.ts';
import { ENGINE_TIMES, type EngineTimes } from '../../eventstore/eventstoredb/timeouts.ts';
import { openSqliteStore } from '../../eventstore/sqlite/store.ts';
import { forgetErased } from './erased-names.ts';
import { catchUp } from './follow.ts';
import { type PageReader, readingOf } from './page-reader.ts';

/** `read`: something was appended; `catch up`: report when everything appended so far is in the views. */
export interface FollowRequest {
  readonly type: 'read-on' | 'catch-up' | 'stop';
}

export interface FollowReply {
  readonly id: number;
  /** Why the views could not be brought up; null: they were. */
  readonly failed: string | null;
}

export type FollowNews =
  /** Of a ledger with several writers: how long some streams are by now. */
  | { readonly type: 'followed'; readonly lengths: ReadonlyMap<string, number> }
  /** The engine was restored from a backup: the derived data is stale. */
  | { readonly type: 'restored'; readonly why: string }
  /** The quarantined events, when they change. */
  | { readonly type: 'quarantined'; readonly events: readonly Quarantined[] };

export interface FollowOf {
  readonly address: string;
  /** Prefix of derived files' names. */
  readonly base: string;
  /** Timeouts of an engine. */
  readonly times?: EngineTimes;
}

const { address, base, times = ENGINE_TIMES } = workerData as FollowOf;
const port = parentPort;
if (!port) throw new Error('views are followed in a worker thread');
const post = (reply: FollowReply | FollowNews): void => port.postMessage(reply);

const views = openViews(derivedPath(base, 'views'));
const directory: Directory | null = isEngineAddress(address)
  ? openDirectory(derivedPath(base, 'heads'))
  : null;
const embedded = directory
  ? null
  : // The writer beside has looked at it; an event that was changed in place since is one account's affair.
    openSqliteStore(address.slice('sqlite:'.length), { readOnly: true, checksSeals: false });
const store: PageReader = embedded ?? readingOf({ address, times, anchor: directory?.last() ?? null });

const tell = (page: readonly RecordedEvent[]): void => {
  const lengths = new Map(page.map(({ stream, revision }) => [stream, revision + 1]));
  post({ type: 'followed', lengths });
};

/** Whose streams were erased while no server ran; an engine's streams cannot be listed. */
let isForgotten = embedded === null;
const forgetOnce = async (): Promise<void> => {
  if (isForgotten || !embedded) return;
  await forgetErased(views, embedded);
  isForgotten = true;
};

let held = 0;
const tellQuarantine = (): void => {
  const count = views.quarantine.count();
  if (count === held) return;
  held = count;
  post({ type: 'quarantined', events: views.quarantine.list() });
};

/** Views that cannot be written now (a full disk) are caught up later. */
const followed = async (): Promise<string | null> => {
  try {
    await catchUp(store, views, directory ? { directory, onPage: tell } : {});
    await forgetOnce();
    tellQuarantine();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};
const round = coalesced(followed);

// Other servers append too: only the engine's own notification covers their appends.
if (directory) store.onAppended(() => void round());
store.onRestored?.(({ message }) => post({ type: 'restored', why: message }));

port.on('message', async ({ type, id }: FollowRequest & { readonly id: number }) => {
  if (type !== 'stop') {
    post({ id, failed: await round() });
    return;
  }
  // A ledger with other writers always has more: the rest is read after the next start, and stopping does not wait for
  // it.
  const failed = await (directory ? givenUp() : round());
  views.close();
  directory?.close();
  if (!directory) await store.close();
  post({ id, failed });
  port.close();
});

/** Aborts reads in progress. */
const givenUp = async (): Promise<null> => {
  await store.close();
  await round();
  return null;
};
