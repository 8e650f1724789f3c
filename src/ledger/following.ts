/** Views that follow a ledger while it is written, from a thread of their own; commands never write them. */
import { Worker } from 'node:worker_threads';
import type { EventStore } from '../store/event-store.ts';
import type { Views } from '../store/views.ts';
import { catchUp } from './follow.ts';
import type { FollowRequest } from './follow-worker.ts';

export interface Following {
  /** Resolves when everything appended so far is in the views. */
  caughtUp(): Promise<void>;
  /** Catches up a last time and ends the thread. */
  stop(): Promise<void>;
}

const WORKER = import.meta.url.endsWith('.ts') ? './follow-worker.ts' : './follow-worker.js';
/** Appends within this time are read together. */
const PAUSE_MS = 100;

/** Follows a store in this thread: for ledgers in memory. */
export const followHere = (store: EventStore, views: Views): Following => {
  let tail: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | null = null;
  const caughtUp = () => {
    tail = tail.catch(() => undefined).then(() => catchUp(store, views));
    return tail;
  };
  const quiet = store.onAppended(() => {
    timer ??= setTimeout(() => {
      timer = null;
      caughtUp().catch(() => undefined);
    }, PAUSE_MS);
  });
  return {
    caughtUp,
    stop: async () => {
      quiet();
      if (timer) clearTimeout(timer);
      await caughtUp();
    },
  };
};

/** Follows the embedded store at a path. */
export const startFollowing = (store: EventStore, path: string): Following => {
  const worker = new Worker(new URL(WORKER, import.meta.url), { workerData: { path } });
  let failed: Error | null = null;
  let timer: NodeJS.Timeout | null = null;
  worker.on('error', (error) => {
    failed = error instanceof Error ? error : new Error(String(error));
  });
  const send = (type: FollowRequest['type']) => worker.postMessage({ type } satisfies FollowRequest);
  const quiet = store.onAppended(() => {
    timer ??= setTimeout(() => {
      timer = null;
      send('read-on');
    }, PAUSE_MS);
  });
  const answered = (type: FollowRequest['type']): Promise<void> =>
    new Promise((resolve, reject) => {
      if (failed) throw failed;
      const done = (said: unknown) => {
        if (said !== type) return;
        worker.off('message', done);
        worker.off('error', reject);
        resolve();
      };
      worker.on('message', done);
      worker.once('error', reject);
      send(type);
    });
  return {
    caughtUp: () => answered('catch-up'),
    stop: async () => {
      quiet();
      if (timer) clearTimeout(timer);
      await answered('stop');
      await worker.terminate();
    },
  };
};
