/** Reads a close by its revision in an account's stream. */

import { decodeEvent } from '../../codec/event-codec.ts';
import type { StreamReads } from '../../eventstore/event-store.ts';
import { eventAt } from '../../eventstore/reading.ts';
import type { Closed } from './replay-month.ts';

/** The MonthClosed at a revision; null if there is another event, or none. */
export const closeIfAny = async (
  store: StreamReads,
  stream: string,
  revision: number,
): Promise<Closed | null> => {
  const stored = await eventAt(store, stream, revision);
  const event = stored && decodeEvent(stored);
  return event?.type === 'MonthClosed' ? event : null;
};

/** The MonthClosed at a revision. Throws if there is another event, or none. */
export const closeAt = async (store: StreamReads, stream: string, revision: number): Promise<Closed> => {
  const close = await closeIfAny(store, stream, revision);
  if (!close) throw new Error(`event ${revision} of ${stream} closes no month`);
  return close;
};
