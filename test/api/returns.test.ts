/** Packs that are granted and returned, over HTTP: the command, and every list and sum that shows packs. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { soundBook } from '../price-books/sound-book.ts';
import { type ServedApi, served } from '../support/api.ts';

const POOL = 'toy/a';
const book = {
  ...soundBook,
  pools: soundBook.pools.map((pool) => ({
    ...pool,
    returns: { withinDays: 7 },
    packs: pool.packs.map((pack) => ({ ...pack, validFor: { days: 30 }, expires: 'end_of_day' })),
  })),
  grants: [{ pool: POOL, size: 3, validFor: { months: 1 } }],
};

let api: ServedApi;
const get = async (path: string) => (await api.ok('GET', path)).body;
const back = (pack: string, query = '') => api.send('POST', `/accounts/acme/packs/${pack}/return${query}`);

beforeAll(async () => {
  api = await served();
  await api.ok('PUT', '/price-books/toy/2019-01', book);
  await api.ok('POST', '/accounts', { account: 'acme', name: '' });
  await api.ok('POST', '/accounts/acme/services', { product: 'toy' });
  await api.ok('POST', '/accounts/acme/deposits', { amount: '10.00', reference: 'first' });
  await api.ok('POST', '/accounts/acme/packs', { pool: POOL, size: 10, quantity: 2 });
});
afterAll(() => api.stop());

test('the list says which was granted, how long each lives, and until when it can be returned', async () => {
  const { items } = await get('/accounts/acme/packs');
  expect(items).toMatchObject([
    {
      pack: 'pack-000001',
      granted: true,
      price: '0.00',
      state: 'usable',
      expiresAt: '2019-01-31T16:00:00.000Z',
    },
    {
      pack: 'pack-000002',
      expiresAt: '2019-01-31T16:00:00.000Z',
      returnableUntil: '2019-01-07T16:00:00.000Z',
    },
    { pack: 'pack-000003', state: 'usable' },
  ]);
  expect(items[0]).not.toHaveProperty('returnableUntil');
  expect(items[1]).not.toHaveProperty('granted');
});

describe('a pack is returned', () => {
  test('tried out, it changes nothing', async () => {
    const { status, body } = await back('pack-000003', '?dryRun=true');
    expect([status, body.state, body.price]).toEqual([201, 'returned', '1.00']);
    expect((await get('/accounts/acme')).balance.total).toBe('8.00');
  });

  test('for its price, and again with nothing more', async () => {
    const key = { 'idempotency-key': 'return-3' };
    const send = () => api.send('POST', '/accounts/acme/packs/pack-000003/return', undefined, key);
    const first = await send();
    const repeated = await send();
    expect([repeated.status, repeated.body]).toEqual([201, first.body]);
    expect(repeated.headers.get('idempotency-hit')).toBe('true');
    expect([first.status, first.body.state, first.body.remaining]).toEqual([201, 'returned', 0]);
    const again = await back('pack-000003');
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect((await get('/accounts/acme')).balance.total).toBe('9.00');
    expect((await get('/accounts/acme/packs?state=returned')).items).toEqual([first.body]);
  });

  test('or the answer says why not', async () => {
    const refused = async (pack: string) => {
      const { status, body } = await back(pack);
      return [status, body.code, body.reason];
    };
    expect(await refused('pack-000001')).toEqual([409, 'pack_not_returnable', 'granted']);
    expect(await refused('pack-000009')).toEqual([404, 'pack_unknown', undefined]);
  });
});

test('what used the pack was its return', async () => {
  const { items } = await get('/accounts/acme/packs/pack-000003/deductions');
  expect(items).toMatchObject([{ kind: 'return', before: 10, voided: 10, after: 0, reason: null }]);
});

test('it is sold no more, and a grant never was', async () => {
  const { items: pools } = await get('/finance/pools');
  expect(pools).toMatchObject([{ pool: POOL, packs: 1, paid: '1.00', sold: 10, used: 0, unused: 10 }]);
  const { items: months } = await get('/finance/months');
  expect(months[0].packs).toEqual({ sold: 1, amount: '1.00' });
  const { items: stock } = await get('/overview/packs');
  expect(stock.map(({ pack }: { pack: string }) => pack).sort()).toEqual(['pack-000001', 'pack-000002']);
});

test('statement and bill show it, and so do their files', async () => {
  const { entries, sums, closing } = await get('/accounts/acme/statement');
  expect(entries.at(-1)).toMatchObject({ kind: 'return', reference: POOL, packs: 1, amount: '1.00' });
  expect([sums.return, sums.packs, closing]).toEqual(['1.00', '-2.00', '9.00']);
  await api.ok('PUT', '/clock', { now: '2019-02-01T05:00:00+08:00' });
  const bill = await get('/accounts/acme/bills/2019-01');
  expect([bill.packReturns, bill.packsTotal]).toEqual([
    [{ pack: 'pack-000003', pool: POOL, size: 10, price: '1.00' }],
    '1.00',
  ]);
  const text = async (file: string): Promise<string> =>
    String((await api.send('GET', `/accounts/acme/exports/${file}?month=2019-01`)).body);
  expect(await text('bills.csv')).toMatch(/,return,packs,.*,pack-000003,10,-1\.00,/);
  expect(await text('products.csv')).toMatch(/,1\.00,1\.00/);
  expect(await text('focus.csv')).toMatch(/returned pack-000003: a pack of 10/);
  expect((await get('/accounts/acme/bills/2019-01/replay')).match).toBe(true);
});
