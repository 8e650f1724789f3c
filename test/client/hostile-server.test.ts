/** The client of a server that is none, or that means harm: what it says is bounded, and never taken for an answer. */
import { describe, expect, test } from 'vitest';
import { serverSentEvents } from '../../client/event-stream.ts';
import { pauseMs, RETRY_AFTER_MAX_MS, retryAfterMs } from '../../client/retries.ts';
import { suanpan, UnexpectedAnswer } from '../../client/suanpan.ts';
import { json, problem, type Step, scriptedServer } from './scripted-server.ts';

const client = (base: string, more: object = {}) => suanpan({ base, key: 'k', ...more });
const thrown = async (call: Promise<unknown>): Promise<UnexpectedAnswer> => {
  const error = await call.then(
    () => null,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(UnexpectedAnswer);
  return error;
};

test.each([301, 302, 303, 307, 308])(
  'a redirect with %i is not followed, and says where to',
  async (status) => {
    const list: Step = json(200, { items: [], next: null });
    const elsewhere: Step = (response) =>
      void response.writeHead(status, { location: '/v1/accounts?after=x' }).end();
    const post = await scriptedServer(elsewhere, list);
    const error = await thrown(client(post.base).postAccounts({ account: 'a', name: '' }));
    expect([error.status, error.message]).toEqual([
      status,
      expect.stringContaining('redirect to /v1/accounts'),
    ]);
    const stream = await scriptedServer(elsewhere, list);
    await thrown(client(stream.base).getStream().next());
    expect([post, stream].map(({ asked }) => asked.length)).toEqual([1, 1]);
  },
);

test.each([null, 5, 'text', true, []])('JSON that is no object is no answer: %j', async (content) => {
  const { base, asked } = await scriptedServer(json(200, content));
  await thrown(client(base).getAccountsOne('acme'));
  // It is whole: it would come again as it is.
  expect(asked.length).toBe(1);
});

test('of a page without an end its beginning is read', async () => {
  let sent = 0;
  const endless: Step = (response) => {
    response.writeHead(404, { 'content-type': 'text/html' });
    const more = (): void => {
      sent += 1;
      if (sent < 1_000) response.write('x'.repeat(1024 * 1024), more);
    };
    more();
  };
  const { base } = await scriptedServer(endless);
  const error = await thrown(client(base).getAccounts());
  expect(error.message).toMatch(/too long to be read/);
  expect(sent).toBeLessThan(1_000);
  const streamed = await scriptedServer(endless);
  sent = 0;
  await thrown(client(streamed.base).getStream().next());
});

test('a message moves no cursor, and turns no text around', async () => {
  const text = '\u001b[2J\u202egnp.exe\u0007';
  const isPlain = (message: string) => !/[\p{Cc}\p{Cf}]/u.test(message);
  const page: Step = (response) => void response.writeHead(400, { 'content-type': 'text/html' }).end(text);
  const unexpected = await thrown(client((await scriptedServer(page)).base).getAccounts());
  expect([isPlain(unexpected.message), unexpected.text]).toEqual([true, text]);
  const refusing = json(400, { code: 'no_such', detail: text });
  const refused = await client((await scriptedServer(refusing)).base)
    .getAccounts()
    .catch((error) => error);
  expect([isPlain(refused.message), refused.problem.detail]).toEqual([true, text]);
});

describe('what a server asks to wait', () => {
  test('is bounded both ways', () => {
    for (const asked of ['0', 'Thu, 01 Jan 1970 00:00:00 GMT', '00'])
      expect(pauseMs(0, asked)).toBeGreaterThanOrEqual(100);
    for (const asked of ['99999999', '9'.repeat(400), 'Thu, 01 Jan 2970 00:00:00 GMT'])
      expect(pauseMs(0, asked)).toBe(RETRY_AFTER_MAX_MS);
    expect(['1.5', '-1', '1e3', ''].map(retryAfterMs)).toEqual([null, null, null, null]);
  });

  test('a stream waits for, and does not ask without end', async () => {
    const { base, asked } = await scriptedServer(problem(503, 'overloaded', { 'retry-after': '99999999' }));
    const ending = new AbortController();
    const next = client(base).getStream({}, { signal: ending.signal }).next();
    const ended = expect(next).rejects.toThrow('enough');
    await expect.poll(() => asked.length).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 300));
    ending.abort(new Error('enough'));
    await ended;
    expect(asked.length).toBe(1);
  });
});

describe('a stream of what is no event', () => {
  const streamed =
    (text: string): Step =>
    (response) =>
      void response.writeHead(200, { 'content-type': 'text/event-stream' }).end(text);
  test.each(['null', '5', '[]', '{}', 'no JSON', '{"type":"FundsDeposited"'])(
    'throws what came, and does not ask again: %s',
    async (data) => {
      const { base, asked } = await scriptedServer(streamed(`id: 1\ndata: ${data}\n\n`));
      const error = await thrown(client(base).getStream().next());
      expect([error.status, error.contentType, error.text]).toEqual([200, 'text/event-stream', data]);
      expect(error.message).toContain('/v1/stream');
      expect(asked.length).toBe(1);
    },
  );

  test('throws it behind the events before it, whose positions are known', async () => {
    const good = 'id: 4\ndata: {"account":"a","type":"FundsDeposited"}\n\n';
    const { base } = await scriptedServer(streamed(`${good}id: 5\ndata: <html>\n\n`));
    const stream = client(base).getStream();
    expect((await stream.next()).value.position).toBe('4');
    expect((await thrown(stream.next())).text).toBe('<html>');
  });

  test('is not collected without end, in one line or in many', async () => {
    const endless = (piece: string) =>
      new ReadableStream<Uint8Array>({
        pull: (controller) => controller.enqueue(new TextEncoder().encode(piece)),
      });
    for (const piece of ['x'.repeat(1024 * 1024), `data: ${'x'.repeat(1024 * 1024)}\n`])
      await expect(serverSentEvents(endless(piece)).next()).rejects.toThrow(/more than/);
  });
});
