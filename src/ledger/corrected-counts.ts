/** What records count today: the count of the last correction of each, looked up for a page of records together. */
import { decodeEvent } from '../codec/event-codec.ts';
import type { UsageRecord } from '../domain/usage.ts';
import type { EventStore } from '../store/event-store.ts';
import type { IdentityIndex } from '../store/identity-index.ts';
import { correctedKey } from './identities.ts';
import { accountStream } from './surroundings.ts';

type Identity = Pick<UsageRecord, 'source' | 'id'>;

/** Reads side by side: an engine is a round trip away. */
const TOGETHER = 32;

/** For each record the count of its last correction; null for one that was never corrected. */
export const correctedCounts = async (
  store: EventStore,
  index: IdentityIndex,
  account: string,
  records: readonly Identity[],
): Promise<readonly (number | null)[]> => {
  const places = await index.find(
    account,
    records.map(({ source, id }) => ({ kind: 'corrected', text: correctedKey(source, id) })),
  );
  const counts: (number | null)[] = [];
  for (let from = 0; from < records.length; from += TOGETHER) {
    const some = records.slice(from, from + TOGETHER);
    counts.push(
      ...(await Promise.all(
        some.map((record, i) => {
          const place = places[from + i];
          return place ? countAt(store, account, place.revision, record) : null;
        }),
      )),
    );
  }
  return counts;
};

/** The index only says where to look: what is there must be a correction of that record. */
const countAt = async (
  store: EventStore,
  account: string,
  revision: number,
  { source, id }: Identity,
): Promise<number | null> => {
  const options = { from: revision, limit: 1, direction: 'forwards', records: false } as const;
  const [stored] = await store.read(accountStream(account), options);
  const fact = stored && decodeEvent(stored);
  const isIt = fact?.type === 'UsageCorrected' && fact.data.source === source && fact.data.id === id;
  return isIt ? fact.data.to : null;
};
