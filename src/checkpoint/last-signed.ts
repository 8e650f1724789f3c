/** When a checkpoint was last signed, read from the end of the log: a few events, however long the log is. */

import { decodeHeader } from '../codec/event-codec.ts';
import { type Instant, instantOf } from '../domain/calendar.ts';
import type { EventStore } from '../eventstore/event-store.ts';
import { lastEvent } from '../eventstore/reading.ts';
import { LOG } from './leaf.ts';

const PAGE = 16;

/** The real instant at which the last checkpoint was recorded; null if there is none. */
export const lastSignedAt = async (store: EventStore): Promise<Instant | null> => {
  const signed = await lastEvent(store, LOG, { types: ['CheckpointSigned'], page: PAGE });
  return signed && instantOf(decodeHeader(signed).recordedAt);
};
