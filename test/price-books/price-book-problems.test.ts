/** Publishing checks the book (rules.md, section 2): a case that fails for each check, and the place it names. */
import { describe, expect, test } from 'vitest';
import type { Interface, Ladder, Meter, Pool, PriceBook, Tier } from '../../src/domain/price-book.ts';
import { bookProblems, ladderProblems } from '../../src/domain/price-book-problems.ts';
import { soundBook, soundLadder, withLadder } from './sound-book.ts';

const said = (found: readonly { path: string; message: string }[]): string[] =>
  found.map(({ path, message }) => `${path}: ${message}`);
const problems = (part: Partial<PriceBook>): string[] => said(bookProblems({ ...soundBook, ...part }));

const replaced = <T>(list: readonly T[], at: number, part: Partial<T>): T[] =>
  list.map((item, i) => (i === at ? { ...item, ...part } : item));
const interfaces = (at: number, part: Partial<Interface>) => ({
  interfaces: replaced(soundBook.interfaces, at, part),
});
const pools = (at: number, part: Partial<Pool>) => ({ pools: replaced(soundBook.pools, at, part) });
const meters = (at: number, part: Partial<Meter>) => ({ meters: replaced(soundBook.meters, at, part) });

test('a sound book has no problems', () => {
  expect(problems({})).toEqual([]);
});

describe('ids', () => {
  test('no id twice among interfaces, pools or meters, but one name may be all three', () => {
    expect(problems(interfaces(3, { id: 'toy/one' }))).toEqual(['interfaces.3: toy/one stands here twice']);
    expect(problems({ pools: [...soundBook.pools, ...soundBook.pools.slice(1)] })).toEqual([
      'pools.2: toy/b stands here twice',
    ]);
    expect(problems({ meters: [...soundBook.meters, withLadder({})] })).toEqual([
      'meters.2: toy/m stands here twice',
    ]);
    expect(problems(interfaces(0, { id: 'toy/a' }))).toEqual([]);
  });

  test("an id starts with the book's product", () => {
    const foreign = 'does not start with toy/';
    expect(problems(interfaces(3, { id: 'toys/other' }))).toEqual([`interfaces.3.id: toys/other ${foreign}`]);
    expect(problems({ product: 'game' }).length).toBe(4 + 2 + 2);
  });

  test('a pool sells no size twice', () => {
    const pack = { size: 10, price: '1.00' };
    expect(problems(pools(0, { packs: [pack, { ...pack, price: '2.00' }] }))).toEqual([
      'pools.0.packs.1: 10 stands here twice',
    ]);
  });
});

describe('references', () => {
  test('every one resolves', () => {
    expect(problems(pools(1, { meter: 'toy/none' }))).toContain('pools.1.meter: there is no meter toy/none');
    expect(problems(interfaces(0, { pool: 'toy/none' }))).toContain(
      'interfaces.0.pool: there is no pool toy/none',
    );
    expect(problems(interfaces(2, { meter: 'toy/none' }))).toEqual([
      'interfaces.2.meter: there is no meter toy/none',
    ]);
  });

  test("an interface with a pool has its pool's meter", () => {
    const message = 'interfaces.0.meter: its pool lies in the meter toy/m';
    expect(problems(interfaces(0, { meter: 'toy/beta' }))).toEqual([message]);
    expect(problems(interfaces(0, { meter: null }))).toEqual([message]);
  });

  test('a pool has an interface', () => {
    expect(problems(interfaces(1, { pool: 'toy/a' }))).toEqual(['pools.1: toy/b has no interface']);
  });
});

