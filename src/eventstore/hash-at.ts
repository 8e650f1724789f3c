/** The hash of one event, from any store. */

import { hexOf } from '../integrity/seal-events.ts';
import type { EventStore } from './event-store.ts';
import { eventAt } from './reading.ts';

/** An event's hash in hex; null if there is no such event. */
export const hashAt = async (store: EventStore, stream: string, revision: number): Promise<string | null> => {
  const event = await eventAt(store, stream, revision);
  return event && hexOf(event.hash);
};
