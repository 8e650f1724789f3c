/** What used a pack, and the balance by day, over HTTP: page by page, by day, and as they were. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServedApi, served, usage, withAccount } from '../support/api.ts';

const POOL = 'face-recognition/compare';
const FREE = 10_000;
const SIZE = 1_000_000;
const PACK = '/accounts/acme/packs/pack-000001';

let api: ServedApi;
const clock = (now: string) => api.ok('PUT', '/clock', { now });
const get = async (path: string) => (await api.ok('GET', path)).body;

beforeAll(async () => {
  api = await served();
  await withAccount(api);
  await api.ok('POST', '/accounts/acme/packs', { pool: POOL, size: SIZE, quantity: 1 });
  await api.ok('POST', '/usage', [usage('a', {}, FREE + 10), usage('b', {}, 20), usage('c', {}, 30)]);
  await clock('2019-01-02T10:00:00+08:00');
  await api.ok('POST', '/usage', usage('d', { time: '2019-01-02T09:00:00+08:00' }, 40));
  const correction = { source: '/gateway/1', id: 'd', calls: 15, reason: 'a retry' };
  await api.ok('POST', '/accounts/acme/corrections', correction);
  await clock('2019-01-03T10:00:00+08:00');
  const mistake = { amount: '3100.00', reference: 'ticket-1', reason: 'a mistake', pack: 'pack-000001' };
  await api.ok('POST', '/accounts/acme/credits', mistake);
  await api.ok('POST', '/accounts/acme/corrections', { ...correction, id: 'c', calls: 25 });
});
afterAll(() => api.stop());

const changes = [
  ['usage', 'a', SIZE, 10, 0, 0, SIZE - 10],
  ['usage', 'b', SIZE - 10, 20, 0, 0, SIZE - 30],
  ['usage', 'c', SIZE - 30, 30, 0, 0, SIZE - 60],
  ['usage', 'd', SIZE - 60, 40, 0, 0, SIZE - 100],
  ['correction', 'd', SIZE - 100, 0, 25, 0, SIZE - 75],
  ['void', null, SIZE - 75, 0, 0, SIZE - 75, 0],
  // Calls given back to a void pack are void too.
  ['correction', 'c', 0, 0, 5, 5, 0],
];
// biome-ignore lint/suspicious/noExplicitAny: what comes back is what a test looks at.
const told = (items: any[]) =>
  items.map(({ kind, record, before, deducted, givenBack, voided, after }) => [
    ...[kind, record?.id ?? null, before, deducted, givenBack, voided, after],
  ]);

test('every change of a pack is told, record by record, in pages that follow each other', async () => {
  const whole = await get(`${PACK}/deductions`);
  expect(told(whole.items)).toEqual(changes);
  expect(whole.next).toBe(null);
  expect(whole.pack).toMatchObject({ pack: 'pack-000001', state: 'void', remaining: 0 });
  expect(whole.items[1]).toMatchObject({
    at: '2018-12-31T16:00:00.000Z',
    record: { source: '/gateway/1', interface: POOL, meter: POOL, day: '2019-01-01', index: 1 },
  });
  const pages = [];
  for (let next = ''; pages.length < 100; ) {
    const page = await get(`${PACK}/deductions?limit=2${next && `&cursor=${next}`}`);
    pages.push(...page.items);
    if (page.next === null) break;
    next = page.next;
  }
  expect(pages).toEqual(whole.items);
});

test('the changes of a day are those recorded on it, and its sums are theirs', async () => {
  const { items } = await get(`${PACK}/days`);
  expect(items).toEqual([
    { day: '2019-01-01', deducted: 60, givenBack: 0, voided: 0, after: SIZE - 60 },
    { day: '2019-01-02', deducted: 40, givenBack: 25, voided: 0, after: SIZE - 75 },
    { day: '2019-01-03', deducted: 0, givenBack: 5, voided: SIZE - 70, after: 0 },
  ]);
  expect(told((await get(`${PACK}/deductions?day=2019-01-02`)).items)).toEqual(changes.slice(3, 5));
  const { items: one, next } = await get(`${PACK}/deductions?day=2019-01-02&limit=1`);
  expect(told(one)).toEqual(changes.slice(3, 4));
  const rest = await get(`${PACK}/deductions?day=2019-01-02&limit=1&cursor=${next}`);
  expect([told(rest.items), rest.next]).toEqual([changes.slice(4, 5), null]);
  expect((await get(`${PACK}/deductions?day=2019-01-04`)).items).toEqual([]);
});

test('as of an instant there is what had happened by then', async () => {
  const asOf = encodeURIComponent('2019-01-02T12:00:00+08:00');
  const then = await get(`${PACK}/deductions?asOf=${asOf}`);
  expect(told(then.items)).toEqual(changes.slice(0, 5));
  expect(then.pack).toMatchObject({ state: 'usable', remaining: SIZE - 75 });
  const { items, pack } = await get(`${PACK}/days?asOf=${asOf}`);
  expect([items.length, pack.remaining]).toEqual([1, SIZE - 75]);
  const { items: events } = await get('/accounts/acme/events');
  const metered = events.find(({ type }: { type: string }) => type === 'CallsMetered');
  const known = await get(`${PACK}/deductions?asOfPosition=${metered.position}`);
  expect(told(known.items)).toEqual(changes.slice(0, 3));
});

test('a pack that was never bought is named', async () => {
  const { status, body } = await api.send('GET', '/accounts/acme/packs/pack-000009/deductions');
  expect([status, body.code, body.pack]).toEqual([404, 'pack_unknown', 'pack-000009']);
});

test('the balance at the end of each day that changed it, and now', async () => {
  const day = (of: string, total: string) => ({ day: of, total, available: total, frozen: '0.00' });
  const days = [day('2019-01-01', '196900.00'), day('2019-01-03', '200000.00')];
  const whole = await get('/accounts/acme/balances');
  expect(whole).toEqual({
    items: days,
    next: null,
    opening: null,
    now: days[1],
    openedAt: '2018-12-31T16:00:00.000Z',
  });
  const later = await get('/accounts/acme/balances?from=2019-01-02');
  expect([later.opening, later.items]).toEqual([days[0], days.slice(1)]);
  expect((await get('/accounts/acme/balances?from=2019-01-01')).items).toEqual(days);
  const first = await get('/accounts/acme/balances?limit=1');
  expect(first.items).toEqual(days.slice(0, 1));
  expect((await get(`/accounts/acme/balances?limit=1&cursor=${first.next}`)).items).toEqual(days.slice(1));
  const asOf = encodeURIComponent('2019-01-03T09:00:00+08:00');
  const then = await get(`/accounts/acme/balances?asOf=${asOf}`);
  expect([then.items, then.now]).toEqual([days.slice(0, 1), day('2019-01-03', '196900.00')]);
});
