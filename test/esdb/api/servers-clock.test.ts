/** A test clock set at one server is the clock of every server, and what was due has happened once. */
import { expect, test } from 'vitest';
import { usage } from '../../support/api.ts';
import { onEveryEngine } from '../engines.ts';
import { pairAround } from './pair.ts';

onEveryEngine('the clock of two servers', (open) => {
  const pair = pairAround(open, {}, async (a) => {
    await a.ok('POST', '/usage', [usage('one', {}, 2_000)]);
  });

  test('set at one, it is seen by commands and reads of the other at once', async () => {
    const { a, b } = pair;
    for (let i = 1; i <= 20; i++) {
      const now = `2019-01-01T${String(i).padStart(2, '0')}:00:00.000Z`;
      const [to, from] = i % 2 ? [a, b] : [b, a];
      await to.ok('PUT', '/clock', { now });
      // Many at once: each looks whether the clock was set.
      await Promise.all(
        Array.from({ length: 4 }, (_, n) =>
          from.ok('POST', '/accounts/acme/deposits', { amount: '1.00', reference: `c-${i}-${n}` }),
        ),
      );
      const { body } = await from.ok('GET', '/accounts/acme/events?limit=1000');
      const last = body.items.slice(-4).map(({ at }: { at: string }) => at);
      expect(last).toEqual([now, now, now, now]);
      expect((await from.ok('GET', '/clock')).body.now).toBe(now);
    }
  });

  test('set at one, it is followed by the other, which is asked for nothing', async () => {
    const { a, b } = pair;
    const now = '2019-01-22T00:00:00.000Z';
    await a.ok('PUT', '/clock', { now });
    await expect.poll(() => new Date(b.running.api.clock.now()).toISOString()).toBe(now);
  });

  test('set at both at once, each month is closed once', async () => {
    const { a, b } = pair;
    const to = { now: '2019-03-05T00:00:00+08:00' };
    await Promise.all([a.ok('PUT', '/clock', to), b.ok('PUT', '/clock', to)]);
    const { body } = await b.ok('GET', '/accounts/acme/events?limit=1000');
    const closes = body.items.filter(({ type }: { type: string }) => type === 'MonthClosed');
    expect(closes.map(({ data }: { data: { bill: { month: string } } }) => data.bill.month)).toEqual([
      '2019-01',
      '2019-02',
    ]);
    const [own, other] = await Promise.all([a, b].map((api) => api.ok('GET', '/accounts/acme/bills')));
    expect(other?.body).toEqual(own?.body);
    expect(own?.body.items.length).toBe(2);
  });
});
