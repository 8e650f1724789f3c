/**
 * Opens views beside a ledger; views derived from another ledger, or from a later state of a restored one, are dropped.
 */
import { anchorHolds } from '../eventstore/anchor.ts';
import type { EventStore } from '../eventstore/event-store.ts';
import { openSound } from '../files/sound-database.ts';
import { openViews, type Views } from './views.ts';

/**
 * Opens or creates the views at a path; empties them if they are not of this ledger, so that they are projected again.
 * Throws errors of the disk.
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

/** Whether views were derived from this ledger. Those of an earlier release have no anchor and count as not. */
const viewsHold = async (
  views: Pick<Views, 'anchor' | 'isEmpty'>,
  store: Pick<EventStore, 'read'>,
): Promise<boolean> => {
  const anchor = views.anchor();
  return anchor === null ? views.isEmpty() : anchorHolds(store, anchor);
};
