/** The linter's warnings (rules.md, section 2): points where one more call lowers the bill. */
import { expect, test } from 'vitest';
import type { Ladder, Tier } from '../../src/domain/price-book.ts';
import { cliffs } from '../../src/domain/price-cliffs.ts';
import { bookOf } from './shipped-book.ts';
import { soundBook, withLadder } from './sound-book.ts';

const warnings = (ladder: Partial<Ladder>) => cliffs({ ...soundBook, meters: [withLadder(ladder)] });
const tiers = (bound: number, ...prices: readonly (string | null)[]): readonly Tier[] => [
  { above: 0, upTo: bound, unitPrice: prices[0] ?? null },
  { above: bound, upTo: null, unitPrice: prices[1] ?? null },
];

test('10,000 calls at 0.15 cost more than 10,001 at 0.10', () => {
  const found = warnings({ tiers: tiers(10000, '0.15', '0.10') });
  expect(found).toEqual([{ meter: 'toy/m', at: 10000, costs: '1500', next: '1000.1' }]);
});

test('the shipped ocr book of 2020 has that cliff, and none where the next tier has no price', () => {
  const found = cliffs(bookOf('ocr', '2020-01')).filter(({ meter }) => meter === 'ocr/id-card');
  expect(found.map(({ at, costs, next }) => [at, costs, next])).toEqual([
    [10000, '1500', '1000.1'],
    [100000, '10000', '6000.06'],
  ]);
});

test('bounds that include their lower end have it one call earlier', () => {
  const [found] = warnings({ bounds: 'lower', tiers: tiers(10000, '0.15', '0.10') });
  expect(found).toMatchObject({ at: 9999, costs: '1499.85', next: '1000' });
});

test('equal cost is no cliff, less by the last exact digit is one', () => {
  expect(warnings({ tiers: tiers(9, '0.1', '0.09') })).toEqual([]);
  const [found] = warnings({ tiers: tiers(9, '0.1', '0.089999999999999') });
  expect(found).toMatchObject({ at: 9, costs: '0.9', next: '0.89999999999999' });
});

test('counts and prices beyond what a binary fraction can tell apart stay exact', () => {
  const at = Number.MAX_SAFE_INTEGER - 1;
  const [found] = warnings({ tiers: tiers(at, '0.3', '0.299999999999999') });
  expect(found).toMatchObject({ at, costs: '2702159776422297', next: '2702159776422288.292800745259009' });
});

test('a price per thousand falls like a price per call', () => {
  const [found] = warnings({ per: 1000, tiers: tiers(1500, '2.2', '1.1') });
  expect(found).toMatchObject({ at: 1500, costs: '3.3', next: '1.6511' });
});

test('where a price is missing there is nothing to compare', () => {
  expect(warnings({ tiers: tiers(10000, null, '0.10') })).toEqual([]);
  expect(warnings({ tiers: tiers(10000, '0.15', null) })).toEqual([]);
  expect(warnings({ tiers: tiers(10000, '0.15').slice(0, 1) })).toEqual([]);
});

test('graduated ladders and rising prices have none', () => {
  expect(warnings({ mode: 'graduated', tiers: tiers(10000, '0.15', '0.10') })).toEqual([]);
  expect(warnings({ tiers: tiers(10000, '0.10', '0.15') })).toEqual([]);
});
