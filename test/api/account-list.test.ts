/** Accounts looked for, filtered and put in order: every list is what the accounts themselves say, page by page. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ServedApi, served } from '../support/api.ts';

const NAMES = [
  ...[
    'Acme Trading',
    'acme (Shanghai)',
    '上海示例公司',
    'Łódź Ü',
    'ＡＣＭＥ Wide',
    '',
    'zero',
    "O'Neil & Co",
  ],
  ...['x/y\u0001z', '示例', 'Acme Trading', 'İstanbul'],
];
const PRODUCTS = ['face-recognition', 'body-analysis'];

let api: ServedApi;
beforeAll(async () => {
  api = await served({ SUANPAN_CLOCK: '2020-03-01T00:00:00+08:00' });
  const post = (path: string, body: object) => api.ok('POST', path, body);
  for (const [i, name] of NAMES.entries()) {
    const account = `acct-${String(i).padStart(3, '0')}`;
    await api.ok('PUT', '/clock', { now: `2020-03-01T00:${10 + i}:00+08:00` });
    await post('/accounts', { account, name });
    for (const [j, product] of PRODUCTS.entries())
      if (i % (j + 2) === 0) await post(`/accounts/${account}/services`, { product });
    const amount = ['5.00', '1234567890.12', '40.00', '0.01'][i % 4] ?? '1.00';
    await post(`/accounts/${account}/deposits`, { amount, reference: 'r' });
    if (i % 5 === 1)
      await post(`/accounts/${account}/suspensions`, { reason: 'prohibited', note: `because ${i}` });
  }
  await post('/accounts/acct-004/credits', { amount: '0.50', reference: 'c', reason: 'goodwill' });
});
afterAll(() => api.stop());

interface Item {
  readonly account: string;
  readonly name: string;
  readonly openedAt: string;
  readonly status: string;
  readonly suspensions: readonly { readonly reason: string }[];
  readonly balance: { readonly total: string; readonly frozen: string };
  readonly services: readonly string[];
}

/** All pages of a list. */
const whole = async (query: string, limit = 5): Promise<Item[]> => {
  const items: Item[] = [];
  for (let cursor: string | null = null; ; ) {
    const more: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const { body } = await api.ok('GET', `/accounts?limit=${limit}${query}${more}`);
    items.push(...body.items);
    if (body.next === null) return items;
    cursor = body.next;
  }
};
const ids = (items: readonly Item[]) => items.map(({ account }) => account);

test('a list by a filter or an order has the same accounts, with the same figures, as the list of all', async () => {
  const all = await whole('');
  expect(all).toHaveLength(NAMES.length);
  for (const sort of ['account', 'name', 'opened', 'balance', 'frozen'])
    for (const order of ['up', 'down']) {
      const listed = await whole(`&sort=${sort}&order=${order}`, 3);
      const byId = listed.toSorted((a, b) => (a.account < b.account ? -1 : 1));
      expect(byId, `${sort} ${order}`).toEqual(all);
    }
});

test('orders', async () => {
  const all = await whole('');
  const cents = ({ balance }: Item) => Number(balance.total.replace('.', ''));
  expect((await whole('&sort=balance')).map(cents)).toEqual(all.map(cents).sort((a, b) => a - b));
  const opened = (await whole('&sort=opened&order=down')).map(({ openedAt }) => openedAt);
  expect(opened).toEqual(opened.toSorted().reverse());
  expect((await whole('&sort=name')).map(({ name }) => name)).toEqual([
    ...['', 'acme (Shanghai)', 'Acme Trading', 'Acme Trading', 'ＡＣＭＥ Wide', 'İstanbul', "O'Neil & Co"],
    ...['x/y\u0001z', 'zero', 'Łódź Ü', '上海示例公司', '示例'],
  ]);
  expect(ids(await whole('&order=down'))).toEqual(ids(all).reverse());
});

test('filters, alone and together', async () => {
  const all = await whole('');
  const expectSome = async (query: string, is: (item: Item) => boolean) => {
    const wanted = ids(all.filter(is));
    expect(wanted.length, query).toBeGreaterThan(0);
    expect(ids(await whole(query, 2)), query).toEqual(wanted);
  };
  await expectSome('&status=active', ({ status }) => status === 'active');
  await expectSome('&status=suspended', ({ status }) => status === 'suspended');
  await expectSome('&reason=prohibited', ({ suspensions }) => suspensions.length > 0);
  await expectSome('&product=face-recognition', ({ services }) => services.includes('face-recognition'));
  await expectSome(
    '&product=face-recognition&status=suspended',
    ({ services, status }) => services.includes('face-recognition') && status === 'suspended',
  );
  await expectSome(
    '&status=active&q=acme',
    ({ status, name }) => status === 'active' && /ac|ＡＣ/i.test(name),
  );
  expect(await whole('&arrears=true')).toEqual([]);
  expect(await whole('&frozen=true')).toEqual([]);
  expect(await whole('&product=of-nobody')).toEqual([]);
});

