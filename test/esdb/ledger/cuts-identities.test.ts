/** Identities of an account whose stream is read over a link that fails, and whose pages come twice. */
import { expect, test, vi } from 'vitest';
import type { UsageRecord } from '../../../src/domain/usage.ts';
import { type EventStore, StoreUnavailable } from '../../../src/eventstore/event-store.ts';
import { openMemoryStore } from '../../../src/eventstore/memory.ts';
import { accountStream } from '../../../src/eventstore/stream-names.ts';
import { openMemoryIndex } from '../../../src/identity-index/memory.ts';
import { identitiesOf } from '../../../src/ledger/account/identities.ts';
import { ACCOUNT, givenLedger, instant } from '../../support/given.ts';
import { recordOf } from './cuts-load.ts';

vi.mock('../../src/identity-index/fingerprint.ts', async (original) => ({
  ...(await original<typeof import('../../../src/identity-index/fingerprint.ts')>()),
  // All identities have the same first place to look, so that every one but one has another.
  fingerprint: () => ({ hi: 1, lo: 1 }),
}));

const STREAM = accountStream(ACCOUNT);
const RECORDS: readonly UsageRecord[] = ['one', 'two', 'three'].map(recordOf);

/** A store with the records in its account, one event each. */
const storeWithRecords = async (): Promise<EventStore> => {
  const store = openMemoryStore();
  const { ledger } = await givenLedger(['face-recognition'], { store });
  for (const record of RECORDS) await ledger.meter(ACCOUNT, [record], instant('2019-01-12T00:00:00+08:00'));
  return store;
};

const bringUp = async (store: EventStore) => {
  const identities = identitiesOf(store, openMemoryIndex());
  await identities.bringUp(ACCOUNT, STREAM, await store.head(STREAM));
  return identities;
};

test('a page that could not be read is read again, not failed again', async () => {
  const store = await storeWithRecords();
  let isCut = false;
  const identities = await bringUp({
    ...store,
    read: async (stream, page) => {
      if (isCut) throw new StoreUnavailable('the link is cut');
      return store.read(stream, page);
    },
  });
  isCut = true;
  await expect(identities.find(ACCOUNT, STREAM, RECORDS)).rejects.toBeInstanceOf(StoreUnavailable);
  isCut = false;
  expect((await identities.find(ACCOUNT, STREAM, RECORDS)).held.size).toBe(RECORDS.length);
});

test('a page that comes twice leaves every identity where it is found', async () => {
  const store = await storeWithRecords();
  const identities = await bringUp(store);
  const page = await store.read(STREAM, { from: 0, limit: 100, direction: 'forwards', records: true });
  for (const part of [page.slice(-1), page]) {
    await identities.take(ACCOUNT, STREAM, part);
    expect((await identities.find(ACCOUNT, STREAM, RECORDS)).held.size).toBe(RECORDS.length);
  }
});
