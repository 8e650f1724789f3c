/**
 * The current counts of records: the count of each record's last correction, looked up for a page of records together.
 */

import { decodeEvent } from '../../codec/event-codec.ts';
import type { Counts } from '../../domain/correct-usage.ts';
import type { EventOf } from '../../domain/events.ts';
import type { UsageRecord } from '../../domain/usage.ts';
import { type EventStore, StoreUnavailable } from '../../eventstore/event-store.ts';
import { eventAt, eventsOf } from '../../eventstore/reading.ts';
import { accountStream } from '../../eventstore/stream-names.ts';
import type { IdentityIndex } from '../../identity-index/port.ts';
import { correctedKey } from '../account/index-entries.ts';

type Identity = Pick<UsageRecord, 'source' | 'id'>;

/** Reads side by side: an engine is a round trip away. */
const TOGETHER = 32;

/**
 * For each record the count of its last correction; null if it was never corrected. Events that the index does not
 * cover are read from the stream, because a read must not wait for the index.
 */
export const correctedCounts = async (
  store: EventStore,
  index: IdentityIndex,
  account: string,
  records: readonly Identity[],
): Promise<readonly (Counts | null)[]> => {
  const { length, places } = await indexed(index, account, records);
  const later = await correctedFrom(store, account, length);
  const counts: (Counts | null)[] = [];
  for (let from = 0; from < records.length; from += TOGETHER) {
    const some = records.slice(from, from + TOGETHER);
    counts.push(
      ...(await Promise.all(
        some.map((record, i) => {
          const last = later.get(correctedKey(record.source, record.id));
          const place = places[from + i];
          return last ?? (place ? countAt(store, account, place.revision, record) : null);
        }),
      )),
    );
  }
  return counts;
};

/** Locations of corrections in the index, and how far the index covers the stream; empty if it is unavailable. */
const indexed = async (index: IdentityIndex, account: string, records: readonly Identity[]) => {
  try {
    const { length } = await index.watermark(account);
    const keys = records.map(
      ({ source, id }) => ({ kind: 'corrected', text: correctedKey(source, id) }) as const,
    );
    return { length, places: await index.find(account, keys) };
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    return { length: 0, places: [] };
  }
};

/** Counts of the last corrections from a revision on, by record. */
const correctedFrom = async (
  store: EventStore,
  account: string,
  revision: number,
): Promise<ReadonlyMap<string, Counts>> => {
  const counts = new Map<string, Counts>();
  const range = { from: revision, types: ['UsageCorrected'] };
  for await (const stored of eventsOf(store, accountStream(account), range)) {
    const event = decodeEvent(stored);
    if (event.type === 'UsageCorrected')
      counts.set(correctedKey(event.data.source, event.data.id), countsIn(event.data));
  }
  return counts;
};

const countsIn = ({ to, quantities }: EventOf<'UsageCorrected'>['data']): Counts => ({
  calls: to,
  ...(quantities ? { quantities: quantities.to } : {}),
});

/** The index only says where to look; the event there must be a correction of that record. */
const countAt = async (
  store: EventStore,
  account: string,
  revision: number,
  { source, id }: Identity,
): Promise<Counts | null> => {
  const stored = await eventAt(store, accountStream(account), revision);
  const event = stored && decodeEvent(stored);
  const isIt = event?.type === 'UsageCorrected' && event.data.source === source && event.data.id === id;
  return isIt ? countsIn(event.data) : null;
};
