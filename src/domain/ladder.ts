/**
 * Rates a month's quantities by a ladder: one price for all post-paid calls (volume, the sources' "tier reached") or
 * each call at the price of its tier (graduated). rules.md, sections 2 and 6. Rating version 1.
 */
import type { Band, TierReached } from './bill.ts';
import { exact } from './money.ts';
import type { Ladder, Tier } from './price-book.ts';

type Decimal = ReturnType<typeof exact>;

/** A month's calls of a meter by payer. */
export interface Quantities {
  readonly metered: number;
  readonly free: number;
  readonly packs: number;
  readonly postPaid: number;
}

/** The rated post-paid calls, or the quantity that has no price. */
export type Rated =
  | {
      readonly priced: true;
      readonly tier: TierReached | null;
      readonly unitPrice: string | null;
      readonly bands: readonly Band[] | null;
      /** Exact cost of the post-paid calls, in yuan. */
      readonly exact: Decimal;
      /** Exact price of the free calls, in yuan: the amount of the voucher, where the book grants one. */
      readonly free: Decimal;
    }
  | { readonly priced: false; readonly tier: TierReached | null; readonly quantity: number };

/** The quantity that chooses the tier. */
export const tierQuantity = (ladder: Ladder, { metered, free, postPaid }: Quantities): number => {
  switch (ladder.tierBy) {
    case 'post_paid':
      return postPaid;
    case 'post_paid_and_free':
      return postPaid + free;
    case 'metered':
      return metered;
  }
};

/** Rates a month's quantities by a ladder. Without post-paid calls the cost is zero, even in an unpriced tier. */
export const rate = (ladder: Ladder, quantities: Quantities): Rated =>
  ladder.mode === 'volume' ? volume(ladder, quantities) : graduated(ladder, quantities);

const volume = (ladder: Ladder, quantities: Quantities): Rated => {
  const quantity = tierQuantity(ladder, quantities);
  const reached = ladder.tiers.find((tier) => reaches(ladder, tier, quantity));
  const nothing = exact(0);
  if (!reached)
    return { priced: true, tier: null, unitPrice: null, bands: null, exact: nothing, free: nothing };
  const tier = { above: reached.above, upTo: reached.upTo };
  const { unitPrice } = reached;
  if (unitPrice === null) {
    if (quantities.postPaid > 0) return { priced: false, tier, quantity };
    return { priced: true, tier, unitPrice, bands: null, exact: nothing, free: nothing };
  }
  const cost = (calls: number) => exact(calls).times(unitPrice).dividedBy(ladder.per);
  return {
    priced: true,
    tier,
    unitPrice,
    bands: null,
    exact: cost(quantities.postPaid),
    free: cost(quantities.free),
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
const graduated = (ladder: Ladder, quantities: Quantities): Rated => {
  const quantity = tierQuantity(ladder, quantities);
  const bands = laid(ladder, quantity - quantities.postPaid, quantity);
  if (bands.some(({ unitPrice }) => unitPrice === null)) return { priced: false, tier: null, quantity };
  const cost = (parts: readonly Band[]) => parts.reduce((total, { amount }) => total.plus(amount), exact(0));
  return {
    priced: true,
    tier: null,
    unitPrice: null,
    bands,
    exact: cost(bands),
    free: cost(laid(ladder, 0, quantities.free)),
  };
};

/** The calls (from, to] by tier. Calls below the first tier are in no band. */
const laid = (ladder: Ladder, from: number, to: number): Band[] =>
  ladder.tiers.flatMap(({ above, upTo, unitPrice }) => {
    const quantity = Math.min(to, upTo ?? to) - Math.max(from, above);
    if (quantity <= 0) return [];
    const amount =
      unitPrice === null ? '0' : exact(quantity).times(unitPrice).dividedBy(ladder.per).toFixed();
    return [{ above, upTo, quantity, unitPrice, amount }];
  });
