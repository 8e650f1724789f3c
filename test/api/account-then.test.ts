/** An account's lists as they were, from the newest back, and by state; the stream without what its events say. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serverSentEvents } from '../../client/event-stream.ts';
import { ADMIN, type ServedApi, served, usage, withAccount } from '../support/api.ts';

const POOL = 'face-recognition/compare';
const BOUGHT = encodeURIComponent('2019-01-01T12:00:00+08:00');

let api: ServedApi;
const clock = (now: string) => api.ok('PUT', '/clock', { now });
const get = async (path: string) => (await api.ok('GET', `/accounts/acme${path}`)).body;
const buy = (size: number) => api.ok('POST', '/accounts/acme/packs', { pool: POOL, size, quantity: 1 });

beforeAll(async () => {
  api = await served();
  await withAccount(api);
  await buy(1_000_000);
  await api.ok('POST', '/usage', usage('a', {}, 12_000));
  await clock('2019-01-02T10:00:00+08:00');
  await buy(10_000_000);
  await api.ok('POST', '/usage', usage('b', { time: '2019-01-02T10:00:00+08:00' }, 998_000 + 10_000_000));
  await clock('2019-02-02T10:00:00+08:00');
});
afterAll(() => api.stop());

describe('as of an earlier moment', () => {
  test('free calls, usage, tiers and bills are those of then', async () => {
    const allowance = ({ pool }: { pool: string }) => pool === POOL;
    const month = '?month=2019-01';
    expect((await get(`/usage${month}&asOf=${BOUGHT}`)).items).toEqual([
      {
        day: '2019-01-01',
        interface: POOL,
        records: 1,
        calls: 12_000,
        free: 10_000,
        packs: 2_000,
        postPaid: 0,
        unit: { zh: '次', en: 'call' },
      },
    ]);
    expect((await get(`/usage${month}`)).items).toHaveLength(2);
    expect((await get(`/usage${month}&by=interface&asOf=${BOUGHT}`)).items).toMatchObject([
      { calls: 12_000 },
    ]);
    expect((await get(`/allowances?asOf=${BOUGHT}`)).items.find(allowance)).toMatchObject({
      used: 10_000,
      left: 0,
    });
    const opened = encodeURIComponent('2018-12-31T16:00:00Z');
    expect((await get('/allowances')).items.find(allowance)).toMatchObject({ used: 0, left: 10_000 });
    expect((await get(`/tiers?asOf=${BOUGHT}`)).items).toMatchObject([{ metered: 12_000, postPaid: 0 }]);
    expect((await get(`/tiers${month}`)).items).toMatchObject([{ metered: 11_010_000, packs: 11_000_000 }]);
    expect((await get('/bills')).items).toHaveLength(1);
    expect((await get(`/bills?asOf=${opened}`)).items).toEqual([]);
    const events = (await get('/events?limit=1000')).items;
    const closed = events.find(({ type }: { type: string }) => type === 'MonthClosed');
    expect((await get(`/bills?asOfPosition=${closed.position}`)).items).toHaveLength(1);
    expect((await get(`/bills?asOfPosition=${closed.position - 1}`)).items).toEqual([]);
  });

  test('events and notices end there', async () => {
    const { items: all } = await get('/events?limit=1000');
    for (const { position, revision } of all) {
      const { items } = await get(`/events?asOfPosition=${position}&limit=1000`);
      expect(items).toEqual(all.slice(0, revision + 1));
      const notices = (await get(`/notices?asOfPosition=${position}&limit=1000`)).items;
      const raised = all
        .slice(0, revision + 1)
        .flatMap(({ type, data }: { type: string; data: { notices: object[] } }) =>
          type === 'NoticesRaised' ? data.notices : [],
        );
      expect(notices).toHaveLength(raised.length);
    }
    expect((await get('/notices')).items.length).toBeGreaterThan(1);
  });

  test('records are shown as they stand alone', async () => {
    const { status, body } = await api.send('GET', `/accounts/acme/usage?by=record&asOf=${BOUGHT}`);
    expect([status, body.code, body.field]).toEqual([400, 'invalid_request', 'asOf']);
  });
});

test.each(['events', 'notices'])('%s from the newest back are the same, page by page', async (list) => {
  const { items } = await get(`/${list}?limit=1000`);
  const back: object[] = [];
  for (let cursor = ''; back.length < 1_000; ) {
    const page = await get(
      `/${list}?order=newest&limit=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    back.push(...page.items);
    if (page.next === null) break;
    cursor = page.next;
  }
  expect(back).toEqual(items.toReversed());
});

test('packs of one state alone; the usable ones in the order of deduction', async () => {
  const names = async (query: string) =>
    (await get(`/packs${query}`)).items.map(({ pack }: { pack: string }) => pack);
  expect(await names('?state=used_up')).toEqual(['pack-000001', 'pack-000002']);
  expect(await names('?state=usable')).toEqual([]);
  const then = encodeURIComponent('2019-01-02T09:30:00+08:00');
  expect(await names(`?state=usable&asOf=${then}`)).toEqual(['pack-000001']);
  expect(await names(`?state=usable&asOf=${encodeURIComponent('2019-01-01T23:59:59+08:00')}`)).toEqual([
    'pack-000001',
  ]);
  // Bought at one instant, the smaller one goes first.
  await buy(10_000_000);
  await buy(1_000_000);
  expect(await names('?state=usable')).toEqual(['pack-000004', 'pack-000003']);
  expect(await names('?state=usable&limit=1')).toEqual(['pack-000004']);
});

test('what lifts a suspension', async () => {
  const lifts = async (query = '') =>
    (await get(`/suspensions${query}`)).suspensions.map(
      ({ reason, lifts: lifting }: { reason: string; lifts: object }) => [reason, lifting],
    );
  expect(await lifts()).toEqual([]);
  await api.ok('POST', '/accounts/acme/suspensions', { reason: 'prohibited', note: 'n' });
  expect(await lifts()).toEqual([['prohibited', { by: 'operator', amount: null }]]);
  expect(await lifts(`?asOf=${BOUGHT}`)).toEqual([]);
  await api.ok('DELETE', '/accounts/acme/suspensions/prohibited');
  const { status } = await api.send('GET', `/accounts/acme/suspensions?asOf=${BOUGHT}&at=${BOUGHT}`);
  expect(status).toBe(400);
});

test('the stream without data names each event and leaves out what it says', async () => {
  const response = await fetch(`${api.base}/v1/stream?account=acme&from=0&data=false`, {
    headers: { authorization: `Bearer ${ADMIN}` },
  });
  if (!response.body) throw new Error('no body');
  const { items } = await get('/events?limit=1000');
  const told = [];
  for await (const { data } of serverSentEvents(response.body)) {
    if (data !== null) told.push(JSON.parse(data));
    if (told.length === items.length) break;
  }
  expect(told).toEqual(
    items.map(({ revision, type, at }: { revision: number; type: string; at: string }) => ({
      ...{ account: 'acme', revision, type, at },
    })),
  );
});
