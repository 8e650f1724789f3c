/**
 * A price book is parsed, checked and published in steps, between which others have their turn: it comes to what it comes to
 * at once, and one that is junk is not looked at to its end.
 */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { inTurns } from '../../src/async/pauses.ts';
import { calendarOf } from '../../src/domain/calendar.ts';
import { canonicalInSteps, canonicalJson } from '../../src/domain/canonical.ts';
import { catalogueFrom } from '../../src/domain/catalogue.ts';
import type { PriceBook } from '../../src/domain/price-book.ts';
import { bookProblems, bookProblemsInSteps } from '../../src/domain/price-book-problems.ts';
import { publishEdition, publishEditionInSteps } from '../../src/domain/publish.ts';
import { atOnce } from '../../src/domain/steps.ts';
import { openMemoryStore } from '../../src/eventstore/memory.ts';
import { bookInSteps, parseBook } from '../../src/input/price-book-input.ts';
import { sha256 } from '../../src/integrity/sha256.ts';
import { editionInSteps, editionOf, publish, readCatalogue } from '../../src/ledger/system/catalogue.ts';
import { instant } from '../support/given.ts';

const shipped = () =>
  JSON.parse(
    readFileSync(new URL('../../price-books/face-recognition-2019-01.json', import.meta.url), 'utf8'),
  );
const MOST = 50;

/** Runs steps, and counts those between which others may have their turn. */
const counted = async <Out>(work: Generator<unknown, Out>) => {
  let steps = 0;
  const outcome = await inTurns(work, () => {
    steps += 1;
    return steps % 10 === 0 ? Promise.resolve() : null;
  });
  return { steps, outcome };
};
const parsed = (book: unknown) => counted(bookInSteps(book, MOST));
/** In one order: that of a book's lists and that of its schema differ. */
const inOrder = (outcome: ReturnType<typeof parseBook>) =>
  outcome.ok ? [] : outcome.problems.map(({ path, message }) => `${path}: ${message}`).sort();

test('a sound book comes out as it does at once, with a step for each of its entries', async () => {
  const book = shipped();
  const { steps, outcome } = await parsed(book);
  // To the order of its members: the text that is stored is made of it.
  expect(JSON.stringify(outcome)).toBe(JSON.stringify(parseBook(book)));
  const { interfaces, pools, meters, notes } = book;
  expect(outcome.ok).toBe(true);
  expect(steps).toBeGreaterThan(interfaces.length + pools.length + meters.length + notes.length);
});

test('of a book with some problems all are told, as they are at once', async () => {
  const book = shipped();
  book.meters[0].ladder.tiers[1].unitPrice = 'free';
  book.interfaces[2].colour = 'red';
  book.meters[1].ladder.per = 0;
  book.pools[0].packs[0].size = 0;
  book.pools[1].packs = {};
  book.notes = [{ zh: '' }];
  delete book.freeze;
  const { outcome } = await parsed(book);
  expect(inOrder(outcome)).toEqual(inOrder(parseBook(book)));
  expect(inOrder(outcome).length).toBeGreaterThan(7);
});

test.each([
  [null, 'body'],
  [[], 'body'],
  [{ ...shipped(), colour: 'red' }, 'colour'],
  [{ ...shipped(), interfaces: [] }, 'interfaces'],
  [{ ...shipped(), meters: [{}, 7, null] }, 'meters.1'],
  [{ ...shipped(), pools: 7 }, 'pools'],
])('what is no book is refused as it is at once (%#)', async (book, path) => {
  const { outcome } = await parsed(book);
  expect(inOrder(outcome)).toEqual(inOrder(parseBook(book)));
  expect(outcome).toMatchObject({ ok: false });
  expect(outcome.ok ? [] : outcome.problems.map((problem) => problem.path)).toContain(path);
});

test('a book is checked with a step for each pack, and for each interface, pool and meter', async () => {
  const book = shipped();
  const [pool] = book.pools;
  pool.packs = Array.from({ length: 5_000 }, () => ({ size: 1, price: '1.005' }));
  const { steps, outcome } = await counted(bookProblemsInSteps(book));
  expect(outcome).toEqual(bookProblems(book));
  // All of one size but the first, and each with a price of half a cent.
  expect(outcome.length).toBe(9_999);
  expect(steps).toBeGreaterThan(5_000 + book.interfaces.length + book.meters.length);
});

