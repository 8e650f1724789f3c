/** Dry runs, for every route of the table that may change the ledger: the answer as if, and nothing recorded. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WouldRecord } from '../../src/api/http/call.ts';
import { type Route, route } from '../../src/api/http/route.ts';
import * as shape from '../../src/api/schemas/common.ts';
import { eventAt, typeOf } from '../../src/eventstore/reading.ts';
import { type ServedApi, served, usage, withAccount } from '../support/api.ts';
import { LIFE, life, nameOf } from './life.ts';

const WRITING = LIFE.filter(({ method }) => method !== 'GET');
const NOT_MADE = 'dry-run';
const STREAMS_MAX = 1_000;

/** How far every stream has come, with its hash. A checkpoint is signed first: none is due of its own accord then. */
const headsOf = async ({ running }: ServedApi) => {
  const { store } = running.api.ledger;
  await running.api.sealer.sign();
  const heads = await store.heads({ after: null, limit: STREAMS_MAX });
  return heads.map(({ stream, length, hash }) => [stream, length, Buffer.from(hash).toString('hex')]);
};

/**
 * What a dry run cannot know: ids, secrets and real instants, and the checkpoint that is signed for a dispute; and what it
 * alone says: what a job would come to.
 */
const MADE = ['createdAt', 'addedAt', 'revokedAt', 'previousUntil', 'until', 'checkpoint', 'preview'];
const comparable = (dry: unknown, real: unknown): unknown => {
  if (dry === NOT_MADE) return NOT_MADE;
  if (Array.isArray(real)) return real.map((item, i) => comparable(Array.isArray(dry) ? dry[i] : null, item));
  if (typeof real !== 'object' || real === null) return real;
  return Object.fromEntries(
    Object.entries(real)
      .filter(([name]) => !MADE.includes(name))
      .map(([name, value]) => [name, comparable((dry as Record<string, unknown> | null)?.[name], value)]),
  );
};

/** Their answers say what becomes of each record, or of a draft. */
const WITHOUT_EVENTS = ['POST /usage', 'POST /price-books/lint'];

/** The clock closed the month before, and the test signs a checkpoint itself: nothing is left to record. */
const SILENT = ['POST /accounts/:account/months/:month/close', 'POST /checkpoints'];

/** What some of them would record, besides what is found of every one. */
const TYPES = {
  'POST /accounts': ['AccountOpened', 'HolderNamed'],
  'POST /accounts/:account/bills/:month/disputes': ['DisputeOpened', 'EvidenceAttached'],
  'POST /keys/:key/rotation': ['KeyCreated', 'KeyRevoked'],
  'POST /webhooks': ['WebhookAdded'],
  'PUT /clock': ['ClockSet'],
};

/** Of what was recorded, what the dry run said: it leaves out marks and hashes of the request. */
const within = (dry: unknown, real: unknown): unknown =>
  typeof dry === 'object' && dry !== null && !Array.isArray(dry)
    ? Object.fromEntries(Object.keys(dry).map((name) => [name, Object(real)[name]]))
    : real;

describe('of the example of every route', () => {
  let api: ServedApi;
  const recordable: [name: string, types: readonly string[]][] = [];
  beforeAll(async () => {
    api = await served();
  });
  afterAll(() => api.stop());

  test('answers what the real one then answers, and leaves every stream as it is', async () => {
    // What it tries by itself is a fact too.
    await api.running.api.delivery?.stop();
    const { send, until, learn } = life(api);
    const tried = async (one: Route) => {
      const before = await headsOf(api);
      const dry = await send(one, '?dryRun=true');
      expect(await headsOf(api), nameOf(one)).toEqual(before);
      return dry;
    };
    /** The events of a dry run: those that the real one then records, at the places it names. */
    const eventsOf = async (one: Route) => {
      const before = await headsOf(api);
      const { status, body } = await send(one, '?dryRun=events');
      expect(await headsOf(api), nameOf(one)).toEqual(before);
      return { status, events: body.wouldRecord as readonly WouldRecord[] | undefined };
    };
    const areRecorded = async (one: Route, status: number, events: readonly WouldRecord[] | undefined) => {
      if (WITHOUT_EVENTS.includes(nameOf(one)))
        return expect([nameOf(one), status]).toEqual([nameOf(one), 400]);
      for (const { stream, revision, type, data } of events ?? []) {
        const stored = await eventAt(api.running.api.ledger.store, stream, revision);
        const recorded = { type: stored && typeOf(stored), data: stored && JSON.parse(stored.data) };
        const expected = comparable(data, data);
        expect([nameOf(one), type, expected]).toEqual([
          nameOf(one),
          recorded.type,
          comparable(data, within(data, recorded.data)),
        ]);
      }
      recordable.push([nameOf(one), (events ?? []).map(({ type }) => type)]);
    };
    for (const one of WRITING) {
      await until(one);
      const dry = await tried(one);
      const { events, status } = await eventsOf(one);
      const real = await send(one);
      expect([nameOf(one), dry.status]).toEqual([nameOf(one), real.status]);
      if (real.status < 300) {
        expect(dry.headers.get('dry-run'), nameOf(one)).toBe('true');
        expect(real.headers.get('dry-run'), nameOf(one)).toBeNull();
        const checked = one.answers[dry.status]?.schema.safeParse(dry.body);
        expect(checked?.error?.message, nameOf(one)).toBeUndefined();
      }
      expect([nameOf(one), comparable(dry.body, dry.body)]).toEqual([
        nameOf(one),
        comparable(dry.body, real.body),
      ]);
      if (real.status < 300) await areRecorded(one, status, events);
      learn(one, real);
      await api.running.api.jobs.idle();
      // What is so already, used up or gone answers too, and records nothing.
      await tried(one);
    }
    const silent = recordable.filter(([, types]) => types.length === 0).map(([name]) => name);
    expect(silent).toEqual(SILENT);
    expect(Object.fromEntries(recordable)).toMatchObject(TYPES);
  });

  test('makes no key and no secret that is good for anything', async () => {
    const key = { 'idempotency-key': 'dry' };
    for (const [path, body] of [
      ['/keys', { name: 'dry', scopes: ['admin'] }],
      ['/webhooks', { url: 'https://example.com/hooks' }],
    ] as const) {
      const dry = await api.ok('POST', `${path}?dryRun=true`, body, key);
      expect(dry.body.secret).toBe(NOT_MADE);
      const real = await api.ok('POST', path, body, key);
      expect(real.headers.get('idempotency-hit')).toBeNull();
      // Under a key that was used, a dry run answers what was answered, and would record nothing more.
      expect((await api.ok('POST', `${path}?dryRun=events`, body, key)).body.wouldRecord).toEqual([]);
      expect((await api.ok('POST', `${path}?dryRun=true`, body, key)).body).toEqual(real.body);
      const other = { ...body, accounts: ['acme'] };
      expect((await api.send('POST', `${path}?dryRun=true`, other, key)).body.code).toBe(
        'idempotency_key_reused',
      );
    }
  });
});

