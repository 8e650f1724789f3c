/** A book proves itself: its examples are run when it is checked and published (docs/price-books.md, "Examples"). */
import { describe, expect, test } from 'vitest';
import { exampleProblemsInSteps } from '../../src/domain/book-examples.ts';
import { catalogueFrom } from '../../src/domain/catalogue.ts';
import type { BookExample, PriceBook, PriceBookFile } from '../../src/domain/price-book.ts';
import { publishEdition } from '../../src/domain/publish.ts';
import { atOnce } from '../../src/domain/steps.ts';
import { parseBook } from '../../src/input/price-book-input.ts';
import { editionOf } from '../../src/ledger/system/catalogue.ts';
import { shippedPriceBooks } from '../../src/ledger/system/shipped-price-books.ts';
import { simulateAccount } from '../../src/package/domain.ts';
import { checkPriceBook, priceBookDigest } from '../../src/package/price-book.ts';
import { chat, ladder, vision } from '../domain/books.ts';
import { CALENDAR } from '../domain/decider.ts';
import { jan } from '../support/days.ts';

const run = (book: PriceBook, ...examples: readonly BookExample[]) =>
  atOnce(exampleProblemsInSteps(book, examples, CALENDAR)).map(({ message }) => message);
const tags = (calls: number, more: object = {}) => ({ interface: 'vision/tag', calls, ...more });
const example = (given: BookExample['given'], expected: BookExample['expect']): BookExample => ({
  name: 'tags',
  given,
  expect: expected,
});
/** Ten calls are free, a pack has a hundred for 8.00, and each of the rest costs 0.5. */
const BEYOND = {
  packs: [{ pool: 'vision/tags', size: 100, quantity: 1 }],
  usage: [tags(50), tags(64)],
};

describe('an example', () => {
  test('that comes out has no problem', () => {
    const line = { amount: '2', postPaid: 4, free: 10, packs: 100 };
    const says = { total: '10.00', due: '2.00', packsTotal: '8', lines: { 'vision/calls': line } };
    expect(run(vision, example(BEYOND, says))).toEqual([]);
  });

  test('says all that it expected, and what came out', () => {
    const line = { amount: '2.01', postPaid: 5, free: 9, packs: 101, waived: 1 };
    const says = { total: '1', due: '3.00', packsTotal: '9.00', lines: { 'vision/calls': line } };
    expect(run(vision, example(BEYOND, says))).toEqual([
      'tags: expected total 1, got 10.00',
      'tags: expected due 3.00, got 2.00',
      'tags: expected packsTotal 9.00, got 8.00',
      'tags: expected vision/calls amount 2.01, got 2.00',
      'tags: expected vision/calls postPaid 5, got 4',
      'tags: expected vision/calls free 9, got 10',
      'tags: expected vision/calls packs 101, got 100',
      'tags: expected vision/calls waived 1, got 0',
    ]);
  });

  test.each([
    [[tags(11)], { lines: { 'vision/texts': { amount: '0' } } }, 'lines of vision/calls'],
    [[], { lines: { 'vision/texts': { amount: '0' } } }, 'lines of none'],
    [[tags(2_000)], { total: '1' }, 'no price'],
    [[tags(1, { interface: 'vision/tagg' })], {}, 'usage 1 refused (interface_unknown'],
    [[tags(1), { interface: 'vision/tag', quantities: { n: 1 } }], {}, 'usage 2 refused (invalid_record'],
    [[tags(1, { at: '2019-02-01T00:00:00+08:00' })], {}, 'which is not in 2019-01'],
    [[tags(1, { at: '2018-12-31T23:59:59+08:00' })], {}, 'which is not in 2019-01'],
  ])('that cannot be says why (%#)', (usage, says, why) => {
    const [problem = '', ...others] = run(vision, example({ usage }, says));
    expect(problem).toContain(why);
    expect(others).toEqual([]);
  });

  test('that buys what is not sold, or more packs than an example may, says why', () => {
    const buys = (size: number, quantity?: number) => {
      const pack = { pool: 'vision/tags', size, ...(quantity ? { quantity } : {}) };
      return run(vision, example({ packs: [pack], usage: [] }, { total: '8' }));
    };
    expect(buys(100)).toEqual([]);
    expect(buys(7)).toEqual([expect.stringContaining('pack_not_sold')]);
    expect(buys(100, 1_001)).toEqual(['tags: expected a bill, got 1001 packs, of at most 1000']);
  });

  test('counts recognised images, and rates by a contract from that month on', () => {
    const contract = { meter: 'vision/texts', ladder: ladder([], ['0.01']) };
    const usage = [tags(110, { interface: 'vision/text' })];
    expect(run(vision, example({ usage, contract }, { total: '1.00' }))).toEqual([]);
    expect(run(vision, example({ usage }, { total: '7.00' }))).toEqual([]);
    const discounted = { meter: 'vision/texts', discount: '0.85' };
    expect(run(vision, example({ usage, contract: discounted }, { total: '5.95' }))).toEqual([]);
  });

  test('begins a month after the activation, so that an allowance is there, at the first instant of its month', () => {
    const late = { ...vision, allowance: { ...vision.allowance, inFirstMonth: false } };
    expect(run(late, example({ usage: [tags(10)] }, { total: '0' }))).toEqual([]);
    // Friday 4 January at 23:30 is in the night class, the first instant of the month is not.
    const at = '2019-01-04T23:30:00+08:00';
    const night = { interface: 'chat/complete', quantities: { output: 51 }, attributes: { speed: 'slow' } };
    const line = (free: number) => ({ lines: { 'chat/output': { amount: '0', free } } });
    expect(run(chat, example({ usage: [{ ...night, at }] }, line(50)))).toEqual([]);
    expect(run(chat, example({ usage: [night] }, line(25)))).toEqual([]);
  });

  test('has a name of its own', () => {
    const one = example({ usage: [] }, {});
    expect(run(vision, one, one)).toEqual([
      'tags: expected a name of its own, got one that stands here twice',
    ]);
  });
});

