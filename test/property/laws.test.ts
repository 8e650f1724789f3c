/** Laws that hold for any usage: what is conserved, what repeating and splitting may change, what caches may not. */

import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openSnapshots } from '../../src/derived/account-snapshots.ts';
import { openViews } from '../../src/derived/views.ts';
import { type Account, metered, packCalls } from '../../src/domain/account.ts';
import { exact } from '../../src/domain/money.ts';
import type { UsageRecord } from '../../src/domain/usage.ts';
import { loadAccount } from '../../src/ledger/account/loaded-account.ts';
import { catchUp, rebuildViews } from '../../src/ledger/following/follow.ts';
import { temporaryFolder } from '../support/folder.ts';
import { ACCOUNT, type Given, givenLedger } from '../support/given.ts';
import { runs } from '../support/proof.ts';

const PACK = { pool: 'face-recognition/compare', size: 1_000_000, quantity: 1 };
const START = Date.parse('2019-01-02T00:00:00+08:00');
const END = Date.parse('2019-03-01T00:00:00+08:00');

const calls = fc.oneof(
  fc.constantFrom(1, 9_999, 10_000, 10_001, 990_000, 999_999, 1_000_000, 1_000_001, 3_000_000),
  fc.integer({ min: 1, max: 50 }),
);
const record = fc.record({
  source: fc.constantFrom('/a', '/b'),
  id: fc.string({ minLength: 1, maxLength: 3 }),
  interface: fc.constantFrom(
    'face-recognition/compare',
    'face-recognition/search',
    'face-recognition/person-management-other',
  ),
  time: fc.oneof(fc.constantFrom(START, START - 1, END - 1), fc.integer({ min: START, max: END - 1 })),
  calls,
  submitted: fc.constant(null),
}) satisfies fc.Arbitrary<UsageRecord>;
const batches = fc.array(fc.array(record, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 6 });

const lived = async (
  parts: readonly (readonly UsageRecord[])[],
  options: Parameters<typeof givenLedger>[1] = {},
): Promise<Given> => {
  const given = await givenLedger(['face-recognition'], options);
  await given.has('2019-01-02T00:00:00+08:00', 'deposit', { amount: '9000', reference: 'w' });
  await given.has('2019-01-02T00:00:00+08:00', 'buy-packs', PACK);
  for (const part of parts) await given.ledger.meter(ACCOUNT, part, END);
  await given.has('2019-03-01T04:00:00+08:00', 'close-month', { month: '2019-01' });
  await given.has('2019-03-01T04:00:00+08:00', 'close-month', { month: '2019-02' });
  return given;
};

/** What splitting and repeating may not change: everything but revisions and hashes, which an account does not hold. */
const standing = ({ months, packs, total, frozen, suspensions }: Account) => ({
  months,
  packs,
  total,
  frozen,
  suspensions,
});

const check = (name: string, property: fc.IAsyncProperty<unknown>, sample: number, full: number) =>
  fc.assert(property as fc.IAsyncProperty<[unknown]>, { numRuns: runs(name, sample, full), seed: 42 });

describe('laws', () => {
  test('calls are conserved: what was metered is what was paid for, and packs lost what they paid', {
    timeout: 600_000,
  }, async () => {
    await check(
      'conservation of calls and money',
      fc.asyncProperty(batches, async (parts) => {
        const { packs, months, total } = await (await lived(parts)).account();
        const groups = Object.values(months).flatMap((m) => Object.values(m.groups));
        const paidByPacks = groups.reduce((n, g) => n + packCalls(g), 0);
        expect(packs.reduce((n, p) => n + p.size - p.left, 0)).toBe(paidByPacks);
        const billed = Object.values(months).flatMap((m) => Object.values(m.closed?.billed ?? {}));
        expect(billed.reduce((n, b) => n + b.calls, 0)).toBe(groups.reduce((n, g) => n + metered(g), 0));
        const spent = billed.reduce((n, b) => n.plus(b.amount), exact(3_100));
        expect(exact(9_000).minus(spent).equals(total)).toBe(true);
      }),
      60,
      2_000,
    );
  });

  test('splitting a batch, and repeating any, changes no balance, pack or bill', {
    timeout: 600_000,
  }, async () => {
    await check(
      'splitting and repeating batches',
      fc.asyncProperty(batches, fc.array(fc.nat()), async (parts, again) => {
        const whole = await (await lived([parts.flat()])).account();
        const split = await (await lived(parts.flatMap((part) => part.map((one) => [one])))).account();
        const repeated = await (
          await lived([...parts, ...again.map((i) => parts[i % parts.length] ?? [])])
        ).account();
        expect(standing(split)).toEqual(standing(whole));
        expect(standing(repeated)).toEqual(standing(whole));
      }),
      40,
      2_000,
    );
  });

  test('views rebuilt from nothing are the views that were followed', async () => {
    const given = await lived([]);
    const views = openViews(':memory:');
    await catchUp(given.ledger.store, views);
    await given.meters('2019-03-05T00:00:00+08:00', 'face-recognition/compare', 5);
    await catchUp(given.ledger.store, views);
    const followed = views.digest();
    await rebuildViews(given.ledger.store, views, () => undefined);
    expect(views.digest()).toBe(followed);
    expect(views.get('overview', 'all')).toMatchObject({ accounts: 1, packsSold: 1, bills: 2, calls: 5 });
    views.close();
  });

  test('snapshots change cost and never meaning', async () => {
    const given = await lived([]);
    const snapshots = openSnapshots(join(temporaryFolder(), 'snapshots'));
    for (let i = 0; i < 300; i++)
      await given.meters('2019-03-05T00:00:00+08:00', 'face-recognition/compare', 1 + i);
    const { store } = given.ledger;
    const plain = await loadAccount(store, null, ACCOUNT);
    const { stream, length, hash, account, since } = plain;
    snapshots.put({
      stream,
      length,
      hash: hash ?? new Uint8Array(),
      state: JSON.stringify({ account, since }),
    });
    await given.meters('2019-03-06T00:00:00+08:00', 'face-recognition/compare', 7);
    const withSnapshot = await loadAccount(store, snapshots, ACCOUNT);
    snapshots.deleteAll();
    expect(await loadAccount(store, snapshots, ACCOUNT)).toEqual(withSnapshot);
    expect(withSnapshot).toEqual(await loadAccount(store, null, ACCOUNT));
    snapshots.close();
  });
});
