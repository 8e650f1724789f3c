/**
 * A client that loses answers, sends twice and changes bodies, for every command of the route table: at once, after a
 * restart, and 400 days later.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Route } from '../../src/api/http/route.ts';
import { ROUTES } from '../../src/api/routes/all.ts';
import { type Answered, type ServedApi, served, usage, withAccount } from '../support/api.ts';

let api: ServedApi;
const folder = mkdtempSync(join(tmpdir(), 'suanpan-'));
const env = { SUANPAN_STORE: `sqlite:${join(folder, 'ledger.db')}`, SUANPAN_CLOSE_AT: 'manual' };
const known: Record<string, string> = {};
beforeAll(async () => {
  api = await served(env);
  await withAccount(api);
  await api.ok('POST', '/usage', [usage('record-1', {}, 20_000), usage('call-1')]);
  await api.ok('PUT', '/clock', { now: '2019-02-02T00:00:00+08:00' });
  const url = 'https://example.org/hooks';
  known['webhook'] = (await api.ok('POST', '/webhooks', { url, types: ['bill.issued'] })).body.webhook;
  known['key'] = (await api.ok('POST', '/keys', { name: 'old', scopes: ['read'] })).body.key;
  await everyOneIsAsked();
});
afterAll(async () => {
  await api.stop();
  rmSync(folder, { recursive: true, force: true });
});

const WAIT = { timeout: 60_000 };

/** Not here: a dead delivery is needed to resend one, a book that permits returns to return a pack (returns.test.ts). */
const ELSEWHERE = ['/deliveries/resend', '/accounts/:account/packs/:pack/return'];
const COMMANDS = ROUTES.filter(({ idempotent, path }) => idempotent && !ELSEWHERE.includes(path));
const nameOf = ({ method, path }: Route): string => `${method} ${path}`;

/** Bodies that are not the example's, for a route that has none of its own to change. */
const OTHER: Readonly<Record<string, unknown>> = {
  'POST /accounts': { account: 'zeta', name: 'other' },
  'POST /accounts/:account/services': { product: 'ocr' },
  'POST /accounts/:account/deposits': { amount: '7.00', reference: 'wire-1' },
  'POST /accounts/:account/suspensions': { reason: 'prohibited', note: 'other' },
  'POST /accounts/:account/packs': { pool: 'face-recognition/compare', size: 1_000_000, quantity: 9 },
  'POST /accounts/:account/corrections': { source: '/gateway/1', id: 'record-1', calls: 1, reason: 'other' },
  'POST /accounts/:account/credits': { amount: '11.00', reference: 'ticket-8', reason: 'other' },
  'POST /keys': { name: 'other', scopes: ['read'] },
  'POST /keys/:key/rotation': { overlapSeconds: 1 },
  'POST /webhooks/:webhook/rotation': { overlapSeconds: 1 },
  'POST /webhooks': { url: 'https://example.org/other', types: ['*'] },
};
const EXAMPLE: Readonly<Record<string, unknown>> = {
  'POST /accounts': { account: 'zeta', name: 'first' },
  'POST /accounts/:account/services': { product: 'body-analysis' },
};

const asked = (route: Route, body = EXAMPLE[nameOf(route)] ?? route.example.body): Promise<Answered> => {
  const path = route.example.path.replace(/:([a-z]+)/g, (_, name) => known[name] ?? name);
  return api.send(route.method, path, body, {
    'idempotency-key': `key-${nameOf(route).replace(/\W+/g, '-')}`,
  });
};

/** What each was answered at first, before any test. */
const first = new Map<string, Answered>();
const everyOneIsAsked = async () => {
  for (const route of COMMANDS) first.set(nameOf(route), await asked(route));
  await api.running.api.jobs.idle();
};
/** Headers of the connection and of the moment. */
const PASSING = ['date', 'connection', 'keep-alive', 'transfer-encoding', 'idempotency-hit'];
/** All of an answer that a repeat must give again. */
const whole = ({ status, body, headers }: Answered) => ({
  status,
  body,
  headers: [...headers].filter(([name]) => !PASSING.includes(name)),
});
const everyOneIsRepeated = async () => {
  for (const route of COMMANDS) {
    const before = first.get(nameOf(route));
    if (!before) throw new Error(`${nameOf(route)} had no answer`);
    const again = await asked(route);
    expect([nameOf(route), whole(again)]).toEqual([nameOf(route), whole(before)]);
    expect([nameOf(route), again.headers.get('idempotency-hit')]).toEqual([nameOf(route), 'true']);
  }
};
const totals = async () => ({
  accounts: (await api.ok('GET', '/accounts')).body.items,
  packs: (await api.ok('GET', '/accounts/acme/packs')).body.items.length,
  keys: (await api.ok('GET', '/keys')).body.items.length,
  webhooks: (await api.ok('GET', '/webhooks')).body.items.length,
  bills: (await api.ok('GET', '/accounts/acme/bills')).body.items,
});

test('every command is done once, however often it comes', async () => {
  expect(COMMANDS.length).toBeGreaterThan(10);
  for (const route of COMMANDS) {
    const answer = first.get(nameOf(route));
    expect([nameOf(route), answer?.status, answer?.body.code]).toEqual([
      nameOf(route),
      route.example.status,
      undefined,
    ]);
  }
  const after = await totals();
  await everyOneIsRepeated();
  expect(await totals()).toEqual(after);
});

test('whatever became of it since, a repeat is answered as the first was', async () => {
  const made = (name: string) => first.get(name)?.body;
  const { key, secret } = made('POST /keys');
  // A key that was used is shown with its use; that is written down beside the request.
  const used = { authorization: `Bearer ${secret}` };
  await api.ok('POST', '/usage', [], used);
  await vi.waitFor(async () => {
    const { items } = (await api.ok('GET', '/keys')).body;
    const named = items.find((one: { key: string }) => one.key === key);
    expect(named.lastUsedAt).not.toBeNull();
  }, WAIT);
  await everyOneIsRepeated();
  await api.ok('DELETE', `/keys/${key}`);
  await api.ok('POST', `/keys/${made('POST /keys/:key/rotation').key}/rotation`, {});
  await api.ok('DELETE', `/webhooks/${made('POST /webhooks').webhook}`);
  await api.ok('POST', '/signing-keys');
  await api.ok('DELETE', `/signing-keys/${made('POST /signing-keys').id}`);
  await api.ok('DELETE', '/accounts/acme/suspensions/prohibited');
  await api.ok('POST', '/checkpoints');
  await api.ok('POST', '/accounts/acme/deposits', { amount: '1', reference: 'since' });
  const after = await totals();
  await everyOneIsRepeated();
  expect(await totals()).toEqual(after);
});

test('with another body the key is refused, and nothing happens', async () => {
  const before = await totals();
  for (const route of COMMANDS) {
    const other = OTHER[nameOf(route)];
    if (other === undefined) continue;
    const answer = await asked(route, other);
    expect([nameOf(route), answer.status, answer.body.code]).toEqual([
      nameOf(route),
      422,
      'idempotency_key_reused',
    ]);
  }
  expect(await totals()).toEqual(before);
});

test('the same after a restart, and 400 days later', async () => {
  const before = await totals();
  await api.stop();
  api = await served(env);
  await everyOneIsRepeated();
  expect(await totals()).toEqual(before);
  await api.ok('PUT', '/clock', { now: '2020-03-10T00:00:00+08:00' });
  await everyOneIsRepeated();
  expect((await totals()).packs).toEqual(before.packs);
});
