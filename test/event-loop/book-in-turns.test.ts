/**
 * A price book is parsed and checked in steps, between which others have their turn: it comes to what it comes to at once,
 * and one that is junk is not looked at to its end.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { inTurns } from '../../src/async/pauses.ts';
import { bookProblems, bookProblemsInSteps } from '../../src/domain/price-book-problems.ts';
import { bookInSteps, parseBook } from '../../src/input/price-book-input.ts';

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
  book.meters[1].ladder.per = 7;
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
