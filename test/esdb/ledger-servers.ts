/** Servers of one ledger on an engine, each with a folder of its own; closed, and the folders gone, when the test ends. */
import { onTestFinished } from 'vitest';
import * as z from 'zod';
import type { EventStore } from '../../src/eventstore/event-store.ts';
import type { EngineStore } from '../../src/eventstore/eventstoredb/store.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openLedgerAt } from '../../src/ledger/open.ts';
import { temporaryFolder } from '../support/folder.ts';

export type Pair = readonly [Ledger, Ledger];

/** Opens a server; it is closed before its folder goes. */
export const openServer = async (address: string): Promise<Ledger> => {
  const data = temporaryFolder();
  const ledger = await openLedgerAt({ store: address, data, clock: 'driven' });
  onTestFinished(() => ledger.close());
  return ledger;
};

/** Two servers that are started at once on a ledger that is new. */
export const openPair = async (a: string, b = a): Promise<Pair> => {
  const [one, two] = [openServer(a), openServer(b)];
  return [await one, await two];
};

const isEngineStore = (store: EventStore): store is EngineStore => 'appendMetrics' in store;

/** What a server's appends came to, in one line for people. */
export const appendsOf = ({ store }: Ledger): EngineStore['appendMetrics'] => {
  if (!isEngineStore(store)) throw new Error('this ledger is on no engine');
  return store.appendMetrics;
};

const day = z.record(z.string(), z.object({ records: z.int(), calls: z.int() }));

/** Records and calls of an account, as a server's views have them. */
export const counted = ({ views }: Ledger, account: string): { records: number; calls: number } => {
  const days = views?.list('usage', `${account}/`, null, 1_000) ?? [];
  const sums = days.flatMap(({ value }) => Object.values(day.parse(value)));
  return sums.reduce(
    (all, { records, calls }) => ({ records: all.records + records, calls: all.calls + calls }),
    { records: 0, calls: 0 },
  );
};
