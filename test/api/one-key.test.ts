/**
 * What one key keeps open does not stop another's: bodies that never end, whole ones and streams, requests in progress, and
 * answers that are streamed.
 */
import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { STREAMED_MAX } from '../../src/api/http/request-pipeline.ts';
import { type ServedApi, served, usage, withAccount } from '../support/api.ts';

const MIB = 1024 * 1024;
const LARGE = 9.5 * MIB;
const IN_FLIGHT_MAX = 40;

let api: ServedApi;
let [greedy, other] = ['', ''];
/** A server with two keys. */
const started = async (env: Readonly<Record<string, string>> = {}): Promise<void> => {
  api = await served(env);
  await withAccount(api);
  const made = async (name: string): Promise<string> =>
    (await api.ok('POST', '/keys', { name, scopes: ['meter', 'read'] })).body.secret;
  [greedy, other] = [await made('greedy'), await made('other')];
};
const open = new Set<ClientRequest>();
afterEach(async () => {
  for (const asked of open) asked.destroy();
  open.clear();
  await api.stop();
});

/** A request whose body has begun and does not end; resolves with its status if it is answered nevertheless. */
const unending = (
  type: string,
  begin: Buffer | string,
): { readonly asked: ClientRequest; readonly begun: Promise<unknown> } => {
  const asked = request(`${api.base}/v1/usage`, {
    method: 'POST',
    agent: false,
    headers: { authorization: `Bearer ${greedy}`, 'content-type': type, 'transfer-encoding': 'chunked' },
  });
  asked.on('error', () => undefined);
  open.add(asked);
  const answered = once(asked, 'response').catch(() => undefined);
  const begun = Promise.race([new Promise<void>((resolve) => asked.write(begin, () => resolve())), answered]);
  return { asked, begun };
};

/** A report with blanks before its end. */
const reportOf = (key: string, id: string, blanks = 0) =>
  api.send('POST', '/usage', `${JSON.stringify(usage(id)).slice(0, -1)}${' '.repeat(blanks)}}`, {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
  });

/** Until the server has taken as much of the bodies as it takes: the key that sent them gets no more. */
const isFull = () => expect.poll(async () => (await reportOf(greedy, 'more')).status).toBe(503);

test('bodies of which the last byte does not come', async () => {
  await started();
  const begun = Array.from({ length: 8 }, () => unending('application/json', Buffer.alloc(LARGE, ' ')));
  await Promise.all(begun.map((one) => one.begun));
  await expect
    .poll(async () => {
      const { status } = await reportOf(greedy, 'more', LARGE);
      // Of two that reached the limit at once both may have been refused: another takes their place.
      if (status !== 503) await unending('application/json', Buffer.alloc(LARGE, ' ')).begun;
      return status;
    })
    .toBe(503);
  // Larger than a record may be: its turn has come, and it is refused for itself.
  expect(await reportOf(other, 'a', LARGE)).toMatchObject({ status: 200, body: { refused: 1 } });
  for (const asked of open) asked.destroy();
  // What they held is free again.
  await expect.poll(async () => (await reportOf(greedy, 'b', LARGE)).status).toBe(200);
});

test('streams that do not go on', async () => {
  await started({ SUANPAN_IN_FLIGHT: String(IN_FLIGHT_MAX) });
  const begun = Array.from({ length: 70 }, () => unending('application/x-ndjson', '{"specversion":'));
  await Promise.all(begun.map((one) => one.begun));
  await isFull();
  expect(await reportOf(other, 'a')).toMatchObject({ status: 200, body: { accepted: 1 } });
  expect(await api.send('GET', '/clock', undefined, { authorization: `Bearer ${other}` })).toMatchObject({
    status: 200,
  });
  for (const { asked } of begun) asked.destroy();
  await expect.poll(async () => (await reportOf(greedy, 'b')).status).toBe(200);
});

/** Opens the stream of events; resolves with the status of its head. */
const listening = async (key: string): Promise<number> => {
  const asked = request(`${api.base}/v1/stream`, {
    agent: false,
    headers: { authorization: `Bearer ${key}` },
  });
  asked.on('error', () => undefined);
  open.add(asked);
  const [answer] = (await once(asked.end(), 'response')) as [IncomingMessage];
  answer.resume().on('error', () => undefined);
  return answer.statusCode ?? 0;
};

test('streams of events', async () => {
  await started();
  const statuses: number[] = [];
  // Of so many at most three quarters are one key's.
  for (let i = 0; i < STREAMED_MAX * 0.75; i++) statuses.push(await listening(greedy));
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(await listening(greedy)).toBe(503);
  expect(await listening(other)).toBe(200);
  for (const asked of open) asked.destroy();
  await expect.poll(() => listening(greedy)).toBe(200);
});
