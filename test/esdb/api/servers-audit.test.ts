/** Disputes, bundles and checkpoints made at one server, read and verified at another; months closed by both, once. */
import { expect, test } from 'vitest';
import { parseVerifierKey } from '../../../src/checkpoint/note.ts';
import { openTimekeeper } from '../../../src/operation/timekeeper.ts';
import { usage } from '../../support/api.ts';
import { verified } from '../../support/sealed.ts';
import { onEveryEngine } from '../engines.ts';
import { pairAround } from './pair.ts';

onEveryEngine('what is proved by two servers', (open) => {
  const pair = pairAround(open, { SUANPAN_CLOSE_AT: 'manual' }, async (a, b) => {
    await a.ok('POST', '/usage', [usage('one', {}, 2_000)]);
    await b.ok('POST', '/usage', [usage('two', {}, 3_000)]);
    await a.ok('PUT', '/clock', { now: '2019-02-02T00:00:00+08:00' });
    await a.ok('POST', '/accounts/acme/months/2019-01/close');
  });

  test('a dispute opened at one is resolved at the other', async () => {
    const { a, b } = pair;
    const opened = await a.ok('POST', '/accounts/acme/bills/2019-01/disputes', { reason: 'too many' });
    const { dispute } = opened.body;
    expect((await b.ok('GET', `/disputes/${dispute}`)).body.state).toBe('open');
    const credit = { amount: '12.00', reference: 'dispute-1' };
    await b.ok('POST', `/disputes/${dispute}/resolution`, { outcome: 'adjusted', note: 'so it was', credit });
    const [own, other] = await Promise.all([a, b].map((api) => api.ok('GET', `/disputes/${dispute}`)));
    expect(own?.body).toEqual(other?.body);
    expect(own?.body.state).toBe('adjusted');
    const lists = await Promise.all([a, b].map((api) => api.ok('GET', '/accounts/acme/disputes')));
    expect(lists[0]?.body).toEqual(lists[1]?.body);
  });

  test('a bundle is the same bytes from both, and verifies under the key that both show', async () => {
    const { a, b } = pair;
    await a.ok('POST', '/checkpoints');
    const [own, other] = await Promise.all(
      [a, b].map((api) => api.ok('GET', '/accounts/acme/bills/2019-01/bundle')),
    );
    expect(other?.body).toBe(own?.body);
    const [shown] = (await b.ok('GET', '/signing-keys')).body.items;
    const key = parseVerifierKey(shown.key);
    expect(key && (await verified(other?.body, [key])).ok).toBe(true);
    const [bills, others] = await Promise.all([a, b].map((api) => api.ok('GET', '/accounts/acme/bills')));
    expect(others?.body).toEqual(bills?.body);
    const replayed = await b.ok('GET', '/accounts/acme/bills/2019-01/replay');
    expect(replayed.body.match).toBe(true);
  });

  test('checkpoints signed in turn by both are one history', async () => {
    const { a, b } = pair;
    for (let n = 0; n < 4; n++) {
      await Promise.all(
        [a, b].map((api, i) =>
          api.ok('POST', '/accounts/acme/deposits', { amount: '1.00', reference: `${n}-${i}` }),
        ),
      );
      await Promise.all([a, b].map((api) => api.ok('POST', '/checkpoints')));
    }
    const [own, other] = await Promise.all([a, b].map((api) => api.ok('GET', '/checkpoints?limit=1000')));
    expect(other?.body).toEqual(own?.body);
    const sizes = own?.body.items.map(({ size }: { size: number }) => size);
    expect(sizes.length).toBeGreaterThan(3);
    const proofs = [a, b].map((api) =>
      api.ok('GET', `/checkpoints/latest/consistency?from=${sizes[0]}`).then(({ body }) => body),
    );
    expect(await proofs[1]).toEqual(await proofs[0]);
  });

  test('a month that is due at both is closed once, whoever comes first', async () => {
    const { a, b } = pair;
    const accounts = Array.from({ length: 20 }, (_, i) => `due-${i}`);
    for (const account of accounts) await a.ok('POST', '/accounts', { account, name: '' });
    const ledgers = [a, b].map(({ running }) => running.api.ledger);
    await Promise.all(ledgers.map((ledger) => ledger.viewsCaughtUp()));
    const failed: unknown[] = [];
    const now = Date.parse('2019-04-02T00:00:00+08:00');
    await Promise.all(
      ledgers.map((ledger) =>
        openTimekeeper(ledger, { day: 1, after: 0 }, (error) => failed.push(error)).round(now),
      ),
    );
    expect(failed).toEqual([]);
    for (const account of accounts) {
      const { items } = (await b.ok('GET', `/accounts/${account}/events?limit=1000`)).body;
      const closes = items.filter(({ type }: { type: string }) => type === 'MonthClosed');
      const months = closes.map(({ data }: { data: { bill: { month: string } } }) => data.bill.month);
      expect(months).toEqual(['2019-02', '2019-03']);
    }
    const bills = await Promise.all([a, b].map((api) => api.ok('GET', '/accounts/due-7/bills')));
    expect(bills[1]?.body).toEqual(bills[0]?.body);
    expect(bills[0]?.body.items.length).toBe(2);
  });
});