describe('ladders', () => {
  const ladder = (tiers: readonly Tier[], part: Partial<Ladder> = {}, allowance = 5) =>
    said(ladderProblems({ ...soundLadder, ...part, tiers }, allowance));
  const tier = (above: number, upTo: number | null): Tier => ({ above, upTo, unitPrice: '0.1' });

  test('one open tier is enough, none is not', () => {
    expect(ladder([tier(0, null)])).toEqual([]);
    expect(ladder([])).toEqual(['ladder.tiers: a ladder has at least one tier']);
  });

  test('bounds rise', () => {
    const [first] = ladder([tier(0, 0), tier(0, null)]);
    expect(first).toBe('ladder.tiers.0: bounds must rise: 0 to 0');
    expect(ladder([tier(0, 100), tier(100, 50), tier(50, null)])).toEqual([
      'ladder.tiers.1: bounds must rise: 100 to 50',
    ]);
  });

  test('no gap and no overlap', () => {
    expect(ladder([tier(0, 100), tier(101, null)])).toEqual(['ladder.tiers.1: leaves a gap after 100']);
    expect(ladder([tier(0, 100), tier(99, null)])).toEqual(['ladder.tiers.1: overlaps the tier up to 100']);
  });

  test('the last tier is open, and only the last', () => {
    expect(ladder([tier(0, 100)])).toEqual(['ladder.tiers.0: the last tier must be open (upTo null)']);
    expect(ladder([tier(0, null), tier(100, null)])).toEqual(['ladder.tiers.0: only the last tier is open']);
  });

  test('the first tier starts above zero only where free calls count and the allowance reaches it', () => {
    const tiers = [tier(5, null)];
    const refused = ['ladder.tiers.0: starts above 5, which free calls do not cover'];
    expect(ladder(tiers, { tierBy: 'post_paid' })).toEqual(refused);
    expect(ladder(tiers, { tierBy: 'post_paid_and_free' }, 4)).toEqual(refused);
    expect(ladder(tiers, { tierBy: 'post_paid_and_free' }, 5)).toEqual([]);
    expect(ladder(tiers, { tierBy: 'metered' }, 5)).toEqual([]);
  });

  test("a book's ladder is checked with its allowance, and the meter is named", () => {
    const tierBy = 'post_paid_and_free';
    const starting = (above: number) => meters(0, withLadder({ tierBy, tiers: [tier(above, null)] }));
    expect(problems(starting(5))).toEqual([]);
    expect(problems(starting(6))).toEqual([
      'meters.0.ladder.tiers.0: starts above 6, which free calls do not cover',
    ]);
    expect(problems(meters(1, withLadder({ tiers: [tier(0, 9)] }, 'toy/beta')))).toEqual([
      'meters.1.ladder.tiers.0: the last tier must be open (upTo null)',
    ]);
  });
});

test('every problem is told, not only the first', () => {
  expect(
    problems({ ...interfaces(0, { pool: 'toy/none' }), ...pools(1, { meter: 'toy/none' }) }).length,
  ).toBe(4);
});

test('a first tier above zero needs free calls of the meter itself, not of the book', () => {
  const ladder = { ...soundLadder, tierBy: 'metered' as const };
  const tiers = ladder.tiers.map((tier, i) => (i === 0 ? { ...tier, above: 1 } : tier));
  const above = { ...soundBook.meters[0], id: 'toy/unpooled', ladder: { ...ladder, tiers } } as Meter;
  const one = { ...soundBook.interfaces[0], id: 'toy/alone', pool: null, meter: 'toy/unpooled' } as Interface;
  const found = problems({
    meters: [...soundBook.meters, above],
    interfaces: [...soundBook.interfaces, one],
  });
  expect(found).toEqual([
    `meters.${soundBook.meters.length}.ladder.tiers.0: starts above 1, which free calls do not cover`,
  ]);
});

test("a pack's price is in whole fen", () => {
  expect(problems(pools(0, { packs: [{ size: 10, price: '1.005' }] }))).toEqual([
    'pools.0.packs.0.price: 1.005 is not a valid amount, expected yuan with at most two decimals',
  ]);
  for (const price of ['1', '1.5', '1.05', '1.050', '0.000'])
    expect(problems(pools(0, { packs: [{ size: 10, price }] })), price).toEqual([]);
});