describe('a search', () => {
  test.each([
    ['acme', [0, 1, 4, 10]],
    ['ACME T', [0, 10]],
    ['trad', [0, 10]],
    ['示例', [2, 9]],
    ['公司', [2]],
    ['007', [7]],
    ['acct-00', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['neil & co', [7]],
    ['eil', []],
    ['ü', [3]],
    ['nobody', []],
    ['_', []],
    ['%', []],
  ])('for %s', async (q, found) => {
    const accounts = found.map((i) => `acct-${String(i).padStart(3, '0')}`);
    expect(ids(await whole(`&q=${encodeURIComponent(q)}`, 3))).toEqual(accounts);
  });

  test('for nothing is refused by its field', async () => {
    for (const q of ['', ' ', '\u0001']) {
      const { status, body } = await api.send('GET', `/accounts?q=${encodeURIComponent(q)}`);
      expect([status, body.field]).toEqual([400, 'q']);
    }
  });
});

test('unknown parameters and values are refused by their field', async () => {
  for (const [query, field] of [
    ['sort=size', 'sort'],
    ['order=backwards', 'order'],
    ['status=closed', 'status'],
    ['reason=other', 'reason'],
    ['arrears=maybe', 'arrears'],
    ['colour=red', 'colour'],
  ]) {
    const { status, body } = await api.send('GET', `/accounts?${query}`);
    expect([query, status, body.field]).toEqual([query, 400, field]);
  }
});

test('a cursor is good for the query that gave it alone', async () => {
  const { body } = await api.ok('GET', '/accounts?sort=balance&limit=2');
  const cursor = encodeURIComponent(body.next);
  await api.ok('GET', `/accounts?sort=balance&limit=9&cursor=${cursor}`);
  for (const query of ['', 'sort=name', 'sort=balance&order=down', 'sort=balance&q=acme', 'q=acme']) {
    const refused = await api.send('GET', `/accounts?${query}&cursor=${cursor}`);
    expect([query, refused.status, refused.body.field]).toEqual([query, 400, 'cursor']);
  }
  const changed = `${body.next.slice(0, -1)}${body.next.endsWith('A') ? 'B' : 'A'}x=`;
  expect((await api.send('GET', `/accounts?sort=balance&cursor=${changed}`)).status).toBe(400);
});

test('a key bound to accounts finds those alone', async () => {
  const bound = { name: 'k', scopes: ['read'], accounts: ['acct-004', 'acct-001', 'acct-900'] };
  const { secret } = (await api.ok('POST', '/keys', bound)).body;
  const listed = async (query: string) =>
    (await api.ok('GET', `/accounts?${query}`, undefined, { authorization: `Bearer ${secret}` })).body;
  expect(ids((await listed('')).items)).toEqual(['acct-001', 'acct-004']);
  expect(ids((await listed('limit=1&cursor=acct-001')).items)).toEqual(['acct-004']);
  expect(ids((await listed('sort=balance&order=down')).items)).toEqual(['acct-001', 'acct-004']);
  expect(ids((await listed('q=acme')).items)).toEqual(['acct-001', 'acct-004']);
  expect(ids((await listed('q=zero')).items)).toEqual([]);
});

test('what an account does moves it between the lists, at once for who asks after it', async () => {
  await api.ok('POST', '/accounts', { account: 'late', name: 'Late Riser' });
  expect(ids(await whole('&q=riser'))).toEqual(['late']);
  await api.ok('POST', '/accounts/late/suspensions', { reason: 'prohibited', note: 'n' });
  expect(ids(await whole('&q=riser&reason=prohibited'))).toEqual(['late']);
  await api.ok('DELETE', '/accounts/late/suspensions/prohibited');
  expect(ids(await whole('&q=riser&reason=prohibited'))).toEqual([]);
  await api.ok('POST', '/accounts/late/deposits', { amount: '99999999999.00', reference: 'r' });
  expect(ids(await whole('&sort=balance&order=down'))[0]).toBe('late');
});
