/** The hash of one event, from whatever engine holds it. */
import type { EventStore } from './event-store.ts';
import { hexOf } from './sealing.ts';

/** An event's hash in hex; null where there is no such event. */
export const hashAt = async (store: EventStore, stream: string, revision: number): Promise<string | null> => {
  if (revision < 0) return null;
  const [event] = await store.read(stream, {
    from: revision,
    limit: 1,
    direction: 'forwards',
    records: false,
  });
  return event?.revision === revision ? hexOf(event.hash) : null;
};
