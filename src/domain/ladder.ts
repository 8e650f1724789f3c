/**
 * Rates a month's quantities by a ladder: one price for all post-paid calls (volume, the sources' "tier reached") or
 * each call at the price of its tier (graduated). rules.md, sections 2 and 6. A discount multiplies every cost and
 * leaves the unit prices as they are.
 */
import type { Band, TierReached } from './bill.ts';
import { added, costOf, type Fraction, fraction, fractionText, multiplied, NOTHING } from './fraction.ts';
import type { Ladder, Tier } from './price-book.ts';

/** A month's calls of a meter by payer. */
export interface Quantities {
  readonly metered: number;
  readonly free: number;
  readonly packs: number;
  readonly postPaid: number;
  /** Absent: 0. */
  readonly waived?: number;
}

/** The rated post-paid calls, or the quantity that has no price. */
export type Rated =
  | {
      readonly priced: true;
      readonly tier: TierReached | null;
      readonly unitPrice: string | null;
      readonly bands: readonly Band[] | null;
      /** Exact cost of the post-paid calls, in yuan. */
      readonly exact: Fraction;
      /** Exact price of the free calls, in yuan: the amount of the voucher, where the book grants one. */
      readonly free: Fraction;
    }
  | { readonly priced: false; readonly tier: TierReached | null; readonly quantity: number };

/** The quantity that chooses the tier; waived units never count. */
export const tierQuantity = (ladder: Ladder, { metered, free, postPaid, waived = 0 }: Quantities): number => {
  switch (ladder.tierBy) {
    case 'post_paid':
      return postPaid;
    case 'post_paid_and_free':
      return postPaid + free;
    case 'metered':
      return metered - waived;
  }
};

/**
 * Rates a month's quantities by a ladder, at a discount where one is agreed. Without post-paid calls the cost is zero,
 * even in an unpriced tier.
 */
export const rate = (ladder: Ladder, quantities: Quantities, discount?: string): Rated =>
  ladder.mode === 'volume' ? volume(ladder, quantities, discount) : graduated(ladder, quantities, discount);

const times = (cost: Fraction, discount: string | undefined): Fraction =>
  discount === undefined ? cost : multiplied(cost, fraction(discount));

const volume = (ladder: Ladder, quantities: Quantities, discount: string | undefined): Rated => {
  const quantity = tierQuantity(ladder, quantities);
  const reached = ladder.tiers.find((tier) => reaches(ladder, tier, quantity));
  if (!reached)
    return { priced: true, tier: null, unitPrice: null, bands: null, exact: NOTHING, free: NOTHING };
  const tier = { above: reached.above, upTo: reached.upTo };
  const { unitPrice } = reached;
  if (unitPrice === null) {
    if (quantities.postPaid > 0) return { priced: false, tier, quantity };
    return { priced: true, tier, unitPrice, bands: null, exact: NOTHING, free: NOTHING };
  }
  return {
    priced: true,
    tier,
    unitPrice,
    bands: null,
    exact: times(costOf(quantities.postPaid, unitPrice, ladder.per), discount),
    free: times(costOf(quantities.free, unitPrice, ladder.per), discount),
  };
};

const reaches = (ladder: Ladder, { above, upTo }: Tier, quantity: number): boolean =>
  ladder.bounds === 'upper'
    ? above < quantity && (upTo === null || quantity <= upTo)
    : above <= quantity && (upTo === null || quantity < upTo);

/** The least quantity in a tier: of a graduated ladder, the first call at its price. */
export const firstOf = ({ mode, bounds }: Ladder, { above }: Tier): number =>
  mode === 'graduated' || bounds === 'upper' ? above + 1 : above;

/** Tiers are filled from zero: free calls first, post-paid calls last. */
const graduated = (ladder: Ladder, quantities: Quantities, discount: string | undefined): Rated => {
  const quantity = tierQuantity(ladder, quantities);
  const layout = { ladder, discount };
  const paid = laid(layout, quantity - quantities.postPaid, quantity);
  if (paid.some(({ unitPrice }) => unitPrice === null)) return { priced: false, tier: null, quantity };
  return {
    priced: true,
    tier: null,
    unitPrice: null,
    bands: paid.map(({ cost, ...band }) => ({ ...band, amount: fractionText(cost) })),
    exact: sumOf(paid),
    free: sumOf(laid(layout, 0, quantities.free)),
  };
};

type Laid = Omit<Band, 'amount'> & { readonly cost: Fraction };
type Layout = { readonly ladder: Ladder; readonly discount: string | undefined };

const sumOf = (laid: readonly Laid[]): Fraction =>
  laid.reduce((total, { cost }) => added(total, cost), NOTHING);

/** The calls (from, to] by tier. Calls below the first tier are in no band. */
const laid = ({ ladder, discount }: Layout, from: number, to: number): Laid[] =>
  ladder.tiers.flatMap(({ above, upTo, unitPrice }) => {
    const quantity = Math.min(to, upTo ?? to) - Math.max(from, above);
    if (quantity <= 0) return [];
    const cost = unitPrice === null ? NOTHING : times(costOf(quantity, unitPrice, ladder.per), discount);
    return [{ above, upTo, quantity, unitPrice, cost }];
  });
