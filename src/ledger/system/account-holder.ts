/** What names a person lies in a stream of its own, which can be erased without breaking a chain. */
import type { Instant } from '../../domain/calendar.ts';
import type { EventStore } from '../../eventstore/event-store.ts';
import { appendSystem, readSystem } from './streams.ts';

const streamOf = (account: string): string => `holder-${account}`;

/** The name an account was opened with; null when it has none or it was erased. */
export const holderName = async (store: EventStore, account: string): Promise<string | null> => {
  const last = (await readSystem(store, streamOf(account))).at(-1);
  return last?.type === 'HolderNamed' ? last.data.name : null;
};

/** Gives an account its name, once. */
export const nameHolder = async (
  store: EventStore,
  account: string,
  name: string,
  at: Instant,
  recordedAt: string,
): Promise<void> => {
  await appendSystem(store, streamOf(account), 'HolderNamed', at, recordedAt, async (length) =>
    length === 0 ? [{ account, name }] : [],
  );
};
