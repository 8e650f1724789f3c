/** The linter's warnings: points where one more call lowers the bill (rules.md, section 2). */
import { rate } from './ladder.ts';
import { plain } from './money.ts';
import type { Ladder, PriceBook } from './price-book.ts';

export interface Cliff {
  readonly meter: string;
  /** Quantity that costs more than one call further. */
  readonly at: number;
  readonly costs: string;
  readonly next: string;
}

/** Where the ladder's price falls so much that the next call is cheaper than free. */
export const cliffs = (book: PriceBook): Cliff[] =>
  book.meters.flatMap(({ id, ladder }) =>
    ladder.tiers.flatMap(({ upTo }) => {
      if (upTo === null) return [];
      const at = ladder.bounds === 'upper' ? upTo : upTo - 1;
      const costs = cost(ladder, at);
      const next = cost(ladder, at + 1);
      return costs && next?.lessThan(costs)
        ? [{ meter: id, at, costs: plain(costs), next: plain(next) }]
        : [];
    }),
  );

/** What so many calls cost when all of them are post-paid; null where that has no price. */
const cost = (ladder: Ladder, calls: number) => {
  const rated = rate(ladder, { metered: calls, free: 0, packs: 0, postPaid: calls });
  return rated.priced ? rated.exact : null;
};
