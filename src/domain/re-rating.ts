/**
 * Closed months re-rated (rules.md, section 10): late usage, corrections, contract prices agreed later and
 * editions that fill in missing prices. The difference between what a month costs now and what has been billed for it
 * so far becomes one line per month and meter; the issued bill never changes.
 */
import type { Account, ClosedMonth } from './account.ts';
import type { CorrectionLine } from './bill.ts';
import type { Month } from './calendar.ts';
import { type Catalogue, type Edition, inForce, productOf } from './catalogue.ts';
import { isZero, minus, negated, ZERO } from './money.ts';
import { rateMonth } from './rating.ts';

/** A meter that has no price for the quantity of a month. */
export interface Unpriced {
  readonly month: Month;
  readonly meter: string;
  readonly quantity: number;
}

export interface Corrections {
  readonly lines: readonly CorrectionLine[];
  readonly unpriced: readonly Unpriced[];
  readonly months: readonly Month[];
  readonly editions: readonly Edition[];
}

/** The correction lines that the next bill would carry, by month and meter; one without a price is in `unpriced` too. */
export const correctionsOf = (account: Account, catalogue: Catalogue): Corrections => {
  const lines: CorrectionLine[] = [];
  const unpriced: Unpriced[] = [];
  const months: Month[] = [];
  const editions = new Set<Edition>();
  for (const month of Object.keys(account.months).sort()) {
    const closed = account.months[month]?.closed;
    if (!closed) continue;
    const published = publishedSince(closed, catalogue, month);
    if (published.size === 0 && Object.keys(closed.changes).length === 0) continue;
    months.push(month);
    const rated = rateMonth(account, catalogue, month, closed.ratingVersion);
    for (const { edition } of rated) editions.add(edition);
    const now = new Map(rated.map(({ line }) => [line.meter, line]));
    for (const meter of [...new Set([...now.keys(), ...Object.keys(closed.billed)])].sort()) {
      const line = now.get(meter);
      const billed = closed.billed[meter] ?? { calls: 0, amount: ZERO };
      const calls = (line?.metered ?? 0) - billed.calls;
      const product = productOf(meter);
      const why = [...(closed.changes[meter] ?? []), ...(published.has(product) ? ['price published'] : [])];
      const of = { month, product, meter, calls };
      if (line?.unpriced) {
        unpriced.push({ month, meter, quantity: line.unpriced.quantity });
        lines.push({ ...of, amount: null, reason: why.join('; '), unpriced: line.unpriced });
        continue;
      }
      const amount = line ? minus(line.amount ?? ZERO, billed.amount) : negated(billed.amount);
      if (calls !== 0 || !isZero(amount)) lines.push({ ...of, amount, reason: why.join('; ') });
    }
  }
  return { lines, unpriced, months, editions: [...editions] };
};

/** Products for which another edition is now in force in the month than the one that rated it. */
const publishedSince = (closed: ClosedMonth, catalogue: Catalogue, month: Month): Set<string> =>
  new Set(
    Object.entries(closed.editions).flatMap(([product, edition]) =>
      inForce(catalogue, product, month)?.book.edition === edition ? [] : [product],
    ),
  );
