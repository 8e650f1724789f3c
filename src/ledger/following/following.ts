/** Views that follow a ledger while it is written, from a thread of their own; commands never write them. */

import { Worker } from 'node:worker_threads';
import { openSerialQueue } from '../../async/serial-queue.ts';
import type { Quarantined } from '../../derived/quarantine-table.ts';
import type { Views } from '../../derived/views.ts';
import { type EventStore, LedgerRestored, StoreUnavailable } from '../../eventstore/event-store.ts';
import { isEngineAddress } from '../../eventstore/eventstoredb/address.ts';
import { catchUp } from './follow.ts';
import type { FollowOf, FollowReply, FollowRequest } from './follow-worker.ts';

type Lengths = (lengths: ReadonlyMap<string, number>) => void;

export interface Following {
  /**
   * Resolves when everything appended so far is in the views; rejects with ViewsBehind where they cannot be written.
   */
  caughtUp(): Promise<void>;
  /** Of a ledger with several writers: calls back with the lengths of streams that any server appended to. */
  onFollowed?(listener: Lengths): void;
  /** Of an engine: calls back when what follows was found not to continue what was followed. */
  onRestored?(listener: (why: LedgerRestored) => void): void;
  /** Why views cannot be read now, as far as is known; null: they can. */
  trouble(): string | null;
  /** What could not be taken into the views, as far as they have read. */
  quarantine(): readonly Quarantined[];
  /** Catches up a last time and ends the thread. */
  stop(): Promise<void>;
}

/** The views cannot be written now; they are brought up when they can. */
export class ViewsBehind extends StoreUnavailable {}

const WORKER = import.meta.url.endsWith('.ts') ? './follow-worker.ts' : './follow-worker.js';
/** Appends within this time are read together. */
const PAUSE_MS = 100;
/** Until views that could not be written are tried again. */
const RETRY_MS = 1_000;

/** Follows a store in this thread: for ledgers in memory. */
export const followHere = (store: EventStore, views: Views): Following => {
  const queue = openSerialQueue();
  let timer: NodeJS.Timeout | null = null;
  let failed: string | null = null;
  let quarantined = views.quarantine.list();
  const round = async () => {
    try {
      await catchUp(store, views);
      if (views.quarantine.count() !== quarantined.length) quarantined = views.quarantine.list();
      failed = null;
    } catch (error) {
      failed = textOf(error);
      throw new ViewsBehind(`the views cannot be brought up: ${failed}`, { cause: error });
    }
  };
  const caughtUp = () => queue.run(round);
  const quiet = store.onAppended(() => {
    timer ??= setTimeout(() => {
      timer = null;
      caughtUp().catch(() => undefined);
    }, PAUSE_MS);
  });
  return {
    caughtUp,
    trouble: () => (failed === null ? null : `the views cannot be brought up: ${failed}`),
    quarantine: () => quarantined,
    stop: async () => {
      quiet();
      if (timer) clearTimeout(timer);
      await caughtUp();
    },
  };
};

/** Follows a store in a thread of its own. */
export const startFollowing = (store: EventStore, of: FollowOf): Following => {
  const worker = new Worker(new URL(WORKER, import.meta.url), { workerData: of });
  const listeners: Lengths[] = [];
  const waiting = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();
  let restored: ((why: LedgerRestored) => void) | null = null;
  let asks = 0;
  let dead: Error | null = null;
  let timer: NodeJS.Timeout | null = null;
  let lastFailed: string | null = null;
  let quarantined: readonly Quarantined[] = [];
  const ended = (why: string): void => {
    dead ??= new ViewsBehind(`the thread that keeps the views has ended: ${why}`);
    for (const { reject } of waiting.values()) reject(dead);
    waiting.clear();
  };
  worker.on('error', (error) => ended(textOf(error)));
  worker.on('exit', (code) => ended(`exit ${code}`));
  worker.on('message', (reply: FollowReply) => {
    if (reply.type === 'followed') {
      for (const listener of listeners) listener(reply.lengths);
      return;
    }
    if (reply.type === 'restored') {
      restored?.(new LedgerRestored(reply.why));
      return;
    }
    if (reply.type === 'quarantined') {
      quarantined = reply.events;
      return;
    }
    const { id, failed } = reply;
    lastFailed = failed;
    const one = waiting.get(id);
    waiting.delete(id);
    if (failed === null) one?.resolve();
    else one?.reject(new ViewsBehind(`the views cannot be brought up: ${failed}`));
  });
  const ask = (type: FollowRequest['type']): Promise<void> =>
    new Promise((resolve, reject) => {
      if (dead) throw dead;
      asks += 1;
      waiting.set(asks, { resolve, reject });
      worker.postMessage({ type, id: asks } satisfies FollowRequest);
    });
  const readOn = (ms: number): void => {
    timer ??= setTimeout(() => {
      timer = null;
      ask('read-on').catch(() => {
        if (isOpen && !dead) readOn(RETRY_MS);
      });
    }, ms);
  };
  let isOpen = true;
  const quiet = store.onAppended(() => readOn(PAUSE_MS));
  return {
    caughtUp: () => ask('catch-up'),
    trouble: () =>
      dead?.message ?? (lastFailed === null ? null : `the views cannot be brought up: ${lastFailed}`),
    quarantine: () => quarantined,
    ...(isEngineAddress(of.address)
      ? {
          onFollowed: (listener: Lengths) => void listeners.push(listener),
          onRestored: (listener: (why: LedgerRestored) => void) => {
            restored = listener;
          },
        }
      : {}),
    stop: async () => {
      isOpen = false;
      quiet();
      if (timer) clearTimeout(timer);
      // What is not in the views is read when the ledger is opened again.
      await ask('stop').catch(() => undefined);
      await worker.terminate();
    },
  };
};

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
