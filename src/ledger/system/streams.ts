/** System streams: read from a revision on, and appended to by a decision on their content. */

import { openPauses } from '../../async/pauses.ts';
import { headerText } from '../../codec/event-codec.ts';
import type { Instant } from '../../domain/calendar.ts';
import {
  type EventStore,
  type Position,
  type RecordedEvent,
  VersionConflict,
} from '../../eventstore/event-store.ts';
import { eventsOf } from '../../eventstore/reading.ts';
import { seal } from '../../integrity/seal-events.ts';
import { checkSystemReadsBack, decodeSystem, type ReadSystemEvent, readSystemEvent } from './codec.ts';
import type { SystemEvent, SystemEventData, SystemEventType } from './events.ts';

const ATTEMPTS = 50;

/**
 * Events of a system stream from a revision on, oldest first, optionally limited. An unreadable one is returned as
 * `Unreadable`, and affects only what it would have changed.
 */
export const readSystem = (
  store: EventStore,
  stream: string,
  from = 0,
  most = Number.POSITIVE_INFINITY,
): Promise<ReadSystemEvent[]> => pages(store, stream, from, most, readSystemEvent);

/** The same if no event may be skipped (signing keys, the log of checkpoints): rejects with StoredEventUnreadable. */
export const readSystemWhole = (
  store: EventStore,
  stream: string,
  from = 0,
  most = Number.POSITIVE_INFINITY,
): Promise<SystemEvent[]> => pages(store, stream, from, most, decodeSystem);

const pages = async <Event>(
  store: EventStore,
  stream: string,
  from: number,
  most: number,
  read: (stored: RecordedEvent) => Event,
): Promise<Event[]> => {
  const events: Event[] = [];
  // To read one as large as an append may be takes milliseconds.
  const pause = openPauses(1);
  for await (const stored of eventsOf(store, stream, { from, to: from + most - 1 })) {
    events.push(read(stored));
    const turn = pause();
    if (turn) await turn;
  }
  return events;
};

/**
 * Appends the events that `decideOn` returns for the stream's length; retries on a version conflict. Appends nothing
 * for an empty list. Resolves to the position of the last event.
 */
export const appendSystem = async <Type extends SystemEventType>(
  store: EventStore,
  stream: string,
  type: Type,
  at: Instant,
  recordedAt: string,
  decideOn: (length: number) => Promise<readonly SystemEventData[Type][]>,
): Promise<Position | null> => {
  // Encoding and reading back an event as large as an append may be takes milliseconds each.
  const pause = openPauses(1);
  for (let attempt = 1; ; attempt++) {
    const { length, hash } = await store.head(stream);
    const data = await decideOn(length);
    if (data.length === 0) return null;
    const drafts = data.map((d) => ({
      header: headerText(type, 1, at, recordedAt),
      data: JSON.stringify(d),
    }));
    for (const [i, draft] of drafts.entries()) {
      const turn = pause();
      if (turn) await turn;
      checkSystemReadsBack({ stream, revision: length + i, ...draft }, { type, at, data: data[i] });
    }
    const turn = pause();
    if (turn) await turn;
    try {
      return await store.append(stream, length, seal(stream, length, hash, drafts));
    } catch (error) {
      if (!(error instanceof VersionConflict) || attempt === ATTEMPTS) throw error;
      // Jitter, so that concurrent writers do not conflict repeatedly.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * attempt));
    }
  }
};
