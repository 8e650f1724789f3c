/** Which edition of a product is in force, whenever each was published (rules.md, section 2). */
import { describe, expect, test } from 'vitest';
import {
  asPublished,
  brokenEdition,
  catalogueFrom,
  EditionBroken,
  inForce,
  withEdition,
} from '../../src/domain/catalogue.ts';
import type { PriceBook } from '../../src/domain/price-book.ts';
import { edition, speech, vision } from './books.ts';

const of = (name: string, effectiveFrom: string): PriceBook => ({ ...vision, edition: name, effectiveFrom });
const published = [
  of('march', '2019-03'),
  speech,
  of('january', '2019-01'),
  of('january again', '2019-01'),
].map((book) => edition(book));
const catalogue = catalogueFrom(published);
const named = (month: string, among = catalogue) => inForce(among, 'vision', month)?.book.edition;

test('the latest that has taken effect, of two of one month the one published later', () => {
  expect(['2018-12', '2019-01', '2019-02', '2019-03', '2030-01'].map((month) => named(month))).toEqual([
    undefined,
    'january again',
    'january again',
    'march',
    'march',
  ]);
});

test('names that every object has are no products', () => {
  expect(inForce(catalogue, 'constructor', '2019-01')).toBeUndefined();
});

test('one more edition is the last published', () => {
  const more = withEdition(catalogue, edition(of('february', '2019-02')));
  expect([more.published.length, named('2019-02', more), named('2019-03', more)]).toEqual([
    5,
    'february',
    'march',
  ]);
  expect(catalogue.published).toHaveLength(4);
});

test('a catalogue as it was holds the editions published until then', () => {
  expect([0, 1, 3, 4, 9].map((count) => named('2019-02', asPublished(catalogue, count)))).toEqual([
    undefined,
    undefined,
    'january',
    'january again',
    'january again',
  ]);
  expect(asPublished(catalogue, 3).published).toEqual(published.slice(0, 3));
});

describe('an edition whose month cannot be read may be in force in any', () => {
  const broken = brokenEdition(
    { product: 'vision', edition: '', effectiveFrom: '', stream: 'catalogue', revision: 0, why: 'no JSON' },
    '',
  );
  test.each([
    ['published first', [broken, ...published]],
    ['or last', [...published, broken]],
    ['or between', [...published.slice(0, 2), broken, ...published.slice(2)]],
  ])('%s', (_, all) => {
    for (const month of ['2018-12', '2019-01', '2019-03'])
      expect(() => named(month, catalogueFrom(all))).toThrow(EditionBroken);
  });

  test('and stops no other product', () => {
    expect(inForce(catalogueFrom([broken, ...published]), 'speech', '2019-01')?.book).toBe(speech);
  });
});
