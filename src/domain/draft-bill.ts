/**
 * A month's bill as of an instant: what a close would issue, and what an estimate shows. A line or a correction without a
 * price has null amounts; then a close is refused, and an estimate shows it as unpriced (rules.md, sections 6 and 10).
 */
import type { Account } from './account.ts';
import type { Bill, CorrectionLine, PackPurchase } from './bill.ts';
import { type Calendar, type Instant, instantText, type Month } from './calendar.ts';
import { type Catalogue, type Edition, inForce } from './catalogue.ts';
import type { BillingContext, Head } from './context.ts';
import { billDisputes } from './disputes.ts';
import { added, type Fraction, fraction, fractionText, multiplied, NOTHING, roundedTo } from './fraction.ts';
import { freezeFormula } from './line-formula.ts';
import { minus, sum, ZERO } from './money.ts';
import { nextToClose } from './next-close.ts';
import type { FreezePolicy } from './price-book.ts';
import { CURRENT_RATING, type RatedLine, rateMonth } from './rating.ts';
import { type Corrections, correctionsOf, type Unpriced } from './re-rating.ts';

export interface DraftOf extends BillingContext {
  readonly month: Month;
  readonly at: Instant;
  readonly head: Head;
  readonly status: Bill['status'];
  /** Version of the rating rules; the current one unless a bill is replayed. */
  readonly rating?: string;
}

export interface Draft {
  readonly bill: Omit<Bill, 'digest'>;
  readonly unpriced: readonly Unpriced[];
  /** Closed months that were re-rated. */
  readonly rerated: readonly Month[];
}

const NOTHING_AGAIN: Corrections = { lines: [], unpriced: [], months: [], editions: [] };

export const draftBill = (account: Account, of: DraftOf): Draft => {
  const { month, at, head, status, calendar, catalogue, rating = CURRENT_RATING } = of;
  const rated = rateMonth(account, catalogue, month, rating);
  const lines = rated.map(({ line }) => line);
  // Only the next bill has corrections and credits, even if several months are open (rules.md, section 10).
  const isNext = month === nextToClose(account, calendar);
  const again = isNext ? correctionsOf(account, catalogue) : NOTHING_AGAIN;
  const disputes = isNext ? account.disputes : account.disputes.filter(({ resolved }) => resolved === null);
  const unpriced: Unpriced[] = [
    ...lines.flatMap((l) => (l.unpriced ? [{ month, meter: l.meter, quantity: l.unpriced.quantity }] : [])),
    ...again.unpriced,
  ];
  const { packPurchases, packReturns, packsTotal } = packsIn(account, month, calendar);
  const due = unpriced.length > 0 ? null : dueOf(rated, again.lines);
  const freeze = freezeOf(rated);
  return {
    unpriced,
    rerated: again.months,
    bill: {
      account: account.account,
      month,
      status,
      currency: 'CNY',
      issuedAt: instantText(at),
      lines,
      packPurchases,
      ...(packReturns.length === 0 ? {} : { packReturns }),
      corrections: again.lines,
      credits: isNext ? account.credits : [],
      ...(disputes.length === 0 ? {} : { disputes: billDisputes(disputes) }),
      due,
      packsTotal,
      total: due === null ? null : sum([due, packsTotal]),
      unfrozen: isNext ? account.frozen : ZERO,
      frozen: { total: unpriced.length > 0 ? null : freeze.total, byProduct: freeze.byProduct },
      priceBooks: booksOf(account, month, catalogue, again.editions),
      ratingVersion: rating,
      events: head,
    },
  };
};

/** What was bought and returned in a month; a grant is neither. */
const packsIn = ({ packs }: Account, month: Month, calendar: Calendar) => {
  const packPurchases: PackPurchase[] = [];
  const packReturns: PackPurchase[] = [];
  for (const { pack, pool, size, price, purchasedAt, granted, returned } of packs) {
    if (granted) continue;
    const shown = { pack, pool, size, price };
    if (calendar.monthOf(purchasedAt) === month) packPurchases.push(shown);
    if (returned !== undefined && calendar.monthOf(returned) === month) packReturns.push(shown);
  }
  const prices = (of: readonly PackPurchase[]) => sum(of.map(({ price }) => price));
  return { packPurchases, packReturns, packsTotal: minus(prices(packPurchases), prices(packReturns)) };
};

const dueOf = (rated: readonly RatedLine[], corrections: readonly CorrectionLine[]): string =>
  sum([...rated.map(({ line }) => line.amount ?? '0'), ...corrections.map(({ amount }) => amount ?? '0')]);

/** The next freeze, summed exactly and rounded once per product (rules.md, section 8). */
const freezeOf = (rated: readonly RatedLine[]) => {
  const bases = new Map<Edition, { freeze: FreezePolicy; basis: Fraction }>();
  for (const { edition, line, listCost } of rated) {
    const { freeze } = edition.book;
    if (!freeze) continue;
    const part = freeze.of === 'bill' ? fraction(line.amount ?? '0') : listCost;
    bases.set(edition, { freeze, basis: added(bases.get(edition)?.basis ?? NOTHING, part) });
  }
  const byProduct = [...bases].flatMap(([{ book }, { freeze, basis }]) => {
    const frozen = multiplied(basis, fraction(freeze.rate));
    const amount = roundedTo(frozen, 2);
    if (amount === ZERO) return [];
    const formula = freezeFormula(fractionText(basis), freeze.rate, fractionText(frozen));
    return [{ product: book.product, amount, basis: formula }];
  });
  byProduct.sort((a, b) => (a.product < b.product ? -1 : 1));
  return { byProduct, total: sum(byProduct.map(({ amount }) => amount)) };
};

/** The editions of the account's products in the month, and those that re-rated closed months. */
const booksOf = (account: Account, month: Month, catalogue: Catalogue, again: readonly Edition[]) => {
  const used = new Set<Edition>(again);
  for (const product of Object.keys(account.services)) {
    const edition = inForce(catalogue, product, month);
    if (edition) used.add(edition);
  }
  return [...used]
    .map(({ book, digest }) => ({ product: book.product, edition: book.edition, digest }))
    .sort((a, b) => (`${a.product} ${a.edition}` < `${b.product} ${b.edition}` ? -1 : 1));
};
