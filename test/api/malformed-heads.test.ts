/** Heads of requests that say two things at once, or nothing that can be understood: each is a named problem. */
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { malformedAnswers } from '../../src/api/http/problems/malformed.ts';
import { ADMIN, type ServedApi, served, withAccount } from '../support/api.ts';

let api: ServedApi;
beforeAll(async () => {
  api = await served();
  await withAccount(api);
});
afterAll(() => api.stop());

/** Sends bytes as they are; resolves to the status and the problem. */
const sent = (head: readonly string[], body: string) =>
  sentTo(Number(new URL(api.base).port), `${[...head, 'Connection: close', '', ''].join('\r\n')}${body}`);

const sentTo = (port: number, bytes: string): Promise<{ status: number; head: string; body: string }> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
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
  ['a second host', [JSON_TYPE, 'Host: y', LENGTH], 400, 'host'],
  ['an expectation', [JSON_TYPE, 'Expect: something', LENGTH], 417, 'Expect'],
])('%s', async (_, head, status, field) => {
  const answer = await sent([...DEPOSIT, ...head], head.at(-1) === LENGTH ? BODY : '0\r\n\r\n');
  expect([answer.status, answer.head.includes('content-type: application/problem+json')]).toEqual([
    status,
    true,
  ]);
  expect(JSON.parse(answer.body)).toMatchObject({ status, field });
  expect((await api.ok('GET', '/accounts/acme')).body.balance.total).toBe('200000.00');
});

const KEY = `Authorization: Bearer ${ADMIN}`;
test.each([
  ['no host', ['GET /v1/accounts HTTP/1.1', KEY], 400, 'invalid_request', 'Host'],
  ['no host, of a page', ['GET /healthz HTTP/1.1'], 400, 'invalid_request', 'Host'],
  [
    'an expectation of a page',
    ['GET /healthz HTTP/1.1', 'Host: x', 'Expect: 200-ok'],
    417,
    'expectation_failed',
    'Expect',
  ],
  ['no request line', ['GARBAGE'], 400, 'invalid_request', 'request'],
  ['another protocol', ['PRI * HTTP/2.0', 'Host: x'], 400, 'invalid_request', 'request'],
  ['an unknown method', ['FOO /v1/accounts HTTP/1.1', 'Host: x'], 400, 'invalid_request', 'request'],
  [
    'a method of a query',
    ['QUERY /v1/accounts HTTP/1.1', 'Host: x', KEY],
    405,
    'method_not_allowed',
    undefined,
  ],
  ['a tunnel', ['CONNECT example.com:443 HTTP/1.1', 'Host: x'], 404, 'route_unknown', undefined],
  [
    'a path without end',
    [`GET /v1/accounts/${'a'.repeat(600)} HTTP/1.1`, 'Host: x'],
    400,
    'invalid_request',
    'url',
  ],
  ['a path that is not UTF-8', ['GET /v1/accounts/%ff HTTP/1.1', 'Host: x'], 400, 'invalid_request', 'url'],
  [
    'a file without end',
    [`GET /docs/static/${'a'.repeat(600)} HTTP/1.1`, 'Host: x'],
    404,
    'route_unknown',
    undefined,
  ],
  [
    'a file above',
    ['GET /docs/static/..%2f..%2fpackage.json HTTP/1.1', 'Host: x'],
    404,
    'route_unknown',
    undefined,
  ],
])('%s is a problem', async (_, head, status, code, field) => {
  const answer = await sent(head, '');
  expect([answer.status, answer.head.includes('content-type: application/problem+json')]).toEqual([
    status,
    true,
  ]);
  const problem = JSON.parse(answer.body);
  expect(problem).toMatchObject({ status, code });
  expect(problem.field).toBe(field);
  expect(answer.body.length).toBeLessThan(1_000);
});

test('HTTP/1.0 needs no host', async () => {
  expect((await sent(['GET /healthz HTTP/1.0'], '')).status).toBe(200);
});

test('a range of a page is not looked at', async () => {
  const file = '/docs/static/swagger-ui.css';
  const { status } = await fetch(`${api.base}${file}`, { headers: { range: 'bytes=99999999-' } });
  expect(status).toBe(200);
});

test('a head that does not arrive in time is a problem', async () => {
  const server = createServer({ headersTimeout: 20, connectionsCheckingInterval: 10 });
  const counted: string[] = [];
  server
    .on(
      'clientError',
      malformedAnswers((code) => counted.push(code)),
    )
    .listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const answer = await sentTo(port, 'GET /healthz HTTP/1.1\r\nHost');
  server.close();
  expect(JSON.parse(answer.body)).toMatchObject({ status: answer.status, code: 'request_timeout' });
  expect(counted).toEqual(['request_timeout']);
});

test.each([
  ['what is no HTTP', ['GARBAGE'], 'invalid_request'],
  ['headers without end', ['GET /healthz HTTP/1.1', `X-Long: ${'x'.repeat(20_000)}`], 'headers_too_large'],
  ['a tunnel', ['CONNECT example.com:443 HTTP/1.1', 'Host: x'], 'route_unknown'],
  ['a path without end', [`GET /v1/accounts/${'a'.repeat(600)} HTTP/1.1`, 'Host: x'], 'invalid_request'],
  ['a path that is not UTF-8', ['GET /v1/accounts/%ff HTTP/1.1', 'Host: x'], 'invalid_request'],
])('%s is counted among the refusals', async (_, head, code) => {
  const count = async (): Promise<number> => {
    const text = await (await fetch(`${api.base}/metrics`)).text();
    return Number(new RegExp(`suanpan_refusals_total\\{code="${code}"\\} (\\d+)`).exec(text)?.[1] ?? 0);
  };
  const before = await count();
  await sent(head, '');
  expect((await count()) - before).toBe(1);
});
