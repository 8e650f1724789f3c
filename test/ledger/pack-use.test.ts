/**
 * Laws, whatever happened to an account: what is told of a pack, change by change, adds up to what is left of it, now and
 * at any earlier event; its days add up to its changes; and the balance of a day is that of the account at its end.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { viewAt, viewsUnder } from '../../src/derived/view-rows.ts';
import { openViews, type Views } from '../../src/derived/views.ts';
import type { Account, Pack } from '../../src/domain/account.ts';
import { instantOf } from '../../src/domain/calendar.ts';
import { openMemoryStore } from '../../src/eventstore/memory.ts';
import { eventAt } from '../../src/eventstore/reading.ts';
import { accountStream } from '../../src/eventstore/stream-names.ts';
import { catchUp } from '../../src/ledger/following/follow.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { entryAsOf } from '../../src/ledger/queries/as-of.ts';
import { type Deduction, deductionsOf } from '../../src/ledger/queries/pack-deductions.ts';
import { shippedPriceBooks } from '../../src/ledger/system/shipped-price-books.ts';
import { balances } from '../../src/projections/balances.ts';
import { type PackDay, packDays, packKey } from '../../src/projections/pack-use.ts';
import { ACCOUNT, liveIn } from '../oracle/life-in-ledger.ts';
import { lifeArbitrary } from '../oracle/lives.ts';
import { runs } from '../support/proof.ts';

const seen = { kinds: new Set<string>(), packs: 0, days: 0, givenBack: 0 };

interface Reading {
  readonly ledger: Ledger;
  readonly views: Views;
  readonly limit: number;
}

/** All pages laid one behind the other. */
const allOf = async (
  { ledger, views, limit }: Reading,
  pack: Pick<Pack, 'pack' | 'size'>,
  before = Number.POSITIVE_INFINITY,
): Promise<Deduction[]> => {
  const of = { ...ledger.context(), views, account: ACCOUNT, pack, before };
  const found: Deduction[] = [];
  let from = { number: 0, index: 0 };
  for (;;) {
    const page = await deductionsOf(of, { from, until: Number.POSITIVE_INFINITY, limit });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    found.push(...page.items);
    if (page.next === null) return found;
    from = page.next;
  }
};

const sum = (all: readonly Deduction[], of: 'deducted' | 'givenBack' | 'voided'): number =>
  all.reduce((total, one) => total + one[of], 0);

/** `left` of a pack, or undefined where it was not bought yet. */
const leftThen = async (ledger: Ledger, revision: number, pack: string): Promise<number | undefined> => {
  const stored = await eventAt(ledger.store, accountStream(ACCOUNT), revision);
  if (!stored) throw new Error(`no event ${revision}`);
  const { account } = await entryAsOf(ledger.store, ACCOUNT, { position: stored.position });
  return account?.packs.find((one) => one.pack === pack)?.left;
};

const packAddsUp = async (reading: Reading, pack: Pack): Promise<void> => {
  const { ledger, views } = reading;
  const all = await allOf(reading, pack);
  let left = pack.size;
  for (const one of all) {
    expect(one.before).toBe(left);
    left = one.before - one.deducted + one.givenBack - one.voided;
    expect(one.after).toBe(left);
    expect(left).toBeGreaterThanOrEqual(0);
    if (one.kind === 'expiry') expect(one.forfeited).toBe(one.after);
    seen.kinds.add(one.kind);
  }
  expect(left).toBe(pack.left);
  expect(pack.size - sum(all, 'deducted') + sum(all, 'givenBack') - sum(all, 'voided')).toBe(pack.left);
  seen.packs += 1;
  seen.givenBack += sum(all, 'givenBack');
  const prefix = `${packKey(ACCOUNT, pack.pack)}/day/`;
  for (const { key, value } of viewsUnder(views, packDays, prefix, null, 10_000))
    dayAddsUp(
      value,
      pack,
      all.filter(({ at }) => ledger.calendar.dayOf(instantOf(at)) === key.slice(prefix.length)),
    );
  // As of an earlier event: the changes until then, which add up to what was left then.
  const middle = all[all.length >> 1];
  if (!middle) return;
  const until = await allOf(reading, pack, middle.event + 1);
  expect(until).toEqual(all.filter(({ event }) => event <= middle.event));
  expect(until.at(-1)?.after).toBe(await leftThen(ledger, middle.event, pack.pack));
};

const dayAddsUp = (day: PackDay, pack: Pack, of: readonly Deduction[]): void => {
  const { deducted, givenBack, voided, used } = day;
  expect({ deducted, givenBack, voided }).toEqual({
    deducted: sum(of, 'deducted'),
    givenBack: sum(of, 'givenBack'),
    voided: sum(of, 'voided'),
  });
  expect(pack.size - used).toBe(of.at(-1)?.after);
  expect(new Set(of.map(({ event }) => event)).size).toBe(day.events);
  seen.days += 1;
};

const balancesAgree = async ({ ledger, views }: Reading, account: Account): Promise<void> => {
  expect(viewAt(views, balances, ACCOUNT)).toEqual({ total: account.total, frozen: account.frozen });
  const prefix = `${ACCOUNT}/`;
  for (const { key, value } of viewsUnder(views, balances, prefix, null, 10_000)) {
    const { calendar, store } = ledger;
    const at = calendar.daysAfter(calendar.startOfDay(key.slice(prefix.length)), 1) - 1;
    const then = (await entryAsOf(store, ACCOUNT, { at })).account;
    expect([key, value]).toEqual([key, { total: then?.total, frozen: then?.frozen }]);
  }
};

test('what is told of packs and balances adds up to the account, in random lives', {
  timeout: 3_600_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      lifeArbitrary(shippedPriceBooks()),
      fc.integer({ min: 1, max: 40 }),
      async (life, limit) => {
        const { ledger } = await liveIn(openMemoryStore(), life);
        const views = openViews(':memory:');
        try {
          await catchUp(ledger.store, views);
          const { account } = await ledger.entry(ACCOUNT);
          if (!account) return;
          for (const pack of account.packs.slice(0, 20)) await packAddsUp({ ledger, views, limit }, pack);
          await balancesAgree({ ledger, views, limit }, account);
        } finally {
          views.close();
        }
      },
    ),
    { numRuns: runs('what is told of packs and balances', 60, 3_000), seed: 15 },
  );
  expect([...seen.kinds].sort()).toEqual(['correction', 'expiry', 'usage', 'void']);
  for (const [what, count] of Object.entries(seen))
    if (typeof count === 'number') expect([what, count > 0]).toEqual([what, true]);
});
