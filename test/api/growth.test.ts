/**
 * What a route answers about a life that is twice as long costs about twice the work, counted in steps and not timed: every
 * GET of the route table, read to its last page, and the exports; so a new route is covered when it is added.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { type ServedApi, served, usage } from '../support/api.ts';
import { DOUBLED, workOf } from '../support/work.ts';
import { LIFE, nameOf } from './life.ts';

/** Of everything that lists show, so many; the first is what there is anyway. */
const SIZES = [8, 160, 320] as const;
const PAGE = 1_000;
/** Steps that come and go, whatever is read. */
const NOISE = 400;
/** Records lie on so many days. */
const DAYS = 27;
const INTERFACES = ['compare', 'detect', 'search'];

const upTo = (count: number): readonly number[] => Array.from({ length: Math.ceil(count) }, (_, i) => i);
const onDay = (i: number): string => `2019-01-${String(2 + (i % DAYS)).padStart(2, '0')}T08:00:00+08:00`;
const record = (i: number, known = true) =>
  usage(known ? `r${i}` : `refused-${i}`, {
    time: onDay(i),
    data: {
      interface: known ? `face-recognition/${INTERFACES[i % INTERFACES.length]}` : `face-recognition/no-${i}`,
      calls: 10,
    },
  });

/** A ledger in which there are so many of everything; its January is closed. */
const lived = async (count: number): Promise<ServedApi> => {
  const api = await served();
  const post = (path: string, body?: unknown) => api.ok('POST', path, body);
  const acme = '/accounts/acme';
  await post('/accounts', { account: 'acme', name: 'a' });
  await post(`${acme}/services`, { product: 'face-recognition' });
  for (const i of upTo(count)) {
    await post('/accounts', { account: `other-${i}`, name: 'b' });
    await post(`${acme}/deposits`, { amount: '100000.00', reference: `wire-${i}` });
  }
  for (const i of upTo(count / 4)) {
    await post('/keys', { name: `key ${i}`, scopes: ['read'], accounts: [`other-${i}`] });
    // Of what does not happen here, since deliveries would be work beside what is counted.
    await post('/webhooks', { url: `https://example.com/${i}`, types: ['account.suspended'] });
  }
  // Few: an account's state holds lists of them, copied with each addition, whose length has a bound of its own.
  for (const i of upTo(count / 32)) {
    await post(`${acme}/packs`, { pool: 'face-recognition/compare', size: 1000000, quantity: 1 });
    await post(`${acme}/credits`, { amount: '1.00', reference: `ticket-${i}`, reason: 'goodwill' });
  }
  await api.ok('PUT', '/clock', { now: '2019-01-31T00:00:00+08:00' });
  for (const i of upTo(count)) await post('/usage', record(i));
  await post(
    '/usage',
    upTo(count).map((i) => record(i, false)),
  );
  for (const i of upTo(count / 4))
    await post(`${acme}/corrections`, { source: '/gateway/1', id: `r${i}`, calls: 4, reason: 'failed' });
  await api.ok('PUT', '/clock', { now: '2019-02-02T00:00:00+08:00' });
  for (const i of upTo(count / 32)) {
    await post(`${acme}/bills/2019-01/disputes`, { reason: `not ours ${i}` });
    const credit = { amount: '0.01', reference: `dispute-${i}` };
    await post(`/disputes/acme:${i + 1}/resolution`, { outcome: 'adjusted', note: 'n', credit });
    await post('/checkpoints');
  }
  return api;
};

/** The addresses of a list's pages; of what is no list, its own. */
const pagesOf = async (api: ServedApi, path: string): Promise<readonly string[]> => {
  const address = new URL(`${api.base}/v1${path}`);
  const isList = address.searchParams.has('limit');
  const pages: string[] = [];
  for (;;) {
    pages.push(`${address.pathname}${address.search}`);
    const { body } = await api.ok('GET', `${address.pathname}${address.search}`);
    if (!isList || body.next === null) return pages;
    address.searchParams.set('cursor', body.next);
  }
};

/** Steps of reading; the least of some times, since the server may do other work beside. */
const stepsOf = async (read: () => Promise<unknown>): Promise<number> => {
  // What is computed once and kept is computed now.
  await read();
  const all: number[] = [];
  for (let i = 0; i < 5; i++) all.push(await workOf(read));
  return Math.min(...all);
};

/** Other forms of what a route shows than its example. */
const MORE: readonly string[] = [
  '/accounts?sort=balance&order=down&limit=1000',
  '/accounts?q=other&status=active&limit=1000',
  '/accounts?q=1&sort=name&limit=1000',
  '/accounts/acme/usage?month=2019-01&by=record&limit=1000',
  '/accounts/acme/usage?month=2019-01&by=interface',
  '/accounts/acme/changes?from=2019-01-01T00:00:00Z&to=2019-02-02T00:00:00Z&limit=1000',
  '/accounts/acme/packs?asOf=2019-01-31T00:00:00Z&limit=1000',
  '/accounts/acme?asOf=2019-01-31T00:00:00Z',
  '/accounts/acme/statement?from=2019-01&to=2019-02&format=csv',
  ...['usage.csv?month=2019-01&by=day', 'usage.csv?month=2019-01&by=record', 'bills.csv', 'focus.csv'].map(
    (file) => `/accounts/acme/exports/${file}`,
  ),
];
/** A job, and a book that nobody published, are not in this life. */
const ABSENT = new Set(['GET /jobs/:job']);

const paths = [
  ...LIFE.filter((route) => route.method === 'GET' && !ABSENT.has(nameOf(route))).map(
    ({ example, query }) => {
      const url = new URL(example.path, 'http://ledger');
      if ('limit' in query.shape) url.searchParams.set('limit', String(PAGE));
      return `${url.pathname}${url.search}`;
    },
  ),
  ...MORE,
];

/** For each path the steps of reading it in each life, one server after the other: they share a process. */
const steps = new Map<string, number[]>();
const lastPages = new Map<string, { readonly first: number; readonly deep: number }>();

const counted = async (api: ServedApi, isLast: boolean): Promise<void> => {
  for (const path of paths)
    steps.set(path, [...(steps.get(path) ?? []), await stepsOf(() => pagesOf(api, path))]);
  for (const path of isLast ? lists : []) {
    const pages = await pagesOf(api, path.replace(/limit=\d+/, 'limit=20'));
    // The last one may be short.
    const last = pages.at(-2);
    if (last === undefined) continue;
    lastPages.set(path, {
      first: await stepsOf(() => api.ok('GET', pages[0] ?? '')),
      deep: await stepsOf(() => api.ok('GET', last)),
    });
  }
};
const lists = paths.filter((path) => path.includes('limit='));

describe('a life that is twice as long', () => {
  beforeAll(async () => {
    for (const [i, size] of SIZES.entries()) {
      const api = await lived(size);
      await counted(api, i === SIZES.length - 1);
      await api.stop();
    }
  });

  test.each(paths)('GET %s', (path) => {
    const [none = 0, once = 0, twice = 0] = steps.get(path) ?? [];
    expect(none).toBeGreaterThan(0);
    expect(twice - none, `${none}, ${once}, ${twice}`).toBeLessThan(
      DOUBLED * Math.max(once - none, 0) + NOISE,
    );
  });

  test('has long lists', () => expect(lastPages.size).toBeGreaterThan(6));

  test.each(lists)('the last page of GET %s', (path) => {
    const { first, deep } = lastPages.get(path) ?? { first: 0, deep: 0 };
    expect(deep, `${first} on the first`).toBeLessThan(2 * first + NOISE);
  });
});