test('under a key that was used, a command would record nothing more', async () => {
  const api = await served();
  await withAccount(api);
  const [key, paid] = [{ 'idempotency-key': 'once' }, { amount: '5', reference: 'wire-5' }];
  const events = async () =>
    (await api.ok('POST', '/accounts/acme/deposits?dryRun=events', paid, key)).body.wouldRecord;
  expect(await events()).toMatchObject([{ type: 'FundsDeposited', data: { amount: '5.00' } }]);
  await api.ok('POST', '/accounts/acme/deposits', paid, key);
  expect(await events()).toEqual([]);
  await api.stop();
});

describe('of usage', () => {
  let api: ServedApi;
  beforeAll(async () => {
    api = await served();
    await withAccount(api);
    await api.ok('POST', '/usage', [usage('known')]);
  });
  afterAll(() => api.stop());

  const batch = [
    usage('known'),
    usage('known', {}, 2),
    usage('new'),
    usage('new'),
    usage('later', { time: '2019-01-01T01:00:00+08:00' }),
    usage('x', { subject: 'nobody' }),
    { id: 'bad' },
    7,
  ];
  const lines = `${batch.map((one) => JSON.stringify(one)).join('\n')}\nno json\n`;
  const ndjson = { 'content-type': 'application/x-ndjson' };

  test.each([
    ['a batch', batch, {}],
    ['one record', usage('single'), {}],
    ['one record that is refused', { id: 'bad-single' }, {}],
    ['a stream', lines, ndjson],
  ])(
    '%s: the outcome of each record, nothing recorded and nothing logged as refused',
    async (_, body, headers) => {
      const before = await headsOf(api);
      const metrics = async () =>
        (await (await fetch(`${api.base}/metrics`)).text()).match(/^suanpan_records_total.*$/gm);
      const counted = await metrics();
      const dry = await api.ok('POST', '/usage?dryRun=true', body, headers);
      expect(dry.headers.get('dry-run')).toBe('true');
      expect(await headsOf(api)).toEqual(before);
      expect(await metrics()).toEqual(counted);
      expect((await api.ok('GET', '/accounts/acme/refused-usage')).body.items).toEqual([]);
      expect((await api.ok('GET', '/refused-usage')).body.items).toEqual([]);
      const other = await served();
      try {
        await withAccount(other);
        await other.ok('POST', '/usage', [usage('known')]);
        const real = await other.ok('POST', '/usage', body, headers);
        expect(dry.body).toEqual(real.body);
      } finally {
        await other.stop();
      }
    },
  );

  test('a stream too long to be looked at as a whole is refused before anything is answered', async () => {
    const many = '{}\n'.repeat(20_001);
    const answer = await api.send('POST', '/usage?dryRun=true', many, ndjson);
    expect([answer.status, answer.body.code]).toEqual([413, 'body_too_large']);
  });
});

test('a route that may change the ledger and says no dry run does not type-check', () => {
  const described = {
    path: '/none',
    scope: 'read',
    tag: 'none',
    what: 'none',
    params: shape.nothing,
    query: shape.nothing,
    body: null,
    answers: {},
    example: { path: '/none', status: 200 },
  } as const;
  const handle = async () => ({ status: 200, body: null });
  for (const method of ['POST', 'PUT', 'DELETE'] as const) {
    // @ts-expect-error: there is no tryOut
    route({ ...described, method, handle });
    expect(route({ ...described, method, handle, tryOut: handle }).tryOut).not.toBeNull();
  }
  for (const one of WRITING) expect(one.tryOut, nameOf(one)).not.toBeNull();
});
