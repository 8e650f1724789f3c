/**
 * What no provider means is `book_malformed` or `ladder_malformed`; what a reader knows from before stays readable; and
 * checking costs no more than n·log n, also of what is refused.
 */
import { describe, expect, test } from 'vitest';
import type { Ladder, PriceBook, Tier } from '../../src/domain/price-book.ts';
import { BOOK_MAX, LADDER_TIERS_MAX, ladderBounds } from '../../src/domain/price-book-bounds.ts';
import { bookProblems, ladderProblems } from '../../src/domain/price-book-problems.ts';
import { priceBookSchema } from '../../src/domain/price-book-schema.ts';
import { cliffs } from '../../src/domain/price-cliffs.ts';
import { parseCommand } from '../../src/input/commands.ts';
import { parseBook } from '../../src/input/price-book-input.ts';
import { shippedPriceBooks } from '../../src/ledger/system/shipped-price-books.ts';
import { DOUBLED, growth, workOf } from '../support/work.ts';
import { named, soundBook, soundLadder, withLadder } from './sound-book.ts';

type Json = Record<string, unknown>;

/** Every number and string of a book by its path, found in the book itself: what is added to it is covered too. */
const leavesOf = (
  value: unknown,
  path: readonly string[] = [],
): { path: readonly string[]; leaf: unknown }[] => {
  if (typeof value !== 'object' || value === null) return [{ path, leaf: value }];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
};

const changed = (value: unknown, [key, ...rest]: readonly string[], leaf: unknown): unknown => {
  if (key === undefined) return leaf;
  if (Array.isArray(value))
    return value.map((one, i) => (String(i) === key ? changed(one, rest, leaf) : one));
  return { ...(value as Json), [key]: changed((value as Json)[key], rest, leaf) };
};

const wholeBook: PriceBook = {
  ...soundBook,
  interfaces: soundBook.interfaces.map((one) => ({
    ...one,
    category: { zh: '类', en: 'kind' },
    unit: { zh: '次', en: 'call' },
  })),
  meters: soundBook.meters.map((meter) => ({ ...meter, freeUntil: '2019-06' })),
  freeze: { rate: '1.2', of: 'list', onFailure: 'notify' },
  notices: {
    low: { below: '0.15', of: 'pool' },
    channels: ['in_app'],
    onTheHour: { from: '10:00', to: '22:00' },
  },
  notes: [{ zh: '注', en: 'note' }],
};

const isRefused = (book: unknown): boolean => {
  const parsed = parseBook(book);
  return !parsed.ok || bookProblems(parsed.book).length > 0;
};

test('the book of these tests, and every shipped one, is sound', () => {
  for (const book of [wholeBook, ...shippedPriceBooks()]) {
    expect(parseBook(JSON.parse(JSON.stringify(book)))).toEqual({ ok: true, book });
    expect(bookProblems(book), book.product).toEqual([]);
  }
});

describe('of every text and number in a book', () => {
  const leaves = leavesOf(wholeBook);
  const texts = leaves.filter(({ leaf }) => typeof leaf === 'string');
  const numbers = leaves.filter(({ leaf }) => typeof leaf === 'number');
  const wrong = ['a\u0000b', 'a\u001bb', 'a\u202eb', 'a\u200bb', 'a\u2028b', 'a\ud800b', 'x'.repeat(3_000)];

  test.each(texts)('$path takes no control, bidirectional or endless text', ({ path }) => {
    for (const text of wrong)
      expect(isRefused(changed(wholeBook, path, text)), JSON.stringify(text)).toBe(true);
  });

  test.each(numbers)('$path takes no number that nobody means', ({ path }) => {
    for (const number of [-1, 0.5, 1e300, 2 ** 60])
      expect(isRefused(changed(wholeBook, path, number)), String(number)).toBe(true);
  });

  const decimals = texts.filter(({ leaf }) => /^\d+(\.\d+)?$/.test(String(leaf)));
  test.each(decimals)('$path takes no decimal of any size', ({ path }) => {
    for (const decimal of ['999999999999999', '1e9', '-1', `0.${'1'.repeat(16)}`])
      expect(isRefused(changed(wholeBook, path, decimal)), decimal).toBe(true);
  });

  const months = texts.filter(({ path, leaf }) => path[0] !== 'edition' && /^\d{4}-\d\d$/.test(String(leaf)));
  test.each(months)('$path takes no month that nobody means', ({ path }) => {
    for (const month of ['0000-01', '0001-01', '1999-12', '2200-01', '9999-12'])
      expect(isRefused(changed(wholeBook, path, month)), month).toBe(true);
    for (const month of ['2000-01', '2199-12'])
      expect(isRefused(changed(wholeBook, path, month)), month).toBe(false);
  });
});

test.each([
  ['freeze.rate', { freeze: { rate: '1000000000', of: 'list', onFailure: 'notify' } }],
  ['notices.low.below', { notices: { low: { below: '1.01', of: 'pool' }, channels: ['in_app'] } }],
  ['notices.channels', { notices: { low: { below: '0.1', of: 'pool' }, channels: ['sms', 'sms'] } }],
  ['name.zh', { name: { zh: ' ', en: 'Toy' } }],
] as const)('%s is named', (path, part) => {
  expect(bookProblems({ ...soundBook, ...(part as Partial<PriceBook>) })[0]?.path).toBe(path);
});