const wrong = example({ usage: [tags(12)] }, { total: '2.00' });
const right = example({ usage: [tags(12)] }, { total: '1.00' });

describe('a book with examples', () => {
  const published = (file: PriceBookFile) =>
    publishEdition(catalogueFrom([]), editionOf(file), jan(1), CALENDAR);

  test('is published with them, and without them is the same edition', () => {
    const decision = published({ ...vision, examples: [right] });
    expect(decision).toMatchObject({ outcome: 'accepted', events: [{ book: vision, examples: [right] }] });
    const { digest } = editionOf({ ...vision, $schema: './x.json', examples: [right] });
    expect(digest).toBe(editionOf(vision).digest);
    expect(priceBookDigest({ ...vision, examples: [right] } as PriceBook)).toBe(digest);
  });

  test('is refused where one does not come out, with its name, expected and got', () => {
    expect(published({ ...vision, examples: [right, { ...wrong, name: 'twelve' }] })).toMatchObject({
      outcome: 'refused',
      refusal: {
        code: 'book_malformed',
        detail: 'examples.1: twelve: expected total 2.00, got 1.00',
        members: { field: 'examples.1', example: 'twelve', expected: 'total 2.00', got: '1.00' },
      },
    });
    expect(checkPriceBook({ ...vision, examples: [wrong] })).toMatchObject({
      ok: false,
      problems: [{ path: 'examples.0' }],
    });
  });

  test('may name a schema for editors, which is no part of it', () => {
    expect(parseBook({ $schema: './price-book.schema.json', ...vision })).toEqual({ ok: true, book: vision });
    expect(parseBook({ $schema: 7, ...vision })).toMatchObject({ ok: false });
  });

  test('is simulated without them', () => {
    const at = '2019-01-01T00:00:00+08:00';
    expect(() =>
      simulateAccount({ books: [{ ...vision, examples: [wrong] } as PriceBook], at }),
    ).not.toThrow();
  });

  test('has a bounded number of them, of bounded size', () => {
    const of = (examples: readonly unknown[]) => {
      const parsed = parseBook({ ...vision, examples });
      return parsed.ok ? [] : parsed.problems.map(({ path }) => path);
    };
    expect(of(Array.from({ length: 101 }, () => right))).toEqual(['examples']);
    expect(of([{ ...right, given: { usage: Array.from({ length: 101 }, () => tags(1)) } }])).toEqual([
      'examples.0.given.usage',
    ]);
    expect(of([{ ...right, given: { usage: [{ interface: 'vision/tag' }] } }])).toEqual([
      'examples.0.given.usage.0',
    ]);
    expect(of([{ ...right, given: { usage: [tags(1, { at: '2019-01-04' })] } }])).toEqual([
      'examples.0.given.usage.0.at',
    ]);
    expect(of([{ ...right, expect: { lines: { 'vision/calls': { amount: 'much' } } } }])).toEqual([
      'examples.0.expect.lines.vision/calls.amount',
    ]);
  });

  test('takes many steps to prove', () => {
    const usage = Array.from({ length: 100 }, () => tags(1));
    let steps = 0;
    for (const _ of exampleProblemsInSteps(vision, [example({ usage }, {})], CALENDAR)) steps += 1;
    expect(steps).toBeGreaterThan(100);
  });
});

test('the shipped books carry the 24 worked examples of their pages', () => {
  const counts = shippedPriceBooks().map(({ product, edition, examples = [] }) => [
    `${product} ${edition}`,
    examples.length,
  ]);
  expect(Object.fromEntries(counts)).toEqual({
    'image-analysis 2019-01': 5,
    'face-recognition 2019-01': 5,
    'body-analysis 2019-01': 0,
    'ocr 2019-01': 8,
    'ocr 2020-01': 6,
  });
  for (const file of shippedPriceBooks())
    expect(atOnce(exampleProblemsInSteps(file, file.examples ?? [], CALENDAR)), file.product).toEqual([]);
});
