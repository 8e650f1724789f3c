/** The client: repeats what is safe to repeat under one key, waits as asked, and says what is not a ledger's answer. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { pauseMs, retryAfterMs } from '../../client/retries.ts';
import { NoAnswer, Refused, suanpan, UnexpectedAnswer, type UsageEvent } from '../../client/suanpan.ts';
import { cut, json, page, problem, reset, type Step, scriptedServer, silence } from './scripted-server.ts';

const NOW = { 'retry-after': '0' };
const ACCOUNT = { account: 'acme', name: '' };
const BALANCE = { total: '0.00', available: '0.00', frozen: '0.00' };
const READ = { ...ACCOUNT, status: 'active', suspensions: [], balance: BALANCE, services: [] };
const USAGE: UsageEvent = {
  specversion: '1.0',
  type: 'suanpan.usage',
  source: '/gateway/1',
  id: '1',
  subject: 'acme',
  time: '2019-01-10T12:00:00+08:00',
  data: { interface: 'face-recognition/compare', calls: 5 },
};
const COUNTS = { accepted: 1, duplicates: 0, conflicts: 0, refused: 0 };
const client = (base: string, more: object = {}) => suanpan({ base, key: 'sk_test', ...more });

const LATER: readonly (readonly [string, Step])[] = [
  ['429 with a problem', problem(429, 'rate_limited', NOW)],
  ['502 with a page', page(502, NOW)],
  ['503 with a problem', problem(503, 'overloaded', NOW)],
  ['503 with a page', page(503, NOW)],
  ['504 with a page', page(504, NOW)],
  ['409 while the first is under way', problem(409, 'idempotency_in_flight', NOW)],
  ['a connection that breaks before the answer', reset],
  ['a connection that breaks in the middle of it', cut],
];

describe.each(LATER)('after %s', (_, later) => {
  test('a command is sent again with the same key, and happens once', async () => {
    const { base, asked } = await scriptedServer(later, later, json(201, ACCOUNT));
    expect(await client(base).postAccounts(ACCOUNT)).toEqual(ACCOUNT);
    const keys = asked.map(({ headers }) => headers['idempotency-key']);
    expect(keys.length).toBe(3);
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(new Set(asked.map(({ body }) => body)).size).toBe(1);
  });

  test('a read and a report are sent again', async () => {
    const read = await scriptedServer(later, json(200, READ));
    expect(await client(read.base).getAccountsOne('acme')).toEqual(READ);
    const report = await scriptedServer(later, json(200, COUNTS));
    expect(await client(report.base).postUsage([USAGE])).toEqual(COUNTS);
    expect(report.asked.map(({ body }) => JSON.parse(body))).toEqual([[USAGE], [USAGE]]);
    // A record's own identity tells a repeat.
    expect(report.asked[0]?.headers['idempotency-key']).toBeUndefined();
  });
});

test('each call has a key of its own, unless it is given one', async () => {
  const { base, asked } = await scriptedServer(json(201, ACCOUNT));
  const api = client(base);
  await api.postAccounts(ACCOUNT);
  await api.postAccounts(ACCOUNT);
  await api.postAccounts(ACCOUNT, {}, { idempotencyKey: 'mine', actor: 'me', reason: '退款' });
  const [one, two, three] = asked.map(({ headers }) => headers);
  expect(one?.['idempotency-key']).not.toBe(two?.['idempotency-key']);
  expect(three).toMatchObject({ 'idempotency-key': 'mine', 'x-actor': 'me' });
  expect(Buffer.from(String(three?.['x-reason']), 'latin1').toString('utf8')).toBe('退款');
});

test('what is refused for good is not sent again, and says its code', async () => {
  const { base, asked } = await scriptedServer(problem(402, 'insufficient_funds'));
  const refused = client(base).postAccountsPacks('acme', { pool: 'p', size: 1, quantity: 1 });
  await expect(refused).rejects.toThrow(Refused);
  await expect(refused).rejects.toMatchObject({ status: 402, code: 'insufficient_funds' });
  expect(asked.length).toBe(1);
});

test('after so many attempts the last answer is what is thrown', async () => {
  const { base, asked } = await scriptedServer(problem(503, 'view_behind', NOW));
  await expect(client(base, { retries: 3 }).getAccounts()).rejects.toMatchObject({ code: 'view_behind' });
  expect(asked.length).toBe(4);
});

describe('an error page', () => {
  test.each([
    ['404', page(404)],
    ['500', page(500)],
    ['200, where another server is at the address', page(200)],
  ])('with %s is said as it is, once', async (_, step) => {
    const { base, asked } = await scriptedServer(step);
    const call = client(base).getAccountsOne('acme');
    await expect(call).rejects.toThrow(UnexpectedAnswer);
    await expect(call).rejects.toMatchObject({ text: expect.stringContaining('Bad Gateway') });
    expect(asked.length).toBe(1);
  });

  test('with 502 that stays is thrown in the end with its text', async () => {
    const { base } = await scriptedServer(page(502, NOW));
    await expect(client(base, { retries: 2 }).getAccounts()).rejects.toMatchObject({
      status: 502,
      message: expect.stringContaining('Bad Gateway'),
    });
  });

  test('in JSON that is no problem of a ledger is not taken for one', async () => {
    const { base } = await scriptedServer(json(403, { message: 'Forbidden' }));
    await expect(client(base).getAccounts()).rejects.toThrow(UnexpectedAnswer);
  });
});

test('tables and bundles come as text; a page in their place does not', async () => {
  const table: Step = (response) =>
    void response.writeHead(200, { 'content-type': 'text/csv' }).end('a,b\r\n');
  const { base } = await scriptedServer(table, table, page(200));
  const api = client(base);
  expect(await api.getAccountsStatement('acme', { format: 'csv' })).toBe('a,b\r\n');
  expect(await api.getAccountsExportsOne('acme', 'bills.csv')).toBe('a,b\r\n');
  await expect(api.getAccountsStatement('acme')).rejects.toThrow(UnexpectedAnswer);
});

test('an attempt that is not answered in time is sent again with the same key', async () => {
  const { base, asked } = await scriptedServer(silence, json(201, ACCOUNT));
  const api = client(base, { timeoutMs: 250 });
  expect(await api.postAccounts(ACCOUNT, {}, {})).toEqual(ACCOUNT);
  // On a busy machine the second may be late too.
  expect(asked.length).toBeGreaterThanOrEqual(2);
  const keys = new Set(asked.map(({ headers }) => headers['idempotency-key']));
  expect([keys.size, keys.has(undefined)]).toEqual([1, false]);
});

describe('where nothing answers', () => {
  const nobody = 'http://127.0.0.1:1';
  test.each([
    ['nobody listens', async () => nobody, /did not answer in 2 attempts: .*(ECONNREFUSED|bad port)/],
    [
      'the connection is ended',
      async () => (await scriptedServer(reset)).base,
      /in 2 attempts: fetch failed/,
    ],
    ['it is silent', async () => (await scriptedServer(silence)).base, /in 2 attempts: no answer in 100 ms/],
    ['it says half', async () => (await scriptedServer(cut)).base, /in 2 attempts: terminated/],
  ])('%s: the error says of whom, how often, and why', async (_, where, message) => {
    const call = client(await where(), { retries: 1, timeoutMs: 100 }).getAccounts();
    await expect(call).rejects.toThrow(NoAnswer);
    await expect(call).rejects.toThrow(message);
    await expect(call).rejects.toMatchObject({ name: 'NoAnswer', cause: expect.any(Error) });
  });

  test('a deadline that a timer cannot hold, or attempts without end by mistake, are refused', async () => {
    for (const timeoutMs of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31]) {
      expect(() => suanpan({ base: nobody, key: 'k', timeoutMs })).toThrow(/^timeoutMs: /);
      await expect(suanpan({ base: nobody, key: 'k' }).getAccounts({}, { timeoutMs })).rejects.toThrow(
        RangeError,
      );
    }
    for (const retries of [-1, Number.NaN])
      expect(() => suanpan({ base: nobody, key: 'k', retries })).toThrow(/^retries: /);
  });
});

test('a signal needs nothing that Node 20.0 does not have', async () => {
  const { any } = AbortSignal;
  onTestFinished(() => void Object.assign(AbortSignal, { any }));
  Object.assign(AbortSignal, { any: undefined });
  const { base } = await scriptedServer(json(200, READ));
  const { signal } = new AbortController();
  expect(await client(base).getAccountsOne('acme', {}, { signal })).toEqual(READ);
});

test('a signal ends a call that is not answered, and one that pauses', async () => {
  const { base } = await scriptedServer(silence);
  const ending = new AbortController();
  const call = client(base).getAccounts({}, { signal: ending.signal });
  ending.abort(new Error('enough'));
  await expect(call).rejects.toThrow('enough');
  const busy = await scriptedServer((response) => {
    problem(503, 'overloaded', { 'retry-after': '100' })(response, {
      method: '',
      url: '',
      headers: {},
      body: '',
    });
    setImmediate(() => pausing.abort(new Error('enough')));
  });
  const pausing = new AbortController();
  await expect(client(busy.base).getAccounts({}, { signal: pausing.signal })).rejects.toThrow('enough');
});

test('a base with a path before /v1 is kept', async () => {
  const { base, asked } = await scriptedServer(json(200, READ));
  await client(`${base}/ledger/`).getAccountsOne('a.b');
  expect(asked[0]?.url).toBe('/ledger/v1/accounts/a.b');
});

test('pauses are as long as the server asks, else they grow to a bound', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  expect(retryAfterMs('3')).toBe(3_000);
  expect(retryAfterMs('Thu, 01 Jan 1970 00:00:00 GMT')).toBe(0);
  expect(retryAfterMs(new Date(now).toUTCString())).toBeGreaterThanOrEqual(0);
  expect([retryAfterMs(null), retryAfterMs('soon')]).toEqual([null, null]);
  for (let attempt = 0; attempt < 50; attempt++) {
    const most = Math.min(200 * 2 ** attempt, 20_000);
    const pause = pauseMs(attempt, null);
    expect(pause).toBeGreaterThanOrEqual(most / 2);
    expect(pause).toBeLessThanOrEqual(most);
  }
});

test('a server that asks for more patience than a caller has is not waited for', async () => {
  const { base, asked } = await scriptedServer(problem(503, 'overloaded', { 'retry-after': '3600' }));
  await expect(client(base).getAccounts()).rejects.toMatchObject({ code: 'overloaded' });
  expect(asked.length).toBe(1);
});
