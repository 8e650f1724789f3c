/** A month's quantities on a ladder: no tier reached, tiers without a price, graduated ends (rules.md, section 6). */
import { describe, expect, test } from 'vitest';
import { fractionText } from '../../src/domain/fraction.ts';
import { type Quantities, rate } from '../../src/domain/ladder.ts';
import type { Ladder } from '../../src/domain/price-book.ts';
import { ladder } from './books.ts';

/** What a ladder makes of free, pack and post-paid calls, its decimals as text. */
const rated = (of: Ladder, { free = 0, packs = 0, postPaid = 0 }: Partial<Quantities>) => {
  const result = rate(of, { metered: free + packs + postPaid, free, packs, postPaid });
  return result.priced
    ? { ...result, exact: fractionText(result.exact), free: fractionText(result.free) }
    : { ...result };
};
const NOTHING = { priced: true, unitPrice: null, bands: null, exact: '0', free: '0' };

describe('a quantity below the first tier costs nothing', () => {
  test.each([
    ['upper', 10, 11],
    ['lower', 9, 10],
  ] as const)('with bounds that include their %s end: %d calls, not %d', (bounds, below, reached) => {
    const from = ladder([50], ['0.2', '0.1'], { tierBy: 'post_paid_and_free', from: 10, bounds });
    expect(rated(from, { postPaid: below })).toEqual({ ...NOTHING, tier: null });
    expect(rated(from, { postPaid: reached })).toMatchObject({ tier: { above: 10, upTo: 50 } });
  });
});

describe('a tier without a price', () => {
  const open = ladder([100], ['0.5', null], { tierBy: 'metered' });
  const tier = { above: 100, upTo: null };

  test('has none for post-paid calls, be it one', () => {
    expect(rated(open, { packs: 100, postPaid: 1 })).toEqual({ priced: false, tier, quantity: 101 });
  });

  test('costs nothing where nothing is post-paid', () => {
    expect(rated(open, { free: 10, packs: 2_000 })).toEqual({ ...NOTHING, tier });
  });
});

describe('graduated', () => {
  const steps = (...prices: readonly (string | null)[]) => ladder([10, 20], prices, { mode: 'graduated' });
  const quantities = (of: Ladder, calls: Partial<Quantities>) => {
    const result = rated(of, calls);
    return result.priced ? result.bands?.map(({ quantity }) => quantity) : null;
  };

  test('a tier that is just filled opens no band of the next', () => {
    expect(quantities(steps('3', '2', '1'), { postPaid: 10 })).toEqual([10]);
    expect(quantities(steps('3', '2', '1'), { postPaid: 11 })).toEqual([10, 1]);
  });

  test('one call in a tier without a price leaves the whole quantity without one', () => {
    expect(rated(steps('3', '2', null), { postPaid: 20 })).toMatchObject({ priced: true, exact: '50' });
    expect(rated(steps('3', '2', null), { postPaid: 21 })).toEqual({
      priced: false,
      tier: null,
      quantity: 21,
    });
  });

  test('a voucher is what the free calls, laid first, would cost: nothing where their tier has no price', () => {
    const voucher = { mode: 'graduated', tierBy: 'post_paid_and_free' } as const;
    expect(rated(ladder([10], ['3', '2'], voucher), { free: 15, postPaid: 5 })).toMatchObject({
      exact: '10',
      free: '40',
    });
    expect(rated(ladder([10], [null, '2'], voucher), { free: 15, postPaid: 5 })).toMatchObject({
      exact: '10',
      free: '10',
    });
  });
});
