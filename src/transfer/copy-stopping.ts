/** Long reading that can be stopped. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EventStore } from '../eventstore/event-store.ts';

/**
 * A store that is read page by page until a signal is given, and then rejects with its reason. Before each page the
 * event loop gets its turn: an embedded engine answers at once, and a signal would not be noticed until the end.
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
