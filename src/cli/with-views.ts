/** A ledger's views, for a command that only reads its events. */
import { openBoundViews } from '../derived/bound-views.ts';
import { derivedPath } from '../derived/files.ts';
import type { Views } from '../derived/views.ts';
import type { EventStore } from '../eventstore/event-store.ts';
import { DEFAULT_STORE, whereOf } from '../ledger/location.ts';
import { type Context, storeOf } from './command.ts';

/** Runs work on the views of a ledger as last saved, and closes them. */
export const withViews = async <T>(
  context: Context,
  store: EventStore,
  work: (views: Views) => Promise<T>,
): Promise<T> => {
  // An engine's ledger has views in the folder of each server, which are that server's alone.
  const { base, kind } = whereOf(storeOf(context, DEFAULT_STORE), null);
  const path = kind === 'file' && base !== null ? derivedPath(base, 'views') : ':memory:';
  const views = await openBoundViews(path, store);
  try {
    return await work(views);
  } finally {
    views.close();
  }
};
