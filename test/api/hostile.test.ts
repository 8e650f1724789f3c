/** Bodies and clients that mean no good: each gets a clear answer, and the server goes on. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ADMIN, type ServedApi, served, usage, withAccount } from '../support/api.ts';

let api: ServedApi;
beforeAll(async () => {
  api = await served();
  await withAccount(api);
});
afterAll(() => api.stop());

const deep = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

const wide = (members: number): string => Array.from({ length: members }, (_, i) => `"k${i}":${i}`).join(',');

describe('a body', () => {
  test.each([
    ['that is no JSON', '{"account":', 400, 'invalid_request'],
    ['that is empty', '', 400, 'invalid_request'],
    ['that is null', 'null', 400, 'invalid_request'],
    ['of the wrong type', '[1,2]', 400, 'invalid_request'],
    ['nested a hundred deep', deep(100), 400, 'invalid_request'],
    ['nested a hundred thousand deep', deep(100_000), 400, 'invalid_request'],
    ['of lists nested without end', '['.repeat(500_000) + ']'.repeat(500_000), 400, 'invalid_request'],
    ['of a hundred thousand members', `{${wide(60_000)}}`, 400, 'invalid_request'],
    ['with a huge number', '{"account":1e999999,"name":""}', 400, 'invalid_request'],
    ['with a poisoned prototype', '{"__proto__":{"account":"x"},"constructor":{}}', 400, 'invalid_request'],
  ])('%s', async (_, body, status, code) => {
    const answer = await api.send('POST', '/accounts', body, { 'content-type': 'application/json' });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  test.each([
    ['members', `{${wide(60_000)}}`, 'body: has more than 1000 members in one object'],
    ['entries', `[${'{},'.repeat(600_000)}1]`, 'body: has at most 32768 entries'],
    ['values', `[${`[${'1,'.repeat(30_000)}1],`.repeat(20)}1]`, 'body: has more than 600000 values'],
    ['levels', '['.repeat(50_000), 'body: is nested more than 64 deep'],
  ])('of too many %s is refused where that is met', async (_, body, detail) => {
    const answer = await api.send('POST', '/accounts', body, { 'content-type': 'application/json' });
    expect([answer.status, answer.body.detail]).toEqual([400, detail]);
  });

  test('that is no UTF-8', async () => {
    const response = await fetch(`${api.base}/v1/accounts`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json' },
      body: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
    });
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([
      400,
      'invalid_request',
    ]);
  });

  test('above ten megabytes', async () => {
    const body = `{"account":"big","name":"${'x'.repeat(10 * 1024 * 1024)}"}`;
    const answer = await api.send('POST', '/accounts', body, { 'content-type': 'application/json' });
    expect([answer.status, answer.body.code]).toEqual([413, 'body_too_large']);
  });

  test('with counts that no counter holds is refused record by record', async () => {
    const counts = [-1, 1.5, 2 ** 53, 1e300, 0];
    const { body } = await api.ok(
      'POST',
      '/usage',
      counts.map((calls, i) => usage(`count-${i}`, {}, calls)),
    );
    expect(body.accepted).toBe(0);
    expect(body.results.map(({ code }: { code: string }) => code)).toEqual([
      'invalid_record',
      'invalid_record',
      'quantity_too_large',
      'quantity_too_large',
      'invalid_record',
    ]);
  });
});

test('amounts that are no money are refused with the field', async () => {
  for (const amount of ['-1', '0', '1e5', '1.234', '٣', '1,000', 'NaN', '9'.repeat(30)]) {
    const { status, body } = await api.send('POST', '/accounts/acme/deposits', { amount, reference: 'r' });
    expect([amount, status, body.field]).toEqual([amount, 400, 'amount']);
  }
});

test('an NDJSON line that never ends costs no memory and spoils no other', async () => {
  const long = `{"id":"${'x'.repeat(3_000_000)}`;
  const lines = `${JSON.stringify(usage('before'))}\n${long}\n${JSON.stringify(usage('after'))}\n`;
  const { body } = await api.send('POST', '/usage', lines, { 'content-type': 'application/x-ndjson' });
  const counts = JSON.parse(body.trim().split('\n').at(-1));
  expect(counts).toEqual({ accepted: 2, duplicates: 0, conflicts: 0, refused: 1 });
});

test('a client that stops in the middle of a body leaves nothing behind', async () => {
  const { port } = new URL(api.base);
  const before = (await api.ok('GET', '/accounts/acme/events?limit=1000')).body.items.length;
  await new Promise<void>((resolve) => {
    const socket = connect(Number(port), '127.0.0.1', () => {
      socket.write(
        `POST /v1/accounts/acme/deposits HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ADMIN}\r\nContent-Type: application/json\r\nContent-Length: 60\r\n\r\n{"amount":"5.00",`,
      );
      setTimeout(() => {
        socket.destroy();
        resolve();
      }, 100);
    });
  });
  expect((await api.ok('GET', '/accounts/acme/events?limit=1000')).body.items.length).toBe(before);
  expect((await fetch(`${api.base}/healthz`)).status).toBe(200);
});

test('a hundred clients that send a byte now and then keep nobody else waiting', async () => {
  const { port } = new URL(api.base);
  const slow = Array.from({ length: 100 }, () => {
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(`POST /v1/usage HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{`);
    return socket;
  });
  await Promise.all(slow.map((socket) => once(socket, 'connect')));
  expect((await api.ok('GET', '/accounts/acme')).status).toBe(200);
  // Nobody waited for them: they are still in the middle of their bodies, and nothing was said to any.
  expect(slow.filter(({ readyState, bytesRead }) => readyState === 'open' && bytesRead === 0).length).toBe(
    100,
  );
  for (const socket of slow) socket.destroy();
});
