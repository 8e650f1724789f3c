/** Each limit of a book and a ladder: what just keeps it, what exceeds it, and what is said of that. */
import { Buffer } from 'node:buffer';
import { describe, expect, test } from 'vitest';
import type { Ladder, PriceBook } from '../../src/domain/price-book.ts';
import {
  BOOK_BYTES_MAX,
  BOOK_MAX,
  boundProblems,
  countProblems,
  LADDER_TIERS_MAX,
  ladderBounds,
  listOf,
  PLAUSIBLE_MONTHS,
} from '../../src/domain/price-book-bounds.ts';
import { bookProblems } from '../../src/domain/price-book-problems.ts';
import { soundBook, soundLadder, withLadder } from './sound-book.ts';

/** The limits that a book exceeds; rules of another kind are not asked. */
const exceeded = (part: Partial<PriceBook>): string[] => {
  const steps = boundProblems({ ...soundBook, ...part });
  for (let step = steps.next(); ; step = steps.next())
    if (step.done) return step.value.map(({ path, message }) => `${path}: ${message}`);
};
const [interfaceOf, ...otherInterfaces] = soundBook.interfaces;
const [pool, ...otherPools] = soundBook.pools;
const [meter, ...otherMeters] = soundBook.meters;
if (!interfaceOf || !pool || !meter) throw new Error('the sound book has interfaces, pools and meters');

/** The sound book with its first interface, pool or meter changed. */
const withInterface = (part: object): Partial<PriceBook> => ({
  interfaces: [{ ...interfaceOf, ...part }, ...otherInterfaces],
});
const withPool = (part: object): Partial<PriceBook> => ({ pools: [{ ...pool, ...part }, ...otherPools] });
const withMeter = (part: object): Partial<PriceBook> => ({ meters: [{ ...meter, ...part }, ...otherMeters] });
const inBoth = (zh: string, en = zh) => ({ zh, en });
const x = (length: number): string => 'x'.repeat(length);

/** A text in the place that it has in a book. */
type At = (text: string) => Partial<PriceBook>;
/** One value of the kind of its place. */
type Of = (value: never) => Partial<PriceBook>;

describe('a name', () => {
  const places: [path: string, at: At][] = [
    ['name', (text) => ({ name: inBoth(text) })],
    ['interfaces.0.name', (text) => withInterface({ name: inBoth(text) })],
    ['interfaces.0.category', (text) => withInterface({ category: inBoth(text) })],
    ['interfaces.0.unit', (text) => withInterface({ unit: inBoth(text) })],
    ['pools.0.name', (text) => withPool({ name: inBoth(text) })],
    ['meters.0.name', (text) => withMeter({ name: inBoth(text) })],
  ];

  test.each(places)('%s has at most 200 characters in each language', (path, at) => {
    expect(exceeded(at(x(200)))).toEqual([]);
    const message = 'has at most 200 characters';
    expect(exceeded(at(x(201)))).toEqual([`${path}.zh: ${message}`, `${path}.en: ${message}`]);
  });

  test.each(places)('%s is not blank', (path, at) => {
    for (const blank of ['', ' ', '\u3000'])
      expect(exceeded(at(blank))).toEqual([`${path}.zh: is empty`, `${path}.en: is empty`]);
    expect(exceeded(at(' x '))).toEqual([]);
  });

  test('each language is looked at by itself', () => {
    expect(exceeded({ name: inBoth('中', '\n') })).toEqual([
      'name.en: has a control, bidirectional or invisible character',
    ]);
  });

  const unshowable: [what: string, characters: string][] = [
    ['controls', '\u0000\u0009\u001f\u007f\u009f'],
    ['a soft hyphen, an Arabic letter mark and a vowel separator', '\u00ad\u061c\u180e'],
    ['zero width and marks of direction', '\u200b\u200d\u200f'],
    ['separators, embeddings and overrides', '\u2028\u2029\u202a\u202e'],
    ['joiners and isolates', '\u2060\u2066\u206f'],
    ['a byte order mark and annotations', '\ufeff\ufff9\ufffb'],
    ['tags', '\u{e0000}\u{e0041}\u{e007f}'],
    ['unpaired surrogates', '\udfff\ud800'],
  ];
  test.each(unshowable)('does not hold %s', (_, characters) => {
    for (const character of characters)
      expect(
        exceeded({ name: inBoth('中', `a${character}b`) }),
        character.codePointAt(0)?.toString(16),
      ).toEqual(['name.en: has a control, bidirectional or invisible character']);
  });

  test('holds everything else that can be displayed, whatever stands beside those', () => {
    const near = '\u0020\u007e\u00a0\u00ac\u00ae\u061b\u061d\u180d\u180f\u200a\u2010\u2027\u202f\u205f\u2070';
    for (const character of [...near, ...'\ufefe\uff00\ufff8\ufffc', '\u{dffff}', '\u{e0080}', '😀', '次'])
      expect(
        exceeded({ name: inBoth('中', `a${character}b`) }),
        character.codePointAt(0)?.toString(16),
      ).toEqual([]);
  });
});

