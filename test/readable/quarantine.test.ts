/** An event that cannot be read stops the account it belongs to, not the ledger. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROUTES } from '../../src/api/routes/all.ts';
import { storedEvents } from '../../src/codec/stored-events.ts';
import { openSqliteStore } from '../../src/eventstore/sqlite/store.ts';
import { LEDGER } from '../../src/ledger/system/billing-zone.ts';
import { CATALOGUE } from '../../src/ledger/system/catalogue.ts';
import { type SystemEventType, systemEvents } from '../../src/ledger/system/events.ts';
import { type ServedApi, served, usage } from '../support/api.ts';
import { folderOfFile } from '../support/folder.ts';
import { type Poison, poisoned } from '../support/poisoned.ts';

/** One account for every type of fact, each with an event of that type that cannot be read, and other ways to spoil one. */
const poisons: readonly (readonly [account: string, Poison])[] = [
  ...Object.keys(storedEvents).map(
    (type) =>
      [`of-${type}`, { type, version: type === 'NothingChanged' ? 9 : 1, data: '{"amount":7}' }] as const,
  ),
  ['no-json', { type: 'FundsDeposited', data: '{"amount":' }],
  ['no-header', { type: null, data: '{}' }],
  ['no-type', { type: 'Unheard', data: '{}' }],
  ['no-instant', { type: 'NothingChanged', at: 'yesterday', data: '{}' }],
  ['no-double', { type: 'PackExpired', data: '{"pack":"p","forfeited":9007199254740993}' }],
  ['does-not-follow', { type: 'UsageCorrected', data: correctionOf('nothing-that-was-metered') }],
];

function correctionOf(pack: string): string {
  const tally = {
    ...{ month: '2019-01', product: 'face-recognition', meter: 'face-recognition/compare' },
    ...{ pool: 'face-recognition/compare', free: 0, postPaid: 0, runs: [[pack, -5]] },
  };
  const record = { source: '/g', id: 'x', interface: 'face-recognition/compare' };
  const when = { time: '2019-01-05T00:00:00.000Z', day: '2019-01-05' };
  return JSON.stringify({ ...record, ...when, from: 5, to: 0, reason: 'a test', tally });
}

/** The stream of every other type of event; the zone's and the catalogue's are looked at by themselves. */
const STREAMS: Readonly<Record<SystemEventType, string>> = {
  LedgerCreated: LEDGER,
  PriceBookPublished: CATALOGUE,
  HolderNamed: 'holder-good',
  UsageRefused: 'refused-good',
  UsageNotKept: 'refused-good',
  KeyCreated: 'keys',
  KeyRevoked: 'keys',
  KeyUsed: 'keys',
  WebhookAdded: 'webhooks',
  WebhookSecretRotated: 'webhooks',
  WebhookRemoved: 'webhooks',
  ContactsSet: 'contacts-good',
  DeliveriesSettled: 'deliveries',
  DeliveryResent: 'deliveries',
  DeliveryLeased: 'delivery-lease',
  JobStarted: 'jobs',
  JobDone: 'jobs',
  SigningKeyAdded: 'signing-keys',
  SigningKeyRevoked: 'signing-keys',
  LeavesAdded: 'checkpoints',
  CheckpointSigned: 'checkpoints',
  ClockSet: 'clock',
  ClockChosen: LEDGER,
  SecretChecked: 'secret',
  TurnAsked: 'turns',
};
const beside = (Object.keys(systemEvents) as SystemEventType[]).filter(
  (type) => type !== 'LedgerCreated' && type !== 'PriceBookPublished',
);

const folder = folderOfFile();
let api: ServedApi;
let secret: string;
const revisions = new Map<string, number>();
const held: [stream: string, revision: number][] = [];

beforeAll(async () => {
  const path = join(folder(), 'ledger.db');
  const env = { SUANPAN_STORE: `sqlite:${path}` };
  const before = await served(env);
  for (const account of ['good', ...poisons.map(([name]) => name)]) {
    await before.ok('POST', '/accounts', { account, name: account });
    await before.ok('POST', `/accounts/${account}/services`, { product: 'face-recognition' });
  }
  await before.ok('POST', '/usage', usage('before', { subject: 'good' }));
  const key = { name: 'a key', scopes: ['read'] };
  secret = (await before.ok('POST', '/keys', key, { 'idempotency-key': 'key' })).body.secret;
  await before.stop();
  const store = openSqliteStore(path);
  for (const [account, poison] of poisons) {
    const stream = `account-${account}`;
    revisions.set(account, await poisoned(store, stream, poison));
    held.push([stream, revisions.get(account) ?? -1]);
  }
  for (const type of beside)
    held.push([STREAMS[type], await poisoned(store, STREAMS[type], { type, data: '{"so":"what"}' })]);
  held.sort(([a, m], [b, n]) => (a < b ? -1 : a > b ? 1 : m - n));
  await store.close();
  api = await served(env);
});
afterAll(() => api.stop());

