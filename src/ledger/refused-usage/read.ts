/** Reads refused usage from its log: stored reports, and counts of others. */

import type { EventStore } from '../../eventstore/event-store.ts';
import { eventAt } from '../../eventstore/reading.ts';
import { decodeSystem } from '../system/codec.ts';
import type { SystemEventData } from '../system/events.ts';
import { readSystem } from '../system/streams.ts';
import type { RefusedRecord } from './events.ts';
import { refusedStream } from './log.ts';
import { reportsOf } from './packed.ts';

/** Refused usage of an account (null: of unknown accounts), oldest first. */
export const readRefused = async (
  store: EventStore,
  account: string | null,
): Promise<(RefusedRecord & { at: string })[]> =>
  (await readSystem(store, refusedStream(account))).flatMap((event) =>
    event.type === 'UsageRefused' ? reportsOf(event.data).map((record) => ({ ...record, at: event.at })) : [],
  );

/** One addition to a log. */
export interface LoggedAt {
  readonly at: string;
  /** The key that reported; null: an import, or a release before this one. */
  readonly key: string | null;
  readonly records: readonly RefusedRecord[];
  /** Refused beyond the key's daily quota. */
  readonly notKept: SystemEventData['UsageNotKept']['counts'];
}

/** One addition to an account's log, by its revision; null at its end. */
export const readRefusedAt = async (
  store: EventStore,
  account: string | null,
  revision: number,
): Promise<LoggedAt | null> => {
  const stored = await eventAt(store, refusedStream(account), revision);
  if (!stored) return null;
  const event = decodeSystem(stored);
  const { at } = event;
  if (event.type === 'UsageNotKept')
    return { at, key: event.data.key, records: [], notKept: event.data.counts };
  if (event.type !== 'UsageRefused') return { at, key: null, records: [], notKept: [] };
  return { at, key: event.data.key ?? null, records: reportsOf(event.data), notKept: [] };
};
