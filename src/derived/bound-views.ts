/** Views opened beside a ledger: those that were derived from another one, or from what it was before, are forgotten. */
import { anchorHolds } from '../eventstore/anchor.ts';
import type { EventStore } from '../eventstore/event-store.ts';
import { openSound } from '../files/sound-database.ts';
import { openViews, type Views } from './views.ts';

/**
 * Opens (and makes) the views at a path, empty where what is there does not hold of the ledger; they are then projected
 * again from its first event. Throws what the disk has against it.
 */
export const openBoundViews = async (path: string, store: Pick<EventStore, 'read'>): Promise<Views> => {
  const views = openSound(path, openViews);
  try {
    if (!(await viewsHold(views, store))) views.resetAll();
    return views;
  } catch (error) {
    views.close();
    throw error;
  }
};

/** Whether views were derived from the ledger as it is now. Those of an earlier release do not say: they were not. */
export const viewsHold = async (
  views: Pick<Views, 'anchor' | 'isEmpty'>,
  store: Pick<EventStore, 'read'>,
): Promise<boolean> => {
  const anchor = views.anchor();
  return anchor === null ? views.isEmpty() : anchorHolds(store, anchor);
};
