/** The overview's amounts of a month on its way: metered, at a price that is agreed, corrected, closed, reported late. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openViews } from '../../src/derived/views.ts';
import { rebuildViews } from '../../src/ledger/following/follow.ts';
import { type ServedApi, served, usage, withAccount } from '../support/api.ts';
import { temporaryFolder } from '../support/folder.ts';

// biome-ignore lint/suspicious/noExplicitAny: what comes back is what a test looks at.
type Json = any;

let api: ServedApi;
beforeAll(async () => {
  api = await served({ SUANPAN_CLOSE_AT: 'manual' });
  await withAccount(api);
});
afterAll(() => api.stop());

const body = async (path: string): Promise<Json> => (await api.ok('GET', path)).body;
const product = async (): Promise<Json> => (await body('/overview')).products[0];
const estimated = async (): Promise<string> => (await body('/accounts/acme/estimate')).due;
const clock = (now: string) => api.ok('PUT', '/clock', { now });

test('follow what is metered, agreed and corrected, and stay with the bill', async () => {
  await clock('2019-01-10T12:00:00+08:00');
  await api.ok('POST', '/usage', [usage('1', {}, 500_000)]);
  const metered = await estimated();
  expect(await product()).toMatchObject({ current: { calls: 500_000, amount: metered, unpriced: 0 } });

  await clock('2019-01-20T12:00:00+08:00');
  const tiers = [{ above: 0, upTo: null, unitPrice: '0.5' }];
  const ladder = { mode: 'volume', tierBy: 'post_paid', bounds: 'upper', per: 1, tiers };
  const contract = { meter: 'face-recognition/compare', from: '2019-01', ladder };
  await api.ok('POST', '/accounts/acme/contract-prices', contract);
  const agreed = await estimated();
  expect(agreed).not.toBe(metered);
  expect((await product()).current).toMatchObject({ calls: 500_000, amount: agreed });

  await api.ok('POST', '/accounts/acme/corrections', {
    ...{ source: '/gateway/1', id: '1', calls: 400_000, reason: 'counted twice' },
  });
  const corrected = await estimated();
  expect((await product()).current).toMatchObject({ calls: 400_000, amount: corrected });

  await clock('2019-02-10T12:00:00+08:00');
  const bill = (await api.ok('POST', '/accounts/acme/months/2019-01/close')).body;
  await api.ok('POST', '/usage', [usage('late', {}, 7)]);
  const { current, before } = await product();
  expect(bill.due).toBe(corrected);
  // A late record is metered; what it costs is a correction of the next bill.
  expect(before.whole).toEqual({ calls: 400_007, amount: corrected });
  // On the tenth of January neither the contract nor the correction was known.
  expect([before.calls, before.amount]).toEqual([500_000, metered]);
  expect(current).toMatchObject({ calls: 0, amount: '0.00' });
});

test('are the same from views that are built anew', async () => {
  const { ledger } = api.running.api;
  await body('/overview');
  const anew = openViews(join(temporaryFolder(), 'views'));
  await rebuildViews(ledger.store, anew, () => undefined);
  for (const name of ['intake', 'estimates', 'pack-stock'])
    expect(anew.list(name, '', null, 1_000), name).toEqual(ledger.views?.list(name, '', null, 1_000));
  anew.close();
});