test.each([
  ['tiers', (book: ReturnType<typeof shipped>) => book.meters[0].ladder, 'tiers', 'meters.0.ladder.tiers.'],
  ['packs', (book: ReturnType<typeof shipped>) => book.pools[0], 'packs', 'pools.0.packs.'],
  ['interfaces', (book: ReturnType<typeof shipped>) => book, 'interfaces', 'interfaces.'],
  ['meters', (book: ReturnType<typeof shipped>) => book, 'meters', 'meters.'],
])('of thousands of %s that are junk so many are looked at as are told', async (_, inside, list, path) => {
  const book = shipped();
  inside(book)[list] = new Array(5_000).fill({ junk: 1 });
  const { steps, outcome } = await parsed(book);
  expect(outcome.ok).toBe(false);
  if (outcome.ok) return;
  expect(outcome.problems.length).toBeLessThan(2 * MOST);
  expect(outcome.problems.at(-1)?.path.startsWith(path)).toBe(true);
  expect(steps).toBeLessThan(200);
});

test('the canonical text of any JSON is the same in steps', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(atOnce(canonicalInSteps(value))).toBe(canonicalJson(value));
    }),
    { seed: 5 },
  );
});

/** The shipped book with so many interfaces; no two editions of it differ but in their month and in a price. */
const bookOf = (interfaces: number, edition: string, price = '0.5'): PriceBook => {
  const { product, meters, examples: _, ...book } = shipped();
  const [first] = book.interfaces;
  const more = Array.from({ length: interfaces }, (_, i) => ({ ...first, id: `${product}/more-${i}` }));
  meters[0].ladder.tiers[0].unitPrice = price;
  return {
    ...{ ...book, product, meters, edition, effectiveFrom: '2019-02' },
    interfaces: [...book.interfaces, ...more],
  };
};
const MANY = 200;
const calendar = calendarOf('Asia/Shanghai');
const AT = instant('2019-01-15T00:00:00+08:00');
const LATE = instant('2019-03-15T00:00:00+08:00');

test('an edition has its digest, and is decided on, with steps for each of its entries', async () => {
  const book = bookOf(MANY, 'first');
  const { steps, outcome } = await counted(editionInSteps(book));
  expect(outcome).toEqual({ book, digest: sha256(canonicalJson(book)) });
  expect(steps).toBeGreaterThan(MANY);
  // Compared with the one in force, since its month has begun.
  const [later, others] = [editionOf(bookOf(MANY, 'second', '0.7')), catalogueFrom([outcome])];
  const decided = await counted(publishEditionInSteps(others, later, LATE, calendar));
  expect(decided.outcome).toEqual(publishEdition(others, later, LATE, calendar));
  expect(decided.outcome).toMatchObject({ refusal: { code: 'edition_too_late' } });
  expect(decided.steps).toBeGreaterThan(3 * MANY);
});

test('beside earlier editions one is published in turns, and read back in turns', async () => {
  const store = openMemoryStore();
  const recordedAt = '2019-01-15T00:00:00.000Z';
  const published = (edition: string) =>
    publish(store, editionOf(bookOf(MANY, edition)), AT, recordedAt, calendar);
  await published('first');
  let clock = 0;
  const now = vi.spyOn(performance, 'now').mockImplementation(() => {
    clock += 10;
    return clock;
  });
  let [turns, isOver] = [0, false];
  const others = () => {
    turns += 1;
    if (!isOver) setImmediate(others);
  };
  setImmediate(others);
  expect(await published('second')).toMatchObject({ decision: { outcome: 'accepted' } });
  const whilePublishing = turns;
  expect((await readCatalogue(store)).published.length).toBe(2);
  isOver = true;
  now.mockRestore();
  // To read the first is a step for each part, to decide on the second one for each entry, of which eight make a turn.
  expect(whilePublishing).toBeGreaterThan(MANY + MANY / 8);
  expect(turns - whilePublishing).toBeGreaterThan(2 * MANY);
});