test('a source or a note has at most 2,000 characters; a source may be missing, a note not', () => {
  const message = 'has at most 2000 characters';
  expect(exceeded({ source: x(2_000), notes: [inBoth(x(2_000))] })).toEqual([]);
  expect(exceeded({ source: x(2_001) })).toEqual([`source: ${message}`]);
  expect(exceeded({ notes: [inBoth('x'), inBoth(x(2_001), 'x')] })).toEqual([`notes.1.zh: ${message}`]);
  expect(exceeded({ source: '' })).toEqual([]);
  expect(exceeded({ source: ' ' })).toEqual(['source: is empty']);
  expect(exceeded({ notes: [inBoth('', 'x')] })).toEqual(['notes.0.zh: is empty']);
});

describe('an id', () => {
  const places: [path: string, at: At][] = [
    ['interfaces.0.id', (id) => withInterface({ id })],
    ['interfaces.0.pool', (id) => withInterface({ pool: id })],
    ['interfaces.0.meter', (id) => withInterface({ meter: id })],
    ['pools.0.id', (id) => withPool({ id })],
    ['pools.0.meter', (id) => withPool({ meter: id })],
    ['meters.0.id', (id) => withMeter({ id })],
  ];
  test.each(places)('%s has at most 64 characters on each side of its slash', (path, at) => {
    const refused = [`${path}: each part has at most 64 characters`];
    expect(exceeded(at(`${x(64)}/${x(64)}`))).toEqual([]);
    expect(exceeded(at(`${x(65)}/x`))).toEqual(refused);
    expect(exceeded(at(`x/${x(65)}`))).toEqual(refused);
  });
});

test('a month of a book is from 2000 to 2199, at both ends of which it may still be', () => {
  expect(PLAUSIBLE_MONTHS).toBe('a month from 2000-01 to 2199-12');
  for (const month of ['2000-01', '2199-12'])
    expect(exceeded({ effectiveFrom: month, ...withMeter({ freeUntil: month }) })).toEqual([]);
  for (const month of ['1999-12', '2200-01'])
    expect(exceeded({ effectiveFrom: month, ...withMeter({ freeUntil: month }) })).toEqual([
      `effectiveFrom: must be ${PLAUSIBLE_MONTHS}`,
      `meters.0.freeUntil: must be ${PLAUSIBLE_MONTHS}`,
    ]);
});

describe('a number', () => {
  const freeze = { rate: '1', of: 'list', onFailure: 'notify' } as const;
  const notices = { low: { below: '0.1', of: 'pool' }, channels: [] } as const;
  const pack = { size: 1, price: '1' };
  const LEAST = '.000000000000001';
  const places: [path: string, most: number, over: string | number, of: Of][] = [
    ['pools.0.packs.0.size', 1e12, 1e12 + 1, (size) => withPool({ packs: [{ ...pack, size }] })],
    [
      'pools.0.packs.0.price',
      1e9,
      `1000000000${LEAST}`,
      (price) => withPool({ packs: [{ ...pack, price }] }),
    ],
    ['allowance.calls', 1e12, 1e12 + 1, (calls) => ({ allowance: { ...soundBook.allowance, calls } })],
    ['freeze.rate', 10, `10${LEAST}`, (rate) => ({ freeze: { ...freeze, rate } })],
    [
      'notices.low.below',
      1,
      `1${LEAST}`,
      (below) => ({ notices: { ...notices, low: { below, of: 'pool' } } }),
    ],
  ];
  test.each(places)('%s is at most %d, to the last digit', (path, most, over, of) => {
    const value = (number: string | number) => of(number as never);
    expect(exceeded(value(typeof over === 'number' ? most : String(most)))).toEqual([]);
    expect(exceeded(value(over))).toEqual([`${path}: is at most ${most}`]);
  });

  test('a unit price too, and each that is more is named', () => {
    const priced = (...prices: (string | null)[]): Ladder => ({
      ...soundLadder,
      tiers: prices.map((unitPrice, i) => ({ above: i, upTo: i + 1, unitPrice })),
    });
    expect(ladderBounds(priced('1000000000', null, '0'))).toEqual([]);
    expect(ladderBounds(priced(`1000000000${LEAST}`, '0', '1000000001'))).toEqual([
      { path: 'ladder.tiers.0.unitPrice', message: 'is at most 1000000000' },
      { path: 'ladder.tiers.2.unitPrice', message: 'is at most 1000000000' },
    ]);
    expect(exceeded({ meters: [meter, withLadder(priced('0', '1000000001'), 'toy/beta')] })).toEqual([
      'meters.1.ladder.tiers.1.unitPrice: is at most 1000000000',
    ]);
  });
});

