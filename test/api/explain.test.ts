/** Explanations and the past over HTTP: linked data whose links lead somewhere, pages, and problems that say why. */
import { afterEach, describe, expect, test } from 'vitest';
import { type ServedApi, served, usage, withAccount } from '../support/api.ts';

let api: ServedApi | null = null;
afterEach(async () => {
  await api?.stop();
  api = null;
});

const PACK = { pool: 'face-recognition/compare', size: 1_000_000, quantity: 1 };
/** January of an account with a pack and three records; closed at the 1st, 04:00. */
const billed = async (): Promise<ServedApi> => {
  api = await served();
  await withAccount(api);
  await api.ok('POST', '/accounts/acme/packs', PACK);
  const at = (id: string, day: string, calls: number) =>
    usage(id, { time: `2019-01-${day}T00:00:00+08:00` }, calls);
  await api.ok('PUT', '/clock', { now: '2019-01-20T00:00:00+08:00' });
  await api.ok('POST', '/usage', [at('a', '10', 10_005), at('b', '10', 2), at('c', '11', 3)]);
  await api.ok('PUT', '/clock', { now: '2019-02-01T05:00:00+08:00' });
  return api;
};

describe('an explanation', () => {
  test('says what its schema says, and its links lead somewhere', async () => {
    const { ok } = await billed();
    const { body } = await ok('GET', '/accounts/acme/bills/2019-01/explain');
    const [line] = body.lines;
    expect(line).toMatchObject({
      meter: 'face-recognition/compare',
      quantities: { metered: 10_010, free: 10_000, packs: 10, postPaid: 0 },
      packs: [{ pack: 'pack-000001', calls: 10 }],
      held: [{ pack: 'pack-000001', place: 1, reason: 'paid' }],
      days: [{ day: '2019-01-10' }, { day: '2019-01-11' }],
    });
    const { event, fact, ...links } = body.links;
    const all = [
      ...Object.values<string>(links),
      ...Object.values<string>(line.links),
      line.days[0].links.records,
    ];
    for (const link of [...all, body.priceBooks[0].links.self]) await ok('GET', link);
    const put = (link: string) => link.replace('{event}', String(line.events[0]));
    expect((await ok('GET', put(event))).body.items.length).toBe(3);
    expect((await ok('GET', put(fact))).body.items[0].type).toBe('CallsMetered');
    const other = await ok('GET', '/accounts/acme/bills/2019-01/explain?meter=face-recognition/search');
    expect(other.body.lines).toEqual([]);
  });

  test('leads to its records, page by page, with who paid', async () => {
    const { ok, send } = await billed();
    const path = '/accounts/acme/bills/2019-01/explain/records';
    const first = (await ok('GET', `${path}?limit=2`)).body;
    expect(first.items.map(({ id, paid }: { id: string; paid: object }) => [id, paid])).toEqual([
      ['a', { free: 10_000, packs: [{ pack: 'pack-000001', calls: 5 }], postPaid: 0 }],
      ['b', { free: 0, packs: [{ pack: 'pack-000001', calls: 2 }], postPaid: 0 }],
    ]);
    const rest = (await ok('GET', `${path}?limit=2&cursor=${first.next}`)).body;
    expect([rest.items.map(({ id }: { id: string }) => id), rest.next]).toEqual([['c'], null]);
    const day = (await ok('GET', `${path}?day=2019-01-11`)).body.items;
    expect(day.map(({ id }: { id: string }) => id)).toEqual(['c']);
    expect((await send('GET', `${path}?cursor=nonsense`)).body).toMatchObject({
      code: 'invalid_request',
      field: 'cursor',
    });
    expect((await send('GET', '/accounts/acme/bills/2019-03/explain/records')).body.code).toBe(
      'bill_unknown',
    );
  });
});

test('why an account was suspended at an instant', async () => {
  const { ok, send } = await billed();
  const stop = { reason: 'prohibited', note: 'abuse' };
  await ok('POST', '/accounts/acme/suspensions', stop, { 'x-actor': 'operator-7' });
  const { body } = await ok('GET', '/accounts/acme/suspensions');
  expect(body).toMatchObject({
    suspended: true,
    suspensions: [
      { reason: 'prohibited', until: null, led: [{ type: 'AccountSuspended', actor: 'operator-7' }] },
    ],
  });
  const before = await ok('GET', '/accounts/acme/suspensions?at=2019-01-05T00:00:00Z');
  expect([before.body.suspended, before.body.suspensions]).toEqual([false, []]);
  expect((await send('GET', '/accounts/acme/suspensions?at=noon')).body.code).toBe('invalid_request');
});

describe('as of', () => {
  test('a bill is there from its issue on; before that the problem says when it was issued', async () => {
    const { ok, send } = await billed();
    const bill = '/accounts/acme/bills/2019-01';
    const early = await send('GET', `${bill}?asOf=2019-02-01T03:59:59%2B08:00`);
    expect([early.status, early.body.code, early.body.issuedAt]).toEqual([
      404,
      'bill_unknown',
      '2019-01-31T20:00:00.000Z',
    ]);
    expect((await ok('GET', `${bill}?asOf=2019-02-01T04:00:00%2B08:00`)).body.status).toBe('issued');
    const { items } = (await ok('GET', '/accounts/acme/events?limit=100')).body;
    const closed = items.find(({ type }: { type: string }) => type === 'MonthClosed');
    expect((await ok('GET', `${bill}?asOfPosition=${closed.position}`)).status).toBe(200);
    expect((await send('GET', `${bill}?asOfPosition=${items[0].position}`)).body.code).toBe('bill_unknown');
  });

  test('an estimate is the draft of then', async () => {
    const { ok } = await billed();
    const then = (await ok('GET', '/accounts/acme/estimate?asOf=2019-01-31T00:00:00Z')).body;
    expect([then.month, then.lines.length, then.packsTotal]).toEqual(['2019-01', 1, '3100.00']);
    expect((await ok('GET', '/accounts/acme/estimate?asOf=2019-01-15T00:00:00Z')).body.lines).toEqual([]);
    expect((await ok('GET', '/accounts/acme/estimate')).body.month).toBe('2019-02');
  });

  test('changes between two instants, or two positions', async () => {
    const { ok, send } = await billed();
    const between = '/accounts/acme/changes?from=2019-01-01T00:00:00Z&to=2019-02-02T00:00:00Z';
    const { body } = await ok('GET', between);
    expect(body.items.map(({ type }: { type: string }) => type)).toEqual([
      'CallsMetered',
      'MonthClosed',
      'NoticesRaised',
    ]);
    expect(body.after.packs).toMatchObject([{ remaining: 999_990 }]);
    const page = (await ok('GET', `${between}&limit=1`)).body;
    expect((await ok('GET', `${between}&limit=1&cursor=${page.next}`)).body.items).toEqual([body.items[1]]);
    const from = body.items[0].position;
    const known = await ok(
      'GET',
      `/accounts/acme/changes?fromPosition=${from}&toPosition=${body.items[1].position}`,
    );
    expect(known.body.items).toEqual([body.items[1]]);
    expect((await send('GET', '/accounts/acme/changes?from=2019-01-01T00:00:00Z')).body.field).toBe('to');
  });
});