test('what a book of before the bounds has is still read', () => {
  const old = { ...soundBook, effectiveFrom: '0000-01', name: { zh: 'a\u0007', en: 'a' } };
  expect(
    priceBookSchema.safeParse({ ...old, freeze: { rate: '1000000000', of: 'bill', onFailure: 'notify' } })
      .success,
  ).toBe(true);
});

/** Contiguous tiers of ten calls each. */
const tiers = (count: number): Tier[] =>
  Array.from({ length: count }, (_, i) => ({
    above: i * 10,
    upTo: i + 1 === count ? null : (i + 1) * 10,
    unitPrice: `0.${String(count - i).padStart(6, '0')}`,
  }));
const laddered = (count: number, part: Partial<Ladder> = {}): PriceBook => ({
  ...soundBook,
  meters: [withLadder({ ...part, tiers: tiers(count) }), withLadder({}, 'toy/beta')],
});

describe('how many', () => {
  test('tiers a ladder may have', () => {
    expect(isRefused(laddered(LADDER_TIERS_MAX))).toBe(false);
    expect(bookProblems(laddered(LADDER_TIERS_MAX + 1))[0]).toEqual({
      path: 'meters.0.ladder.tiers',
      message: 'a ladder has at most 1000 tiers',
    });
    expect(ladderBounds({ ...soundLadder, tiers: tiers(LADDER_TIERS_MAX + 1) })).not.toEqual([]);
  });

  test.each(Object.entries(BOOK_MAX))(
    '%s a book may have, found before any is looked at',
    async (part, most) => {
      const filled = Array.from({ length: most + 1 }, () => ({}));
      const book =
        part === 'tiers'
          ? { meters: [{ ladder: { tiers: filled } }] }
          : part === 'packs'
            ? { pools: [{ packs: filled }] }
            : { [part]: filled };
      expect(parseBook(book)).toMatchObject({ ok: false, problems: [{ path: part }] });
      expect(await workOf(() => parseBook(book))).toBeLessThan(2 * most);
    },
  );

  test('a contract ladder of endless tiers is refused by its length', () => {
    const ladder = { ...soundLadder, tiers: Array.from({ length: 200_000 }, () => ({})) };
    const parsed = parseCommand('agree-price', { meter: 'toy/m', from: '2019-01', ladder });
    expect(parsed).toMatchObject({ ok: false, problem: { field: 'ladder.tiers' } });
  });
});

describe('twice the book costs about twice the work', () => {
  const spread = (count: number): PriceBook => ({
    ...soundBook,
    interfaces: Array.from({ length: count }, (_, i) => ({
      ...named(`toy/i${i}`),
      pool: `toy/p${i}`,
      meter: `toy/m${i}`,
      counts: 'calls',
    })),
    pools: Array.from({ length: count }, (_, i) => ({
      ...named(`toy/p${i}`),
      meter: `toy/m${i}`,
      packs: [{ size: 10, price: '1.00' }],
    })),
    meters: Array.from({ length: count }, (_, i) => withLadder({}, `toy/m${i}`)),
  });
  const packed = (count: number): PriceBook => ({
    ...soundBook,
    pools: soundBook.pools.map((pool) => ({
      ...pool,
      packs: Array.from({ length: count }, (_, i) => ({ size: i + 1, price: '1.00' })),
    })),
  });
  /** Everything that can be wrong is wrong: what is refused costs no more. */
  const broken = (count: number): PriceBook => ({
    ...spread(count),
    interfaces: spread(count).interfaces.map((one) => ({
      ...one,
      id: 'toy/same',
      pool: 'toy/none',
      meter: 'toy/no',
    })),
  });
  const overlapping = (count: number): PriceBook => ({
    ...soundBook,
    meters: [withLadder({ tiers: tiers(count).map((tier) => ({ ...tier, above: 0, upTo: 5 })) })],
  });
  const books: [string, (count: number) => PriceBook, number][] = [
    ['volume tiers', (n) => laddered(n), 500],
    ['graduated tiers', (n) => laddered(n, { mode: 'graduated' }), 500],
    ['tiers from their lower end', (n) => laddered(n, { bounds: 'lower', per: 1000 }), 500],
    ['overlapping tiers', overlapping, 500],
    ['interfaces, pools and meters', spread, 500],
    ['packs', packed, 500],
    ['a broken book', broken, 500],
  ];

  test.each(books)('%s', async (_name, bookOf, size) => {
    const linted = (count: number) => {
      const book = bookOf(count);
      return () => [parseBook(book), bookProblems(book), cliffs(book)];
    };
    expect(await growth(linted, size)).toBeLessThan(DOUBLED);
  });

  test('a contract ladder', async () => {
    const checked = (count: number) => {
      const ladder = { ...soundLadder, tiers: tiers(count) };
      return () => [
        parseCommand('agree-price', { meter: 'toy/m', from: '2019-01', ladder }),
        ladderBounds(ladder),
        ladderProblems(ladder, 0),
      ];
    };
    expect(await growth(checked, 400)).toBeLessThan(DOUBLED);
  });
});
