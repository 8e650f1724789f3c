/** The linter's warnings: points where one more call lowers the bill (rules.md, section 2). */
import { exact, plain } from './money.ts';
import type { Ladder, PriceBook, Tier } from './price-book.ts';

export interface Cliff {
  readonly meter: string;
  /** Quantity that costs more than one call further. */
  readonly at: number;
  readonly costs: string;
  readonly next: string;
}

/** Where a sound book's price falls so much that the next call is cheaper than free; one look at each tier. */
export const cliffs = (book: PriceBook): Cliff[] => book.meters.flatMap(meterCliffs);

/** Those of one meter. */
export const meterCliffs = ({ id, ladder }: PriceBook['meters'][number]): Cliff[] =>
  ladderCliffs(ladder).map((cliff) => ({ meter: id, ...cliff }));

/** Of graduated tiers there are none: each call adds its own price, and no price is negative. */
const ladderCliffs = (ladder: Ladder): Omit<Cliff, 'meter'>[] =>
  ladder.mode === 'graduated' ? [] : ladder.tiers.flatMap((tier, i) => cliffBehind(ladder, tier, i));

/** The last call of a tier and the first of the next, all of them post-paid; none where one has no price. */
const cliffBehind = ({ bounds, per, tiers }: Ladder, tier: Tier, i: number): Omit<Cliff, 'meter'>[] => {
  const after = tiers[i + 1];
  if (tier.upTo === null || tier.unitPrice === null || !after || after.unitPrice === null) return [];
  const at = bounds === 'upper' ? tier.upTo : tier.upTo - 1;
  const costs = exact(at).times(tier.unitPrice).dividedBy(per);
  const next = exact(at).plus(1).times(after.unitPrice).dividedBy(per);
  return next.lessThan(costs) ? [{ at, costs: plain(costs), next: plain(next) }] : [];
};
