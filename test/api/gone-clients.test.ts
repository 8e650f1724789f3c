/** A client that goes away, in its own body or in the answer, is no fault of the server: no error, no stack in the log. */
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { ADMIN, usage } from '../support/api.ts';
import { temporaryFolder } from '../support/folder.ts';
import { serverProcess } from '../support/server-process.ts';

const WAIT = { timeout: 60_000 };
const KEY = `Authorization: Bearer ${ADMIN}`;

test('the log of a server has no error and no stack of them', async () => {
  const server = serverProcess({
    SUANPAN_STORE: `sqlite:${join(temporaryFolder(), 'ledger.db')}`,
    SUANPAN_LOG: 'info',
  });
  const base = await server.start();
  const { port } = new URL(base);
  const headers = { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json' };
  await fetch(`${base}/v1/accounts`, { method: 'POST', headers, body: '{"account":"acme","name":""}' });

  /** Sends bytes, and goes away when something is answered, or at once. */
  const goes = (bytes: string, whenAnswered: boolean): Promise<void> =>
    new Promise((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () =>
        socket.write(bytes, () => void (whenAnswered || socket.resetAndDestroy())),
      );
      socket.on('error', () => undefined);
      socket.once('data', () => socket.resetAndDestroy());
      socket.once('close', () => resolve());
    });
  const post = (path: string, type: string, more: string) =>
    `POST ${path} HTTP/1.1\r\nHost: x\r\n${KEY}\r\nContent-Type: ${type}\r\n${more}`;
  const line = `${JSON.stringify(usage('1'))}\n`;
  const many = JSON.stringify(Array.from({ length: 5_000 }, () => 1));

  await goes(post('/v1/accounts/acme/deposits', 'application/json', 'Content-Length: 60\r\n\r\n{"am'), false);
  await goes(post('/v1/usage', 'application/json', 'Content-Length: 9000\r\n\r\n[1,'), false);
  await goes(post('/v1/usage', 'application/x-ndjson', `Content-Length: 9000\r\n\r\n${line}`), false);
  const chunk = `${(line.length + 1).toString(16)}\r\n${line} \r\n`;
  await goes(post('/v1/usage', 'application/x-ndjson', `Transfer-Encoding: chunked\r\n\r\n${chunk}`), false);
  await goes(
    post('/v1/usage?dryRun=true', 'application/x-ndjson', `Content-Length: 9000\r\n\r\n${line}`),
    false,
  );
  await goes(
    `${post('/v1/usage', 'application/json', `Content-Length: ${many.length}`)}\r\n\r\n${many}`,
    true,
  );
  for (const path of ['/v1/stream', '/v1/accounts/acme/exports/usage.csv', '/v1/accounts', '/openapi.json'])
    await goes(`GET ${path} HTTP/1.1\r\nHost: x\r\n${KEY}\r\n\r\n`, true);

  // What was under way is over when a request that came later was answered and the server has stopped in order.
  await vi.waitFor(async () => expect((await fetch(`${base}/healthz`)).status).toBe(200), WAIT);
  await server.end('SIGTERM');
  const told = server
    .logged()
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text) as { level: number; msg: string; err?: unknown });
  const WARN = 40;
  expect(told.filter(({ level, err }) => level >= WARN || err !== undefined)).toEqual([]);
  expect(told.at(-1)?.msg).toBe('stopped');
});
