/**
 * Personal data of an account's holder, in a separate stream, which can be erased without breaking the account's hash
 * chain.
 */
import type { Instant } from '../../domain/calendar.ts';
import type { EventStore } from '../../eventstore/event-store.ts';
import { streamPages } from '../../eventstore/reading.ts';
import { HOLDERS } from '../../eventstore/stream-names.ts';
import { appendSystem, readSystem } from './streams.ts';

export const holderStream = (account: string): string => `${HOLDERS}${account}`;

/** The name of an account's holder; null if none was given, or it was erased. */
export const holderName = async (store: EventStore, account: string): Promise<string | null> => {
  const last = (await readSystem(store, holderStream(account))).at(-1);
  return last?.type === 'HolderNamed' ? last.data.name : null;
};

/** Records the holder's name, once. */
export const nameHolder = async (
  store: EventStore,
  account: string,
  name: string,
  at: Instant,
  recordedAt: string,
): Promise<void> => {
  await appendSystem(store, holderStream(account), 'HolderNamed', at, recordedAt, async (length) =>
    length === 0 ? [{ account, name }] : [],
  );
};

/** Accounts whose holder has a stream, in the order of their ids. */
export async function* namedAccounts(store: Pick<EventStore, 'streams'>): AsyncGenerator<string> {
  for await (const names of streamPages(store, HOLDERS))
    for (const name of names) yield name.slice(HOLDERS.length);
}
