/** The ledger's facts as an iteration: each once and in order, whatever the connection does. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ServerSent, serverSentEvents } from '../../client/event-stream.ts';
import { type LedgerEvent, suanpan } from '../../client/suanpan.ts';
import { ADMIN, served } from '../support/api.ts';
import { temporaryFolder } from '../support/folder.ts';
import { page, problem, reset, type Step, scriptedServer } from './scripted-server.ts';

const EVENTS = { 'content-type': 'text/event-stream' };
const event = (position: number): string =>
  `id: ${position}\nevent: FundsDeposited\ndata: ${JSON.stringify({
    account: 'acme',
    revision: position,
    type: 'FundsDeposited',
    at: '2019-01-01T00:00:00Z',
    data: { name: '算盘' },
  })}\n\n`;

/** Says these events, and ends the connection: in order, in the middle of one, or not at all. */
const says =
  (texts: readonly string[], end: 'ends' | 'breaks' | 'stays', start = '0'): Step =>
  (response) => {
    response.writeHead(200, { ...EVENTS, 'ledger-position': start });
    response.write(`: connected\n\n${texts.join('')}`, () => {
      if (end === 'ends') response.end();
      if (end === 'breaks') response.socket?.destroy();
    });
  };

const firstOf = async (events: AsyncIterable<LedgerEvent>, count: number): Promise<string[]> => {
  const found: string[] = [];
  for await (const { position } of events) {
    found.push(position);
    if (found.length === count) break;
  }
  return found;
};
const fromOf = (url: string): string | null => new URL(url, 'http://x').searchParams.get('from');

describe('a stream of events', () => {
  test('goes on behind the last position when it breaks, ends, or is answered with "later"', async () => {
    const { base, asked } = await scriptedServer(
      says([event(3), event(5)], 'breaks'),
      reset,
      page(502, { 'retry-after': '0' }),
      says([event(6), 'id: 7\ndata: {"acc'], 'breaks'),
      says([event(7), event(8)], 'ends'),
      problem(503, 'overloaded', { 'retry-after': '0' }),
      says([event(9)], 'stays'),
    );
    const api = suanpan({ base, key: 'sk_test' });
    expect(await firstOf(api.getStream({ account: 'acme', from: '2' }), 6)).toEqual([
      '3',
      '5',
      '6',
      '7',
      '8',
      '9',
    ]);
    expect(asked.map(({ url }) => fromOf(url))).toEqual(['2', '5', '5', '5', '6', '8', '8']);
    expect(asked.every(({ url }) => url.includes('account=acme'))).toBe(true);
  });

  test('that breaks before its first event goes on from where it started', async () => {
    const { base, asked } = await scriptedServer(
      says([], 'breaks', '41'),
      says(['id: 44\n: still here\n\n'], 'breaks', '41'),
      says([event(45)], 'stays'),
    );
    expect(await firstOf(suanpan({ base, key: 'k' }).getStream(), 1)).toEqual(['45']);
    expect(asked.map(({ url }) => fromOf(url))).toEqual([null, '41', '44']);
  });

  test('that is refused throws; one that is not a stream says so', async () => {
    const refused = await scriptedServer(problem(403, 'scope_missing'));
    const stream = suanpan({ base: refused.base, key: 'k' }).getStream();
    await expect(stream.next()).rejects.toMatchObject({ code: 'scope_missing' });
    const other = await scriptedServer(page(200));
    await expect(suanpan({ base: other.base, key: 'k' }).getStream().next()).rejects.toMatchObject({
      name: 'UnexpectedAnswer',
    });
  });

  test('ends when its signal says so, and when the loop is left its connection is closed', async () => {
    let closed = 0;
    const { base } = await scriptedServer((response) => {
      response.on('close', () => {
        closed += 1;
      });
      says([event(1)], 'stays')(response, { method: '', url: '', headers: {}, body: '' });
    });
    const ending = new AbortController();
    const stream = suanpan({ base, key: 'k' }).getStream({}, { signal: ending.signal });
    await stream.next();
    const next = stream.next();
    ending.abort(new Error('enough'));
    await expect(next).rejects.toThrow('enough');
    await firstOf(suanpan({ base, key: 'k' }).getStream(), 1);
    await expect.poll(() => closed).toBe(2);
  });

  test('of a real server says every fact once, over a restart of the server', async () => {
    const store = { SUANPAN_STORE: `sqlite:${join(temporaryFolder(), 'ledger.db')}` };
    const first = await served(store);
    const api = suanpan({ base: first.base, key: ADMIN });
    const stream = api.getStream({ types: 'FundsDeposited', from: '0' });
    const deposit = (reference: string) => api.postAccountsDeposits('acme', { amount: '5.00', reference });
    await api.postAccounts({ account: 'acme', name: '' });
    await deposit('one');
    await deposit('two');
    const found = [await stream.next(), await stream.next()];
    const next = stream.next();
    await first.stop();
    const second = await served({ ...store, SUANPAN_PORT: new URL(first.base).port });
    await deposit('three');
    found.push(await next);
    const references = found.map(({ value }) => (value.data as { reference: string }).reference);
    expect(references).toEqual(['one', 'two', 'three']);
    await second.stop();
  });
});

describe('server-sent events', () => {
  const parsed = async (...pieces: Uint8Array[]): Promise<ServerSent[]> => {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        for (const piece of pieces) controller.enqueue(piece);
        controller.close();
      },
    });
    const found: ServerSent[] = [];
    for await (const sent of serverSentEvents(body)) found.push(sent);
    return found;
  };
  const bytes = (text: string) => new TextEncoder().encode(text);
  const TEXT =
    ': hello\r\n\r\nid: 1\r\nevent: a\r\ndata: 算\r\ndata:盘\r\n\r\ndata\r\rid: 2\n\ndata: x\n\ndata: cut';
  const WHOLE = [
    { id: '1', event: 'a', data: '算\n盘' },
    { id: '1', event: 'message', data: '' },
    { id: '2', event: 'message', data: null },
    { id: '2', event: 'message', data: 'x' },
  ];

  test('are the same however the bytes are cut', async () => {
    const all = bytes(TEXT);
    expect(await parsed(all)).toEqual(WHOLE);
    for (let at = 1; at < all.length; at++)
      expect(await parsed(all.subarray(0, at), all.subarray(at))).toEqual(WHOLE);
    expect(await parsed(...[...all].map((byte) => Uint8Array.of(byte)))).toEqual(WHOLE);
  });
});
