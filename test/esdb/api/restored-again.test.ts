/**
 * Restores of an engine that come at a bad moment: one after the other, to nothing at all, in the middle of closing months
 * or of deliveries. Servers run on through each of them, and are asked for something as soon as the engine answers.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { verifyStore } from '../../../src/audit/verify/verify-store.ts';
import { calendarOf } from '../../../src/domain/calendar.ts';
import { openForReading } from '../../../src/ledger/open.ts';
import { type ServedApi, served, usage, withAccount } from '../../support/api.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { hookReceiver } from '../../support/receivers.ts';
import { type EsdbDouble, openDouble } from '../double/esdb-double.ts';
import type { SavedLog } from '../double/transaction-log.ts';
import { openServer } from '../ledger-servers.ts';
import { onEngine, openPair, type Pair } from './pair.ts';

const PATIENCE = { timeout: 60_000, interval: 50 };

let double: EsdbDouble;
let pair: Pair;
let servers: ServedApi[];
beforeEach(async () => {
  double = await openDouble();
  pair = await openPair(double.connectionString, { SUANPAN_ALLOW_PRIVATE_TARGETS: 'true' });
  servers = [pair.a, pair.b];
});
afterEach(async () => {
  await pair.stop();
  await double.stop();
});

/** A backup; the engine restarts for it. */
const save = async (): Promise<SavedLog> => {
  await double.stop();
  const saved = double.saved();
  await double.start();
  await allReady();
  return saved;
};

const restore = async (saved: SavedLog): Promise<void> => {
  await double.stop();
  double.restore(saved);
  await double.start();
};

const statusOf = async ({ base }: ServedApi): Promise<string> => {
  const answer = await fetch(`${base}/readyz`);
  return `${answer.status} ${await answer.text()}`;
};
const allReady = () =>
  expect
    .poll(
      async () => (await Promise.all(servers.map(statusOf))).every((text) => text.startsWith('200')),
      PATIENCE,
    )
    .toBe(true);

/** Sends until it is answered with something other than "come again". */
const insisting = async (api: ServedApi, method: string, path: string, body?: unknown, headers = {}) => {
  for (;;) {
    const answer = await api.send(method, path, body, headers);
    if (answer.status !== 503) return answer;
    await pause(20);
  }
};

const meter = (api: ServedApi, ids: readonly string[], account = 'acme') =>
  insisting(
    api,
    'POST',
    '/usage',
    ids.map((id) => usage(id, { subject: account })),
  );
const deposit = (api: ServedApi, key: string, account = 'acme') =>
  insisting(
    api,
    'POST',
    `/accounts/${account}/deposits`,
    { amount: '10.00', reference: key },
    { 'idempotency-key': key },
  );

/** Nothing is wrong in the ledger, and all servers show what a server with nothing derived makes of it. */
const expectSound = async (): Promise<void> => {
  await allReady();
  const store = await openForReading(double.connectionString);
  const { findings } = await verifyStore(store, calendarOf('Asia/Shanghai'), () => undefined);
  await store.close();
  expect(findings).toEqual([]);
  const fresh = await openServer(double.connectionString);
  for (const { running } of servers) {
    await fresh.viewsCaughtUp();
    await running.api.ledger.viewsCaughtUp();
    expect(running.api.ledger.views?.digest()).toBe(fresh.views?.digest());
  }
};

test('twice in a row, back and forth, with no time between', async () => {
  await withAccount(pair.a);
  await meter(pair.a, ['r-0']);
  const first = await save();
  await meter(pair.b, ['r-1']);
  await deposit(pair.a, 'd-1');
  const second = await save();
  await meter(pair.a, ['r-2']);
  await deposit(pair.b, 'd-2');
  await restore(second);
  await restore(first);
  // Of what was lost twice, and of what the other backup has.
  expect((await meter(pair.b, ['r-0', 'r-1', 'r-2'])).body).toMatchObject({ accepted: 2, duplicates: 1 });
  expect((await meter(pair.a, ['r-0', 'r-1', 'r-2'])).body).toMatchObject({ duplicates: 3 });
  await expectSound();
  // A later backup under servers that went on from the earlier one.
  await restore(second);
  expect((await meter(pair.a, ['r-0', 'r-1', 'r-2'])).body).toMatchObject({ accepted: 1, duplicates: 2 });
  const [kept, lost] = [await deposit(pair.b, 'd-1'), await deposit(pair.a, 'd-2')];
  expect([kept.headers.get('idempotency-hit'), lost.headers.get('idempotency-hit')]).toEqual(['true', null]);
  await expectSound();
  for (const saved of [first, second, first, first]) await restore(saved);
  expect((await meter(pair.b, ['r-0', 'r-1', 'r-2'])).body).toMatchObject({ accepted: 2, duplicates: 1 });
  await expectSound();
});