test('a channel is named once', () => {
  const notices = (...channels: ('sms' | 'email')[]) => ({
    notices: { low: { below: '0.1', of: 'pool' as const }, channels },
  });
  expect(exceeded(notices('sms', 'email'))).toEqual([]);
  expect(exceeded(notices('sms', 'email', 'sms'))).toEqual(['notices.channels: names a channel twice']);
});

describe('a book', () => {
  const bytesOf = (book: PriceBook): number => Buffer.byteLength(JSON.stringify(book));
  /** With a source of so many characters that the book has so many bytes. */
  const padded = (book: PriceBook, bytes: number): PriceBook => ({
    ...book,
    source: x(bytes - bytesOf({ ...book, source: '' })),
  });
  /** With entries added until there is room for a source alone. */
  const filled = (book: PriceBook, more: (book: PriceBook, i: number) => PriceBook): PriceBook => {
    let large = book;
    for (let i = 0; bytesOf(large) < BOOK_BYTES_MAX - 1_800; i++) large = more(large, i);
    return large;
  };
  const wide = (length: number) => inBoth('中'.repeat(length), x(length));
  const withNotes = filled({ ...soundBook, notes: [] }, (book, i) => ({
    ...book,
    notes: [...(book.notes ?? []), i < 124 ? wide(2_000) : wide(200)],
  }));
  const withInterfaces = filled(soundBook, (book, i) => ({
    ...book,
    interfaces: [
      ...book.interfaces,
      { id: `toy/x${i}`, name: wide(200), pool: null, meter: null, counts: 'calls' },
    ],
  }));

  test.each([
    ['with notes', withNotes],
    ['without', withInterfaces],
  ])('has at most 1,000,000 bytes of JSON, %s', (_, large) => {
    expect(bookProblems(padded(large, 1_000_000))).toEqual([]);
    expect(bookProblems(padded(large, 1_000_001))).toEqual([
      { path: 'body', message: 'a book has at most 1000000 bytes of JSON' },
    ]);
  });
});

describe('a list', () => {
  const many = (count: number, value: unknown = {}): unknown[] => Array(count).fill(value);
  const places: [part: keyof typeof BOOK_MAX, of: (count: number) => unknown][] = [
    ['interfaces', (count) => ({ interfaces: many(count) })],
    ['pools', (count) => ({ pools: many(count) })],
    ['meters', (count) => ({ meters: many(count) })],
    ['packs', (count) => ({ pools: [{ packs: many(1) }, { packs: many(count - 1) }] })],
    [
      'tiers',
      (count) => ({ meters: [{ ladder: { tiers: many(1) } }, { ladder: { tiers: many(count - 1) } }] }),
    ],
    ['notes', (count) => ({ notes: many(count) })],
  ];
  test.each(places)('of %s has at most so many entries, added up over the book', (part, of) => {
    const most = BOOK_MAX[part];
    expect(countProblems(of(most))).toEqual([]);
    expect(countProblems(of(most + 1))).toEqual([
      { path: part, message: `a book has at most ${most} ${part}` },
    ]);
  });

  test('that is too long is told first, before what is wrong with its entries', () => {
    const notes = many(201, inBoth('')) as { zh: string; en: string }[];
    expect(exceeded({ notes })[0]).toBe('notes: a book has at most 200 notes');
  });

  test('of tiers has at most 1,000 entries in one ladder', () => {
    const tiers = Array(LADDER_TIERS_MAX).fill({ above: 0, upTo: null, unitPrice: null });
    expect(ladderBounds({ ...soundLadder, tiers })).toEqual([]);
    expect(ladderBounds({ ...soundLadder, tiers: [...tiers, ...tiers.slice(-1)] })).toEqual([
      { path: 'ladder.tiers', message: 'a ladder has at most 1000 tiers' },
    ]);
  });

  test.each([
    null,
    undefined,
    7,
    'text',
    [],
    { pools: 'text' },
    { pools: [null, 7, { packs: {} }] },
    { meters: [{ ladder: null }] },
  ])('that is none, in %j, has no entries', (book) => {
    expect(countProblems(book)).toEqual([]);
    expect(listOf(book, 'packs')).toEqual([]);
  });
});
