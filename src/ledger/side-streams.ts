/** Streams beside the accounts': read whole or from a revision, appended to by deciding on what they hold. */
import * as z from 'zod';
import { decodeHeader, headerText, StoredEventUnreadable } from '../codec/event-codec.ts';
import type { Instant } from '../domain/calendar.ts';
import { type EventStore, type Position, type RecordedEvent, VersionConflict } from '../store/event-store.ts';
import { seal } from '../store/sealing.ts';
import { isSideType, type SideData, type SideEvent, type SideType, sideEvents } from './side-events.ts';

const PAGE = 128;
const ATTEMPTS = 50;

/** What of a stored event its meaning is read from. */
export type StoredText = Pick<RecordedEvent, 'stream' | 'revision' | 'header' | 'data'>;

/** A stored event of a side stream, parsed. */
export const decodeSide = (stored: StoredText): SideEvent => {
  const { type, at } = decodeHeader(stored);
  if (!isSideType(type)) throw new StoredEventUnreadable(stored, `${type} has no place in this stream`);
  const result = sideEvents[type].safeParse(JSON.parse(stored.data));
  if (!result.success) throw new StoredEventUnreadable(stored, z.prettifyError(result.error));
  return { type, at, data: result.data } as SideEvent;
};

/** Events of a side stream from a revision on, oldest first; all of them, or at most so many. */
export const readSide = async (
  store: EventStore,
  stream: string,
  from = 0,
  most = Number.POSITIVE_INFINITY,
): Promise<SideEvent[]> => {
  const events: SideEvent[] = [];
  while (events.length < most) {
    const page = await store.read(stream, {
      from: from + events.length,
      limit: Math.min(PAGE, most - events.length),
      direction: 'forwards',
      records: false,
    });
    if (page.length === 0) break;
    events.push(...page.map(decodeSide));
  }
  return events;
};

/**
 * Appends what `decideOn` makes of a stream of that many events; decides again when another writer was first. Appends
 * nothing for an empty list. Resolves to where the last of them lies.
 */
export const appendSide = async <Type extends SideType>(
  store: EventStore,
  stream: string,
  type: Type,
  at: Instant,
  recordedAt: string,
  decideOn: (length: number) => Promise<readonly SideData[Type][]>,
): Promise<Position | null> => {
  for (let attempt = 1; ; attempt++) {
    const { length, hash } = await store.head(stream);
    const data = await decideOn(length);
    if (data.length === 0) return null;
    const drafts = data.map((d) => ({
      header: headerText(type, 1, at, recordedAt),
      data: JSON.stringify(d),
    }));
    try {
      return await store.append(stream, length, seal(stream, length, hash, drafts));
    } catch (error) {
      if (!(error instanceof VersionConflict) || attempt === ATTEMPTS) throw error;
      // Spread: many that came at once must not meet again and again.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * attempt));
    }
  }
};