test('to the same content, appended again by another server before anybody looked', async () => {
  await withAccount(pair.a);
  const saved = await save();
  const work = async (api: ServedApi) => {
    for (const id of ['r-0', 'r-1', 'r-2'])
      expect((await meter(api, [id])).body).toMatchObject({ accepted: 1 });
    expect((await deposit(api, 'd-0')).status).toBe(201);
  };
  await work(pair.a);
  await Promise.all(servers.map(({ running }) => running.api.ledger.viewsCaughtUp()));
  await restore(saved);
  const third = await served(onEngine(double.connectionString, temporaryFolder()));
  onTestFinished(() => third.stop());
  await work(third);
  for (const api of servers) {
    expect((await meter(api, ['r-0', 'r-1', 'r-2'])).body).toMatchObject({ duplicates: 3 });
    expect((await deposit(api, 'd-0')).headers.get('idempotency-hit')).toBe('true');
  }
  await expectSound();
});

test('to nothing: no server makes a ledger, and the next backup is taken up', async () => {
  const nothing: SavedLog = { records: [], end: 0n };
  await withAccount(pair.a);
  await meter(pair.a, ['r-0']);
  const saved = await save();
  await meter(pair.a, ['r-1']);
  await restore(nothing);
  await expect
    .poll(async () => Promise.all(servers.map(statusOf)), PATIENCE)
    .toEqual([expect.stringMatching(/^503 .*restored/s), expect.stringMatching(/^503 .*restored/s)]);
  const refused = await pair.a.send('POST', '/usage', [usage('r-2')]);
  expect([refused.status, refused.body.code]).toEqual([503, 'ledger_restored']);
  await pause(2_000);
  expect(double.events().filter(({ stream }) => !stream.startsWith('$'))).toEqual([]);
  await restore(saved);
  expect((await meter(pair.b, ['r-0', 'r-1', 'r-2'])).body).toMatchObject({ accepted: 2, duplicates: 1 });
  await expectSound();
});

test('to nothing, where a new server makes a new ledger: the others go on with that', async () => {
  await withAccount(pair.a);
  await meter(pair.a, ['r-0']);
  await restore({ records: [], end: 0n });
  const third = await served(onEngine(double.connectionString, temporaryFolder()));
  onTestFinished(() => third.stop());
  for (const api of servers) expect((await insisting(api, 'GET', '/accounts/acme')).status).toBe(404);
  await withAccount(third);
  expect((await meter(pair.a, ['r-0'])).body).toMatchObject({ accepted: 1 });
  expect((await meter(pair.b, ['r-0'])).body).toMatchObject({ duplicates: 1 });
  await expectSound();
});

const closesIn = () => double.events().filter(({ type }) => type === 'MonthClosed');

test.each(['before', 'in the middle of'])('to a state %s a close of all months, which runs', async (when) => {
  const accounts = Array.from({ length: 32 }, (_, n) => `acct-${n}`);
  for (const account of accounts) await withAccount(pair.a, account);
  for (const account of accounts) await meter(pair.b, [`r-${account}`], account);
  const closed = { now: '2019-03-05T00:00:00+08:00' };
  let saved = await save();
  const setting = pair.a.send('PUT', '/clock', closed);
  await expect.poll(() => closesIn().length, { timeout: 60_000, interval: 1 }).toBeGreaterThan(10);
  if (when === 'in the middle of') {
    saved = double.saved();
    await expect.poll(() => closesIn().length, { timeout: 60_000, interval: 1 }).toBeGreaterThan(25);
  }
  await restore(saved);
  expect([200, 503]).toContain((await setting).status);
  await allReady();
  expect((await insisting(pair.b, 'PUT', '/clock', closed)).status).toBe(200);
  for (const account of accounts) {
    const { body } = await pair.a.ok('GET', `/accounts/${account}/bills`);
    expect(body.items.map(({ month }: { month: string }) => month).toSorted()).toEqual([
      '2019-01',
      '2019-02',
    ]);
  }
  expect(closesIn().length).toBe(2 * accounts.length);
  for (const account of accounts.slice(0, 3)) {
    const { body } = await pair.b.ok('GET', `/accounts/${account}/bills/2019-01/replay`);
    expect(body.match).toBe(true);
  }
  await expectSound();
});

