/**
 * Reads each key's used daily quota from the log: if a restarted server began at zero, junk could use a full quota per
 * restart.
 */
import { openPauses } from '../../async/pauses.ts';
import { sideBySide } from '../../async/side-by-side.ts';
import type { EventStore, RecordedEvent } from '../../eventstore/event-store.ts';
import { eventsBackwards, streamPages } from '../../eventstore/reading.ts';
import { readSystemEvent } from '../system/codec.ts';
import { reportsOf } from './packed.ts';

/** Events of a day that are read; of a day with more, the rest counts as not used. */
const EVENTS_MAX = 50_000;
const STREAMS_TOGETHER = 16;
/** Most logs have nothing of the day: their last event is read to see it. */
const PAGE = 16;

export interface Used {
  reports: number;
  characters: number;
  /** Some reports were not stored, so the quota is used up. */
  isFull: boolean;
}

type Streams = Pick<EventStore, 'head' | 'read' | 'streams'>;

/** The logged usage of a day (UTC), by key. `most`: limit on events read. */
export const usedOn = async (
  store: Streams,
  day: string,
  most: number = EVENTS_MAX,
): Promise<ReadonlyMap<string, Used>> => {
  const used = new Map<string, Used>();
  const pause = openPauses(1);
  let left = most;

  const take = (event: RecordedEvent): boolean => {
    const { type, at, data } = readSystemEvent(event);
    if (type !== 'UsageRefused' && type !== 'UsageNotKept') return true;
    const own = at.slice(0, 10);
    // A server whose clock is ahead may have written entries of the next day.
    if (own !== day) return own > day;
    if (data.key === undefined) return true;
    const of = used.get(data.key) ?? { reports: 0, characters: 0, isFull: false };
    used.set(data.key, of);
    if (type === 'UsageNotKept') of.isFull = true;
    else if (!of.isFull)
      for (const report of reportsOf(data)) {
        of.reports += 1;
        of.characters += JSON.stringify(report).length;
      }
    return true;
  };

  const readBack = async (stream: string): Promise<void> => {
    const last = (await store.head(stream)).length - 1;
    for await (const event of eventsBackwards(store, stream, { from: last, page: PAGE })) {
      if (left <= 0 || !take(event)) return;
      left -= 1;
      const turn = pause();
      if (turn) await turn;
    }
  };

  for await (const streams of streamPages(store, 'refused'))
    await sideBySide(streams, STREAMS_TOGETHER, readBack);
  return used;
};
