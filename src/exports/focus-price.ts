/**
 * The cost of a bill line's post-paid calls, in parts of one price each: one part, or one per band of a graduated line.
 * A bill has the unit price, but neither the pricing unit nor the list price beside a contract price; the first follows
 * from the amounts, the second from the edition that the bill names.
 */
import type { Bill, BillLine } from '../domain/bill.ts';
import { type Catalogue, type Edition, editionsOf, indexOf, nameOf } from '../domain/catalogue.ts';
import { costOf, fractionText } from '../domain/fraction.ts';
import { rate } from '../domain/ladder.ts';
import { type ExactDecimal, exact, plain, rounded } from '../domain/money.ts';

export interface PricedPart {
  /** Calls. */
  readonly quantity: number;
  readonly per: number;
  /** Yuan per `per` calls, and for all of them. */
  readonly unitPrice: ExactDecimal;
  readonly cost: ExactDecimal;
  readonly listUnitPrice: ExactDecimal;
  readonly listCost: ExactDecimal;
  /** Its share of the line's rounded amount; the shares of a line add up to it. */
  readonly billed: string;
  /** Lower bound of the tier; null where no tier is reached. */
  readonly above: number | null;
}

/** The product's edition among those that the bill names. */
export const editionOf = (
  catalogue: Catalogue,
  { priceBooks, month }: Bill,
  product: string,
): Edition | undefined => {
  const named = new Set(priceBooks.map(({ digest }) => digest));
  return editionsOf(catalogue, product).findLast(
    (edition) => nameOf(edition).effectiveFrom <= month && named.has(edition.digest),
  );
};

/** The priced parts of a line of an issued bill; empty if it has no post-paid calls. */
export const pricedParts = (line: BillLine, edition: Edition | undefined): PricedPart[] => {
  if (line.postPaid === 0) return [];
  if (!line.bands) return [partOf(line, edition)];
  const parts: PricedPart[] = [];
  let before = exact(0);
  for (const { above, quantity, unitPrice: listUnitPrice, amount } of line.bands) {
    const after = before.plus(amount);
    // The line is rounded once; rounding the running total gives each band its share of that.
    const billed = rounded(exact(rounded(after)).minus(rounded(before)));
    const price = { unitPrice: agreedPrice(listUnitPrice ?? '0', line), cost: amount };
    const per = perOf(quantity, price);
    const list = line.discount === undefined ? price : listPrice(quantity, listUnitPrice ?? '0', per);
    parts.push({
      quantity,
      per,
      ...price,
      listUnitPrice: list.unitPrice,
      listCost: list.cost,
      billed,
      above,
    });
    before = after;
  }
  const below = line.postPaid - line.bands.reduce((sum, { quantity }) => sum + quantity, 0);
  return below > 0 ? [...parts, { ...FREE_OF_PRICE, quantity: below }] : parts;
};

/** Calls below the first tier, or in a free month. */
const FREE_OF_PRICE = {
  per: 1,
  unitPrice: '0',
  cost: '0',
  listUnitPrice: '0',
  listCost: '0',
  billed: '0.00',
  above: null,
} as const;

const partOf = (line: BillLine, edition: Edition | undefined): PricedPart => {
  const { postPaid: quantity, unitPrice: shown, exact: cost, amount, tier } = line;
  if (shown === null || cost === null || amount === null) return { ...FREE_OF_PRICE, quantity };
  const unitPrice = agreedPrice(shown, line);
  const per = perOf(quantity, { unitPrice, cost });
  return {
    quantity,
    per,
    unitPrice,
    cost,
    ...listOf(line, per, edition, { unitPrice, cost }),
    billed: amount,
    above: tier?.above ?? null,
  };
};

/** What a unit is billed at: the line's unit price, times its discount. */
const agreedPrice = (unitPrice: ExactDecimal, { discount }: BillLine): ExactDecimal =>
  discount === undefined ? unitPrice : plain(exact(unitPrice).times(discount));

const listPrice = (quantity: number, unitPrice: ExactDecimal, per: number): Price => ({
  unitPrice,
  cost: fractionText(costOf(quantity, unitPrice, per)),
});

interface Price {
  readonly unitPrice: ExactDecimal;
  readonly cost: ExactDecimal;
}

/** What the unit price is for; 1 where it is unknown, because all of it costs nothing. */
const perOf = (quantity: number, { unitPrice, cost }: Price): number => {
  if (exact(cost).isZero()) return 1;
  const per = exact(quantity).times(unitPrice).dividedBy(cost).round().toNumber();
  return per >= 1 && fractionText(costOf(quantity, unitPrice, per)) === cost ? per : 1;
};

/** The list price of the tier reached in the list ladder; without a single list price, the price paid. */
const listOf = (line: BillLine, per: number, edition: Edition | undefined, paid: Price) => {
  const ladder = edition && indexOf(edition.book).meters.get(line.meter)?.ladder;
  const list = ladder?.mode === 'volume' ? rate(ladder, line) : null;
  if (!ladder || !list?.priced || list.unitPrice === null)
    return { listUnitPrice: paid.unitPrice, listCost: paid.cost };
  const listUnitPrice = plain(exact(list.unitPrice).times(per).dividedBy(ladder.per));
  return { listUnitPrice, listCost: fractionText(list.exact) };
};
