/**
 * Finance's figures are what the accounts' own bills, packs and balances add up to, each sum is what its shares add up to,
 * and views that are made again have the same.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildDemo, DEMO_ENDS } from '../../src/demo/build.ts';
import { openViews } from '../../src/derived/views.ts';
import { exact } from '../../src/domain/money.ts';
import { catchUp } from '../../src/ledger/following/follow.ts';
import { openForReading, openLedgerAt } from '../../src/ledger/open.ts';
import { recordsOf } from '../export/parsed-csv.ts';
import { ADMIN, type ServedApi, served, usage } from '../support/api.ts';

// What the API answers, as it comes.
// biome-ignore lint/suspicious/noExplicitAny: read from JSON.
type Json = any;

const folder = mkdtempSync(join(tmpdir(), 'suanpan-finance-'));
const store = `sqlite:${join(folder, 'ledger.db')}`;
let api: ServedApi;
let accounts: readonly Json[];
const get = async (path: string): Promise<Json> => (await api.ok('GET', path)).body;
const all = async (path: string): Promise<readonly Json[]> => {
  const items: Json[] = [];
  for (let cursor = ''; ; ) {
    const { items: page, next } = await get(`${path}${path.includes('?') ? '&' : '?'}limit=3${cursor}`);
    items.push(...page);
    if (next === null) return items;
    cursor = `&cursor=${encodeURIComponent(next)}`;
  }
};

beforeAll(async () => {
  const ledger = await openLedgerAt({ store, clock: 'driven' });
  await buildDemo(ledger, { accounts: 8, records: 3_000 }, () => undefined).finally(() => ledger.close());
  api = await served({ SUANPAN_STORE: store, SUANPAN_CLOCK: DEMO_ENDS });
  const post = (path: string, body: object) => api.ok('POST', path, body);
  // In the month that runs: a pack bought by mistake, another one used, a credit, a correction of a closed month.
  const [demo] = (await get('/accounts')).items;
  const at = `/accounts/${demo.account}`;
  await post(`${at}/deposits`, { amount: '900000.00', reference: 'finance' });
  const pool = 'face-recognition/compare';
  const bought = await post(`${at}/packs`, { pool, size: 1_000_000, quantity: 3 });
  const [first] = bought.body.packs;
  await post(`${at}/credits`, {
    amount: first.price,
    reference: 'c1',
    reason: 'by mistake',
    pack: first.pack,
  });
  await post('/usage', {
    ...usage('f-1', { subject: demo.account, time: '2020-03-04T08:00:00+08:00' }),
    data: { interface: pool, calls: 1_234_567 },
  });
  accounts = await all('/accounts');
});
afterAll(async () => {
  await api.stop();
  rmSync(folder, { recursive: true, force: true });
});

const sum = (amounts: readonly string[]): string =>
  amounts.reduce((total, amount) => total.plus(amount), exact(0)).toFixed(2);
const billsOf = async (account: string): Promise<readonly Json[]> =>
  Promise.all(
    (await all(`/accounts/${account}/bills`)).map(({ month }) => get(`/accounts/${account}/bills/${month}`)),
  );

test('months are what the bills say', async () => {
  const bills = (await Promise.all(accounts.map(({ account }) => billsOf(account)))).flat();
  const products = new Map<string, string>();
  for (const { product } of await all('/finance/pools')) products.set(product, product);
  const months = await all('/finance/months');
  expect(months.map(({ month }) => month)).toEqual(
    months
      .map(({ month }) => month)
      .toSorted()
      .reverse(),
  );
  expect(months).toHaveLength(15);
  let checked = 0;
  for (const { month, isOver, ...of } of months) {
    const own = bills.filter((bill) => bill.month === month);
    expect(isOver).toBe(month < '2020-03');
    if (!isOver) continue;
    expect(of.accounts.billed, month).toBe(own.length);
    expect(of.due, month).toBe(sum(own.map(({ due }) => due)));
    expect(of.packs.amount, month).toBe(sum(own.map(({ packsTotal }) => packsTotal)));
    expect(of.packs.sold, month).toBe(own.flatMap(({ packPurchases }) => packPurchases).length);
    for (const { product, postPaid, corrections } of of.products) {
      const amounts = (of: string): string[] =>
        own
          .flatMap((bill: Json) => bill[of].filter((line: Json) => line.product === product))
          .map(({ amount }) => amount);
      expect(postPaid, `${month} ${product}`).toBe(sum(amounts('lines')));
      expect(corrections, `${month} ${product}`).toBe(sum(amounts('corrections')));
      checked += 1;
    }
    expect(sum([of.postPaid, of.corrections]), month).toBe(of.due);
  }
  expect(checked).toBeGreaterThan(20);
  expect(months.some(({ corrections }) => corrections !== '0.00')).toBe(true);
});

test('every sum is what its shares add up to', async () => {
  let shares = 0;
  for (const { month, products, ...of } of await all('/finance/months')) {
    const expectShares = async (kind: string, product: string, amount: string, count?: number) => {
      const items = await all(`/finance/months/${month}/shares?kind=${kind}&product=${product}`);
      expect([month, kind, product, sum(items.map((one) => one.amount))]).toEqual([
        month,
        kind,
        product,
        amount,
      ]);
      if (count !== undefined)
        expect(
          items.reduce((total, one) => total + one.count, 0),
          `${month} ${kind}`,
        ).toBe(count);
      shares += items.length;
    };
    await expectShares('bills', '', of.due, of.accounts.billed);
    await expectShares('credits', '', of.credits.amount, of.credits.given);
    for (const { product, postPaid, corrections, packs } of products) {
      await expectShares('post_paid', product, postPaid);
      await expectShares('corrections', product, corrections);
      await expectShares('packs', product, packs.amount, packs.sold);
    }
    const waiting = await all(`/finance/months/${month}/unbilled`);
    expect(waiting).toHaveLength(of.accounts.unbilled);
    expect(waiting.filter(({ blocked }) => blocked)).toHaveLength(of.accounts.blocked);
  }
  expect(shares).toBeGreaterThan(100);
});

test('accounts without a bill of a month are those that the API says have none', async () => {
  const month = '2020-02';
  await api.ok('POST', '/accounts', { account: 'late', name: 'Opened later' });
  const billed = await Promise.all(
    accounts.map(async ({ account, openedAt }) => {
      if (openedAt >= '2020-02-29T16:00:00Z') return null;
      const { status } = await api.send('GET', `/accounts/${account}/bills/${month}`);
      return status === 200 ? null : account;
    }),
  );
  const unbilled = (await all(`/finance/months/${month}/unbilled`)).map(({ account }) => account);
  expect(unbilled.toSorted()).toEqual(billed.filter((account) => account !== null).sort());
  const running = (await all('/finance/months/2020-03/unbilled')).map(({ account }) => account);
  expect(running).toContain('late');
});

test('a close that waits for a price is named with it', async () => {
  const other = await served();
  try {
    for (const account of ['pays', 'waits']) {
      await other.ok('POST', '/accounts', { account, name: account });
      await other.ok('POST', `/accounts/${account}/services`, { product: 'ocr' });
    }
    await other.ok('PUT', '/clock', { now: '2019-01-20T00:00:00+08:00' });
    await other.ok('POST', '/usage', {
      ...usage('w-1', { subject: 'waits', time: '2019-01-10T08:00:00+08:00' }),
      data: { interface: 'ocr/id-card', calls: 2_000_000 },
    });
    await other.ok('PUT', '/clock', { now: '2019-02-02T00:00:00+08:00' });
    const { items } = (await other.ok('GET', '/finance/months/2019-01/unbilled')).body;
    expect(items).toMatchObject([
      { account: 'waits', next: '2019-01', blocked: { month: '2019-01', meter: 'ocr/id-card' } },
    ]);
    const months = (await other.ok('GET', '/finance/months')).body.items;
    expect(months.map((one: Json) => [one.month, one.accounts])).toEqual([
      ['2019-02', { billed: 0, unbilled: 2, blocked: 1 }],
      ['2019-01', { billed: 1, unbilled: 1, blocked: 1 }],
    ]);
  } finally {
    await other.stop();
  }
});

test('balances are the sums of the accounts’', async () => {
  const now = await all('/accounts');
  const totals = now.map(({ balance }) => balance.total);
  expect(await get('/finance/balances')).toEqual({
    accounts: now.length,
    held: sum(totals.filter((total) => !total.startsWith('-'))),
    owed: sum(totals.filter((total) => total.startsWith('-')).map((total) => total.slice(1))),
    frozen: sum(now.map(({ balance }) => balance.frozen)),
    inArrears: totals.filter((total) => total.startsWith('-')).length,
    suspended: now.filter(({ status }) => status === 'suspended').length,
  });
});

test('packs by pool are the packs of the accounts', async () => {
  const packs = (
    await Promise.all(
      accounts.map(async ({ account }) =>
        (await all(`/accounts/${account}/packs`)).map((pack) => ({ account, ...pack })),
      ),
    )
  ).flat();
  const pools = await all('/finance/pools');
  expect(pools.map(({ pool }) => pool)).toEqual([...new Set(packs.map(({ pool }) => pool))].sort());
  const count = (of: readonly Json[], part: string): number =>
    of.reduce((total, one) => total + one[part], 0);
  const expectPacks = (shown: Json, own: readonly Json[]) => {
    const voided = own.filter(({ state }) => state === 'void');
    expect(shown).toMatchObject({
      packs: own.length,
      paid: sum(own.map(({ price }) => price)),
      sold: count(own, 'size'),
      forfeited: count(own, 'forfeited'),
      unused: count(own, 'remaining'),
    });
    if (voided.length === 0) expect(shown.voided).toBe(0);
    expect(shown.sold - shown.used - shown.forfeited - shown.voided).toBe(shown.unused);
  };
  for (const shown of pools) {
    const own = packs.filter(({ pool }) => pool === shown.pool);
    expectPacks(shown, own);
    for (const one of await all(`/finance/holdings?pool=${shown.pool}`))
      expectPacks(
        one,
        own.filter(({ account }) => account === one.account),
      );
  }
  expect(pools.some(({ voided }) => voided > 0)).toBe(true);
  expect(pools.some(({ forfeited }) => forfeited > 0)).toBe(true);
});

test('a month by bill, by product and by line adds up to the same, in the files too', async () => {
  for (const { month, ...of } of (await all('/finance/months')).filter(({ isOver }) => isOver)) {
    const table = async (file: string): Promise<Record<string, string>[]> => {
      const answered = await fetch(`${api.base}/v1/exports/${file}?month=${month}`, {
        headers: { authorization: `Bearer ${ADMIN}` },
      });
      expect(answered.headers.get('content-disposition')).toContain(`${month}-${file}`);
      return recordsOf(await answered.text());
    };
    const column = (rows: Record<string, string>[], name: string) => sum(rows.map((row) => row[name] ?? ''));
    const [bills, products] = [await table('bill-sums.csv'), await table('products.csv')];
    const lines = (await table('bills.csv')).filter(({ counts_in }) => counts_in !== 'paid');
    expect(bills).toHaveLength(of.accounts.billed);
    const amounts = [of.postPaid, of.corrections, of.due, of.packs.amount, sum([of.due, of.packs.amount])];
    const names = ['post_paid', 'corrections', 'due', 'packs', 'total'];
    expect(names.map((name) => column(bills, name))).toEqual(amounts);
    expect(names.map((name) => column(products, name))).toEqual(amounts);
    expect(column(lines, 'amount')).toBe(amounts[4]);
    for (const { product, postPaid, packs } of of.products) {
      const own = products.filter((row) => row['product'] === product);
      expect([column(own, 'post_paid'), column(own, 'packs')]).toEqual([postPaid, packs.amount]);
    }
  }
});

describe('a key', () => {
  test('that is bound to accounts sees nothing of it; one that may read sees all', async () => {
    const key = async (accounts: readonly string[] | null) =>
      (await api.ok('POST', '/keys', { name: 'k', scopes: ['read'], accounts })).body.secret;
    const [bound, reader] = [await key(['late']), await key(null)];
    for (const path of ['months', 'months/2020-02/shares?kind=bills', 'months/2020-02/unbilled', 'balances'])
      for (const [secret, status] of [
        [bound, 403],
        [reader, 200],
      ]) {
        const headers = { authorization: `Bearer ${secret}` };
        const answered = await api.send('GET', `/finance/${path}`, undefined, headers);
        expect([path, answered.status]).toEqual([path, status]);
      }
  });
});

test('views that are made again, all at once, are those that followed', async () => {
  await get('/finance/months');
  const [followed, again] = [openViews(`${store.slice('sqlite:'.length)}.views`), openViews(':memory:')];
  const reading = await openForReading(store);
  try {
    await catchUp(reading, again);
    for (const projection of ['accounts', 'revenue', 'pool-packs', 'unbilled']) {
      const rows = followed.list(projection, '', null, 1_000_000);
      expect(rows.length, projection).toBeGreaterThan(20);
      expect(again.list(projection, '', null, 1_000_000), projection).toEqual(rows);
    }
  } finally {
    followed.close();
    again.close();
    await reading.close();
  }
});
