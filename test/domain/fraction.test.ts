/** Costs at a price per any number of units: exact until they are rounded (price-books.md, "Units and prices"). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  added,
  costOf,
  fraction,
  fractionText,
  isLess,
  multiplied,
  NOTHING,
  roundedTo,
} from '../../src/domain/fraction.ts';
import { rate } from '../../src/domain/ladder.ts';
import { exact, plain, rounded } from '../../src/domain/money.ts';
import { ladder } from './books.ts';

describe('a cost', () => {
  test('is proportional to the quantity', () => {
    expect(fractionText(costOf(72, '1.75', 3_600))).toBe('0.035');
    expect(fractionText(costOf(1_500, '2.2', 1_000))).toBe('3.3');
  });

  test('that does not end is shown with 20 places, rounded half-up', () => {
    expect(fractionText(costOf(1, '1', 3))).toBe('0.33333333333333333333');
    expect(fractionText(costOf(2, '1', 3))).toBe('0.66666666666666666667');
  });

  test('of several prices is rounded once, after the sum: three bands per 3 cost a cent', () => {
    const three = ladder([1, 2], ['0.001', '0.004', '0.010'], { mode: 'graduated', per: 3 });
    const rated = rate(three, { metered: 3, free: 0, packs: 0, postPaid: 3 });
    if (!rated.priced) throw new Error('all three have a price');
    expect(rated.bands?.map(({ amount }) => amount)).toEqual([
      '0.00033333333333333333',
      '0.00133333333333333333',
      '0.00333333333333333333',
    ]);
    expect([fractionText(rated.exact), roundedTo(rated.exact, 2)]).toEqual(['0.005', '0.01']);
  });
});

describe('rounding is half-up, away from zero', () => {
  test.each([
    ['0.005', 2, '0.01'],
    ['-0.005', 2, '-0.01'],
    ['-0.004', 2, '0.00'],
    ['2.5', 0, '3'],
    ['0.0005', 3, '0.001'],
    ['12', 2, '12.00'],
  ])('%s to %i places: %s', (value, places, expected) => {
    expect(roundedTo(fraction(value), places)).toBe(expected);
  });
});

const decimals = fc
  .tuple(fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }), fc.integer({ min: 0, max: 12 }))
  .map(([digits, places]) => plain(exact(digits).dividedBy(exact(10).pow(places))));

test('of decimals that end, it is what decimal arithmetic gives', () => {
  fc.assert(
    fc.property(decimals, decimals, (a, b) => {
      const sum = exact(a).plus(b);
      expect(fractionText(added(fraction(a), fraction(b)))).toBe(plain(sum));
      expect(fractionText(multiplied(fraction(a), fraction(b)))).toBe(plain(exact(a).times(b)));
      expect(roundedTo(fraction(a), 2)).toBe(rounded(exact(a)));
      expect(isLess(fraction(a), fraction(b))).toBe(exact(a).lessThan(b));
    }),
  );
});

test('parts of a whole add up to it, whatever the price is for', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000_000 }), fc.integer({ min: 1, max: 50 }), (per, parts) => {
      let total = NOTHING;
      for (let i = 0; i < parts; i++) total = added(total, costOf(1, '0.01', per));
      const whole = costOf(parts, '0.01', per);
      expect([isLess(total, whole), isLess(whole, total)]).toEqual([false, false]);
    }),
  );
});