test('seen first by the timekeeper: what is due is done once, on what the ledger holds', async () => {
  const first = await openDouble();
  onTestFinished(first.stop);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2019-01-20T12:00:00+08:00') });
  onTestFinished(() => void vi.useRealTimers());
  const address = first.connectionString;
  const env = { SUANPAN_CLOCK: '' };
  const both = await Promise.all([1, 2].map(() => served(onEngine(address, temporaryFolder(), env))));
  onTestFinished(async () => void (await Promise.all(both.map((api) => api.stop()))));
  const [a, b] = both;
  if (!a || !b) throw new Error('two servers');
  await withAccount(a);
  const now = { time: '2019-01-20T12:00:00+08:00' };
  await a.ok('POST', '/usage', [usage('r-0', now, 2_000)]);
  await first.stop();
  const saved = first.saved();
  await first.start();
  await insisting(a, 'POST', '/usage', [usage('r-1', now, 70_000)]);
  await Promise.all(both.map(({ running }) => running.api.ledger.viewsCaughtUp()));
  await first.stop();
  first.restore(saved);
  vi.setSystemTime(Date.parse('2019-02-03T12:00:00+08:00'));
  await first.start();
  for (const { running } of both) running.catchUp();
  await expect
    .poll(
      async () => (await Promise.all(both.map(statusOf))).every((text) => text.startsWith('200')),
      PATIENCE,
    )
    .toBe(true);
  for (const { running } of both) running.catchUp();
  const closes = () => first.events().filter(({ type }) => type === 'MonthClosed');
  await expect.poll(() => closes().length, PATIENCE).toBe(1);
  const { body } = await insisting(b, 'GET', '/accounts/acme/bills/2019-01');
  expect(body.lines.reduce((sum: number, { metered }: { metered: number }) => sum + metered, 0)).toBe(2_000);
  expect((await insisting(a, 'GET', '/accounts/acme/bills/2019-01/replay')).body.match).toBe(true);
  const late = await insisting(a, 'POST', '/usage', [usage('r-0', now, 2_000), usage('r-1', now, 70_000)]);
  expect(late.body).toMatchObject({ accepted: 1, duplicates: 1 });
  expect(closes().length).toBe(1);
});

test('while deliveries are under way: what the ledger holds is delivered, and nothing else from then on', async () => {
  const receiver = await hookReceiver();
  await withAccount(pair.a);
  const { body } = await pair.a.ok('POST', '/webhooks', { url: receiver.url, types: ['funds.deposited'] });
  receiver.trust(body.secret);
  const saved = await save();
  const held: (() => void)[] = [];
  receiver.answer((_, response) => void held.push(() => response.writeHead(204).end()));
  for (const key of ['lost-1', 'lost-2', 'lost-3']) await deposit(pair.a, key);
  await expect.poll(() => held.length, PATIENCE).toBeGreaterThan(0);
  await restore(saved);
  await expect
    .poll(
      async () => (await Promise.all(servers.map(statusOf))).some((text) => text.includes('restored')),
      PATIENCE,
    )
    .toBe(true);
  for (const answer of held) answer();
  receiver.answer(200);
  await allReady();
  const before = receiver.received.length;
  for (const key of ['new-1', 'new-2', 'new-3']) expect((await deposit(pair.b, key)).status).toBe(201);
  await expect
    .poll(
      () =>
        receiver.received
          .slice(before)
          .map((one) => one.body.data['reference'])
          .toSorted(),
      PATIENCE,
    )
    .toEqual(['new-1', 'new-2', 'new-3']);
  for (const { running } of servers) await running.api.delivery?.settleNow();
  expect(receiver.received.length).toBe(before + 3);
  await expectSound();
});
