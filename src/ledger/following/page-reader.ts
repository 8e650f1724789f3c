/** What keeps views reads a ledger through this: a store in the same thread, or an engine's in a thread of its own. */
import { Worker } from 'node:worker_threads';
import {
  type EventStore,
  LedgerRestored,
  type RecordedEvent,
  StoreUnavailable,
} from '../../eventstore/event-store.ts';
import type { ReadOf, ReadReply, ReadRequest } from './read-worker.ts';

export interface PageReader extends Pick<EventStore, 'readAll' | 'onAppended' | 'close'> {
  /** Calls back when the engine was found restored from a backup. */
  onRestored?(listener: (why: LedgerRestored) => void): void;
}

const WORKER = import.meta.url.endsWith('.ts') ? './read-worker.ts' : './read-worker.js';

/** Reads an engine's ledger in a thread of its own; pages come without records. */
export const readingOf = (of: ReadOf): PageReader => {
  const worker = new Worker(new URL(WORKER, import.meta.url), { workerData: of });
  const waiting = new Map<
    number,
    { resolve: (page: RecordedEvent[]) => void; reject: (error: Error) => void }
  >();
  const listeners = new Set<() => void>();
  let restored: (why: LedgerRestored) => void = () => undefined;
  let asks = 0;
  let dead: Error | null = null;
  const end = (error: Error): void => {
    dead = error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on('error', (error) => end(error instanceof Error ? error : new Error(String(error))));
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  worker.on('message', (reply: ReadReply) => {
    if (reply.type === 'moved') {
      for (const listener of listeners) listener();
      return;
    }
    if (reply.type === 'restored') {
      restored(new LedgerRestored(reply.why));
      return;
    }
    const one = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (reply.type === 'page') one?.resolve([...reply.page]);
    else one?.reject(new StoreUnavailable(reply.why));
  });
  const post = (request: ReadRequest): void => worker.postMessage(request);
  return {
    readAll: ({ after, limit }) =>
      new Promise((resolve, reject) => {
        if (dead) throw dead;
        asks += 1;
        waiting.set(asks, { resolve, reject });
        post({ type: 'page', id: asks, after, limit });
      }),
    onAppended: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onRestored: (listener) => {
      restored = listener;
    },
    close: async () => {
      end(new StoreUnavailable('the ledger is closed'));
      post({ type: 'stop' });
      await ended;
    },
  };
};
