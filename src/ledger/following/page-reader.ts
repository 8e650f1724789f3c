/** The reader used by the views: a store in the same thread, or an engine's in a separate one. */
import { startThread } from '../../async/worker-rpc.ts';
import { type EventStore, LedgerRestored, StoreUnavailable } from '../../eventstore/event-store.ts';
import type { ReadNews, ReadOf, ReadReply, ReadRequest, ReadStop } from './read-worker.ts';

export interface PageReader extends Pick<EventStore, 'readAll' | 'onAppended' | 'close'> {
  /** Calls back when the engine was found restored from a backup. */
  onRestored?(listener: (why: LedgerRestored) => void): void;
}

/** Reads an engine's ledger in a separate thread; pages have no records. */
export const readingOf = (of: ReadOf): PageReader => {
  const listeners = new Set<() => void>();
  let restored: (why: LedgerRestored) => void = () => undefined;
  const thread = startThread<ReadRequest, ReadReply, ReadNews>(import.meta.url, './read-worker', {
    data: of,
    failureOf: (reply) => (reply.type === 'failed' ? new StoreUnavailable(reply.why) : null),
    ended: (why) => new StoreUnavailable(`the thread that reads the ledger has ended: ${why}`),
    told: (news) => {
      if (news.type === 'restored') restored(new LedgerRestored(news.why));
      else for (const listener of listeners) listener();
    },
  });
  return {
    readAll: async ({ after, limit }) => {
      const reply = await thread.ask({ type: 'page', after, limit });
      return reply.type === 'page' ? [...reply.page] : [];
    },
    onAppended: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onRestored: (listener) => {
      restored = listener;
    },
    close: async () => {
      thread.fail(new StoreUnavailable('the ledger is closed'));
      thread.tell({ type: 'stop' } satisfies ReadStop);
      await thread.exited;
    },
  };
};
