/** Heads of requests that say two things at once, or nothing that can be understood: each is a named problem. */
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADMIN, type ServedApi, served, withAccount } from '../support/api.ts';

let api: ServedApi;
beforeAll(async () => {
  api = await served();
  await withAccount(api);
});
afterAll(() => api.stop());

/** Sends bytes as they are; resolves to the status and the problem. */
const sent = (
  head: readonly string[],
  body: string,
): Promise<{ status: number; head: string; body: string }> =>
  new Promise((resolve, reject) => {
    const { port, hostname } = new URL(api.base);
    const socket = connect(Number(port), hostname, () =>
      socket.write(`${[...head, 'Connection: close', '', ''].join('\r\n')}${body}`),
    );
    let text = '';
    socket.on('data', (piece) => {
      text += piece;
    });
    socket.once('error', reject);
    socket.once('close', () => {
      const [top = '', rest = ''] = text.split('\r\n\r\n');
      resolve({ status: Number(top.split(' ')[1]), head: top.toLowerCase(), body: rest });
    });
  });

const DEPOSIT = ['POST /v1/accounts/acme/deposits HTTP/1.1', 'Host: x', `Authorization: Bearer ${ADMIN}`];
const JSON_TYPE = 'Content-Type: application/json';
const BODY = '{"amount":"1.00","reference":"twice"}';
const LENGTH = `Content-Length: ${BODY.length}`;

test.each([
  ['a type twice', [JSON_TYPE, 'Content-Type: text/plain', LENGTH], 400, 'content-type'],
  ['a reason twice', [JSON_TYPE, 'X-Reason: a', 'x-reason: b', LENGTH], 400, 'x-reason'],
  ['a key twice', [JSON_TYPE, 'Idempotency-Key: a', 'Idempotency-Key: b', LENGTH], 400, 'idempotency-key'],
  ['a second right', [JSON_TYPE, 'Authorization: Bearer other', LENGTH], 400, 'authorization'],
  ['a type that is none', ['Content-Type: application/json, text/plain', LENGTH], 415, 'Content-Type'],
  ['two charsets', [`${JSON_TYPE}; charset=utf-8; charset=gbk`, LENGTH], 415, 'Content-Type'],
  ['a coded transfer', [JSON_TYPE, 'Transfer-Encoding: gzip, chunked'], 415, 'Transfer-Encoding'],
  ['a header with a control character', [JSON_TYPE, 'X-Reason: a\u0001b', LENGTH], 400, 'request'],
  ['no header at all', ['no colon', LENGTH], 400, 'request'],
  ['headers without end', [`X-Long: ${'x'.repeat(20_000)}`, LENGTH], 431, 'request'],
])('%s', async (_, head, status, field) => {
  const answer = await sent([...DEPOSIT, ...head], head.at(-1) === LENGTH ? BODY : '0\r\n\r\n');
  expect([answer.status, answer.head.includes('content-type: application/problem+json')]).toEqual([
    status,
    true,
  ]);
  expect(JSON.parse(answer.body)).toMatchObject({ status, field });
  expect((await api.ok('GET', '/accounts/acme')).body.balance.total).toBe('200000.00');
});
