/** Long reads that can be aborted. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EventStore } from '../eventstore/event-store.ts';

/**
 * Wraps a store so that reads reject with the signal's reason once it is aborted. Yields to the event loop before each
 * page: the embedded store answers synchronously, so an abort would otherwise go unnoticed until the end.
 */
export const readUntil = (store: EventStore, signal: AbortSignal): EventStore => {
  const turn = async (): Promise<void> => {
    await nextTurn();
    signal.throwIfAborted();
  };
  return {
    ...store,
    readAll: async (options) => {
      await turn();
      return store.readAll(options);
    },
    heads: async (options) => {
      await turn();
      return store.heads(options);
    },
  };
};
