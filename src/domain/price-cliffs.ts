/** The linter's warnings: points where one more call lowers the bill (rules.md, section 2). */
import { costOf, fraction, fractionText, isLess, multiplied } from './fraction.ts';
import type { Ladder, PriceBook, Tier } from './price-book.ts';

export interface Cliff {
  readonly meter: string;
  /** A quantity that costs more than one call more. */
  readonly at: number;
  readonly costs: string;
  readonly next: string;
}

/** Quantities of a valid book at which one more call lowers the bill; checks each tier once. */
export const cliffs = (book: PriceBook): Cliff[] => book.meters.flatMap(meterCliffs);

/** The cliffs of one meter. */
export const meterCliffs = ({ id, ladder }: PriceBook['meters'][number]): Cliff[] =>
  ladderCliffs(ladder).map((cliff) => ({ meter: id, ...cliff }));

/** Graduated tiers have none: each call adds its own price, which is never negative. */
export const ladderCliffs = (ladder: Ladder, discount = '1'): Omit<Cliff, 'meter'>[] =>
  ladder.mode === 'graduated'
    ? []
    : ladder.tiers.flatMap((tier, i) => cliffBehind(ladder, discount, tier, i));

/** Compares the last call of a tier with the first of the next, all post-paid; empty where a price is missing. */
const cliffBehind = (
  { bounds, per, tiers }: Ladder,
  discount: string,
  tier: Tier,
  i: number,
): Omit<Cliff, 'meter'>[] => {
  const factor = fraction(discount);
  const after = tiers[i + 1];
  if (tier.upTo === null || tier.unitPrice === null || !after || after.unitPrice === null) return [];
  const at = bounds === 'upper' ? tier.upTo : tier.upTo - 1;
  const costs = multiplied(costOf(at, tier.unitPrice, per), factor);
  const next = multiplied(costOf(at + 1, after.unitPrice, per), factor);
  return isLess(next, costs) ? [{ at, costs: fractionText(costs), next: fractionText(next) }] : [];
};
