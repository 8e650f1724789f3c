/** A price book parsed in turns comes to what it comes to at once, and one that is junk is not looked at to its end. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseBook, parseBookInTurns } from '../../src/input/price-book-input.ts';

const shipped = () =>
  JSON.parse(
    readFileSync(new URL('../../price-books/face-recognition-2019-01.json', import.meta.url), 'utf8'),
  );
const MOST = 50;

/** Parses, and counts the steps between which others may have their turn. */
const parsed = async (book: unknown) => {
  let steps = 0;
  const outcome = await parseBookInTurns(
    book,
    () => {
      steps += 1;
      return steps % 10 === 0 ? Promise.resolve() : null;
    },
    MOST,
  );
  return { steps, outcome };
};

test('a sound book comes out as it does at once, with a step for each of its entries', async () => {
  const book = shipped();
  const { steps, outcome } = await parsed(book);
  expect(outcome).toEqual(parseBook(book));
  const { interfaces, pools, meters, notes } = book;
  expect(outcome.ok).toBe(true);
  expect(steps).toBeGreaterThan(interfaces.length + pools.length + meters.length + notes.length);
});

test('of a book with some problems all are told, as they are at once', async () => {
  const book = shipped();
  book.meters[0].ladder.tiers[1].unitPrice = 'free';
  book.interfaces[2].colour = 'red';
  delete book.freeze;
  const { outcome } = await parsed(book);
  expect(outcome).toEqual(parseBook(book));
  expect(outcome).toMatchObject({ ok: false });
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
