/** The same request at two servers at once: one effect, and the same answer from both. */
import { expect, test } from 'vitest';
import { type Answered, usage } from '../../support/api.ts';
import { onEveryEngine } from '../engines.ts';
import { pairAround } from './pair.ts';

/** How often each is sent to both. */
const TIMES = 3;

onEveryEngine('the same request at two servers at once', (open) => {
  const pair = pairAround(
    open,
    { SUANPAN_CLOSE_AT: 'manual', SUANPAN_ALLOW_PRIVATE_TARGETS: 'true' },
    async (a) => {
      await a.ok('POST', '/usage', [usage('one', {}, 2_000)]);
      await a.ok('PUT', '/clock', { now: '2019-02-02T00:00:00+08:00' });
    },
  );

  /** The answers of both to a request with a key, in any order. */
  const both = (method: string, path: string, key: string, bodies: readonly unknown[]): Promise<Answered[]> =>
    Promise.all(
      [pair.a, pair.b].map((api, i) => api.send(method, path, bodies[i], { 'idempotency-key': key })),
    );
  const hits = (answers: readonly Answered[]): number =>
    answers.filter(({ headers }) => headers.get('idempotency-hit') === 'true').length;

  const commands: [string, (n: number) => unknown][] = [
    ['/accounts/acme/deposits', (n) => ({ amount: '1.00', reference: `twice-${n}` })],
    ['/accounts/acme/packs', () => ({ pool: 'face-recognition/compare', size: 1_000_000 })],
    ['/keys', (n) => ({ name: `twice-${n}`, scopes: ['read'] })],
    ['/webhooks', (n) => ({ url: `http://127.0.0.1:9/twice-${n}` })],
    ['/months/2019-01/close', () => undefined],
    ['/checkpoints', () => undefined],
    ['/signing-keys', () => undefined],
  ];
  test.each(commands)('POST %s has one effect', async (path, bodyOf) => {
    for (let n = 0; n < TIMES; n++) {
      const body = bodyOf(n);
      const answers = await both('POST', path, `key-${n}`, [body, body]);
      const [one, other] = answers;
      expect(other?.body).toEqual(one?.body);
      expect(other?.status).toBe(one?.status);
      // Who signs in vain signs no other checkpoint, but cannot tell that another server was asked the same.
      if (path !== '/checkpoints') expect(hits(answers)).toBe(1);
    }
  });

  test('no effect came twice', async () => {
    const { b } = pair;
    const own = (of: { name?: string; url?: string; reference?: string }) =>
      /twice-/.test(of.name ?? of.url ?? of.reference ?? '');
    expect((await b.ok('GET', '/keys?limit=1000')).body.items.filter(own).length).toBe(TIMES);
    expect((await b.ok('GET', '/webhooks?limit=1000')).body.items.filter(own).length).toBe(TIMES);
    const { items } = (await b.ok('GET', '/accounts/acme/events?limit=1000')).body;
    const count = (type: string) => items.filter((event: { type: string }) => event.type === type).length;
    expect([count('FundsDeposited'), count('PackPurchased'), count('MonthClosed')]).toEqual([
      TIMES + 1,
      TIMES,
      1,
    ]);
  });

  test('a key that comes with two contents is refused for one of them', async () => {
    for (const [path, bodyOf] of commands.slice(0, 4)) {
      if (path.endsWith('/packs')) continue;
      const answers = await both('POST', path, 'two-contents', [bodyOf(101), bodyOf(102)]);
      const statuses = answers.map(({ status }) => status).sort();
      expect([path, ...statuses]).toEqual([path, 201, 422]);
      expect(answers.find(({ status }) => status === 422)?.body.code).toBe('idempotency_key_reused');
    }
  });
});