describe.each(poisons)('%s', (account) => {
  test('answers by name, with stream and revision, on every route of an account', async () => {
    const about = ROUTES.filter(({ path }) => path.startsWith('/accounts/:account'));
    expect(about.length).toBeGreaterThan(15);
    let named = 0;
    for (const { method, path, example, idempotent } of about) {
      const headers: Record<string, string> = idempotent
        ? { 'idempotency-key': `${account} ${method} ${path}` }
        : {};
      const answer = await api.send(
        method,
        example.path.replace('/acme', `/${account}`),
        example.body,
        headers,
      );
      expect(answer.body.code, `${method} ${path}`).not.toBe('internal');
      if (answer.body.code !== 'stream_unreadable') continue;
      named += 1;
      expect([answer.status, answer.body.stream, answer.body.revision]).toEqual([
        500,
        `account-${account}`,
        revisions.get(account),
      ]);
    }
    expect(named).toBeGreaterThan(10);
  });
});

test('views, usage and commands of others go on', async () => {
  const mixed = [
    ...poisons.map(([subject]) => usage('mixed', { subject })),
    usage('mixed', { subject: 'good' }),
  ];
  const { body } = await api.ok('POST', '/usage', mixed);
  expect(body).toMatchObject({ accepted: 1, refused: poisons.length });
  for (const result of body.results) expect(result).toMatchObject({ code: 'stream_unreadable' });
  const days = (await api.ok('GET', '/accounts/good/usage?month=2019-01')).body.items;
  expect(days.reduce((sum: number, day: { records: number }) => sum + day.records, 0)).toBe(2);
  await api.ok('POST', '/accounts/good/deposits', { amount: '5.00', reference: 'after' });
  expect((await api.ok('GET', '/accounts/good')).body.balance.total).toBe('5.00');
});

test('lists leave out what cannot be shown, and say so', async () => {
  const { body } = await api.ok('GET', '/accounts?limit=1000');
  expect(body.items.map(({ account }: { account: string }) => account)).toEqual(['good']);
  expect([...body.quarantined].sort()).toEqual(poisons.map(([name]) => name).sort());
});

test('the listing, readiness and metrics name stream and revision', async () => {
  const { items } = (await api.ok('GET', '/quarantine?limit=1000')).body;
  expect(
    items.map(({ stream, revision }: { stream: string; revision: number }) => [stream, revision]),
  ).toEqual(held);
  const ready = await fetch(`${api.base}/readyz`);
  expect(ready.status).toBe(200);
  const { quarantined } = (await ready.json()) as { quarantined: { stream: string; revision: number }[] };
  expect(quarantined.map(({ stream, revision }) => [stream, revision])).toEqual(held);
  const metrics = await (await fetch(`${api.base}/metrics`)).text();
  expect(metrics).toContain(`suanpan_quarantined ${held.length}\n`);
  for (const [stream, revision] of held)
    expect(metrics).toContain(`suanpan_quarantined_event{stream="${stream}",revision="${revision}"} 1`);
});

test('the clock goes on, and closing everybody closes everybody else', async () => {
  await api.ok('PUT', '/clock', { now: '2019-02-01T08:00:00+08:00' });
  expect((await api.ok('GET', '/accounts/good/bills')).body.items.length).toBe(1);
  const { job } = (await api.ok('POST', '/months/2019-01/close', undefined, { 'idempotency-key': 'close' }))
    .body;
  await api.running.api.jobs.idle();
  const done = (await api.ok('GET', `/jobs/${job}`)).body;
  expect(done).toMatchObject({ state: 'done', closed: 1 });
  expect(
    done.refused.map(({ account, code }: { account: string; code: string }) => [account, code]).sort(),
  ).toEqual(poisons.map(([name]) => [name, 'stream_unreadable']).sort());
});

test('what an unreadable event may have ended counts as ended', async () => {
  const answer = await api.send('GET', '/accounts', undefined, { authorization: `Bearer ${secret}` });
  expect([answer.status, answer.body.code]).toEqual([401, 'key_invalid']);
  expect((await api.ok('GET', '/webhooks')).body.items).toEqual([]);
});

test('what signs is not guessed at', async () => {
  const answer = await api.send('POST', '/checkpoints', undefined, { 'idempotency-key': 'sign' });
  expect([answer.status, answer.body.code]).toEqual([500, 'stream_unreadable']);
});
