/** A close that waits is seen: by the log, by the metrics and by name, until it is made. */
import { afterEach, expect, test } from 'vitest';
import { openWaitingCloses, type WaitingClose } from '../../src/operation/waiting-closes.ts';
import { type ServedApi, served, usage, withAccount } from '../support/api.ts';

let api: ServedApi | null = null;
afterEach(async () => {
  await api?.stop();
  api = null;
});

const figure = async (name: string): Promise<number> => {
  const text = await (await fetch(`${api?.base}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return Number(line?.slice(name.length + 1));
};

const IDENTITY = { data: { interface: 'ocr/id-card', calls: 2_000_000 } };
/** Opens accounts of which each but the last makes more calls than the list has a price for. */
const opened = async (accounts: readonly string[]): Promise<ServedApi> => {
  api = await served({ SUANPAN_CLOSE_AT: '1T04:00' });
  for (const account of accounts) {
    await withAccount(api, account);
    await api.ok('POST', `/accounts/${account}/services`, { product: 'ocr' });
  }
  await api.ok(
    'POST',
    '/usage',
    accounts.map((subject) => usage('1', { subject, ...IDENTITY })),
  );
  return api;
};
/** Metrics read the views, which every read of them brings up. */
const seen = async (): Promise<void> => {
  await api?.ok('GET', '/accounts/acme/notices');
};

const AGREED = {
  meter: 'ocr/id-card',
  from: '2019-01',
  ladder: {
    mode: 'volume',
    tierBy: 'post_paid',
    bounds: 'upper',
    per: 1,
    tiers: [{ above: 0, upTo: null, unitPrice: '0.001' }],
  },
};

test('an account without a price for January waits, another goes on; a price and the next round let it go', async () => {
  api = await opened(['acme']);
  await withAccount(api, 'brass');
  await api.ok('PUT', '/clock', { now: '2019-03-02T00:00:00+08:00' });

  const blocked = await api.ok('GET', '/months/2019-01/blocked');
  expect(blocked.body.items).toEqual([
    expect.objectContaining({
      account: 'acme',
      month: '2019-01',
      code: 'price_not_agreed',
      unpriced: { month: '2019-01', meter: 'ocr/id-card', quantity: 2_000_000 },
    }),
  ]);
  // February waits for January; December before it waits for nothing.
  expect((await api.ok('GET', '/months/2019-02/blocked')).body.items).toEqual(blocked.body.items);
  expect((await api.ok('GET', '/months/2018-12/blocked')).body.items).toEqual([]);
  expect(await figure('suanpan_closes_waiting{code="price_not_agreed"}')).toBe(1);
  expect(await figure('suanpan_months_open')).toBe(2);
  expect(await figure('suanpan_accounts')).toBe(2);

  await api.ok('POST', '/accounts/acme/contract-prices', AGREED);
  expect((await api.ok('GET', '/months/2019-01/blocked')).body.items).toEqual([]);
  await api.ok('PUT', '/clock', { now: '2019-03-02T05:00:00+08:00' });
  await seen();
  expect(await figure('suanpan_closes_waiting{code="price_not_agreed"}')).toBe(0);
  expect(await figure('suanpan_months_open')).toBe(0);
});

test('a balance below zero is counted as it falls and as it is paid', async () => {
  api = await served();
  await withAccount(api);
  await api.ok('POST', '/usage', usage('1', {}, 120_000_000));
  await api.ok('PUT', '/clock', { now: '2019-02-02T00:00:00+08:00' });
  const { balance } = (await api.ok('GET', '/accounts/acme')).body;
  expect(balance.total.startsWith('-')).toBe(true);
  await seen();
  expect(await figure('suanpan_accounts_below_zero')).toBe(1);
  await api.ok('POST', '/accounts/acme/deposits', { amount: '1000000.00', reference: 'second' });
  await seen();
  expect(await figure('suanpan_accounts_below_zero')).toBe(0);
});

test('a page ends where it should, and the next goes on behind it', async () => {
  const accounts = ['a', 'b', 'c'];
  api = await opened(accounts);
  await api.ok('PUT', '/clock', { now: '2019-02-02T00:00:00+08:00' });
  const found: string[] = [];
  for (let cursor = ''; ; ) {
    const { items, next } = (await api.ok('GET', `/months/2019-01/blocked?limit=1${cursor}`)).body;
    found.push(...items.map(({ account }: { account: string }) => account));
    if (next === null) break;
    cursor = `&cursor=${encodeURIComponent(next)}`;
  }
  expect(found).toEqual(accounts);
});

const UNPRICED = { meter: 'toy/m', quantity: 5, month: '2019-01', closing: '2019-01' };

test('a close that waits is told once, and again when its reason changes', () => {
  const told: WaitingClose[] = [];
  const closes = openWaitingCloses(
    () => '2019-02-01T00:00:00Z',
    (one) => told.push(one),
  );
  const refusal = (detail: string) => ({ code: 'price_not_agreed', detail, members: UNPRICED }) as const;
  for (let round = 0; round < 3; round++) closes.refused('acme', '2019-01', refusal('no price'));
  expect(told.length).toBe(1);
  closes.refused('acme', '2019-01', refusal('no price for more'));
  expect(told.map(({ detail }) => detail)).toEqual(['no price', 'no price for more']);
  closes.failed('brass', new Error('unforeseen'));
  expect(Object.fromEntries(closes.counts())).toEqual({ price_not_agreed: 1, internal: 1 });
  closes.done('acme');
  expect(closes.until('2019-01').map(({ account }) => account)).toEqual(['brass']);
});
