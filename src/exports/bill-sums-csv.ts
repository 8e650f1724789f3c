/** Issued bills as CSV rows by level: one row a bill, or one a product of a bill. */
import type { Bill } from '../domain/bill.ts';
import { type Calendar, instantOf } from '../domain/calendar.ts';
import { productOf } from '../domain/catalogue.ts';
import { type Money, negated, plus, sum, ZERO } from '../domain/money.ts';
import { type Cell, numberCell } from './csv.ts';

const AMOUNTS = ['post_paid', 'corrections', 'due', 'packs', 'total'] as const;
export const BILL_SUM_COLUMNS = ['account', 'month', ...AMOUNTS, 'credits', 'issued_at', 'digest'] as const;
export const PRODUCT_COLUMNS = ['account', 'month', 'product', ...AMOUNTS, 'issued_at', 'digest'] as const;

/** A bill's row: `due` is post-paid and corrections, `total` has the packs too; credits are in neither. */
export const billSumRow = (bill: Bill, calendar: Calendar): readonly Cell[] => {
  const { account, month, lines, corrections, credits, digest } = bill;
  const parts = {
    postPaid: sum(lines.map(({ amount }) => amount ?? ZERO)),
    corrections: sum(corrections.map(({ amount }) => amount ?? ZERO)),
    packs: bill.packsTotal,
  };
  return [
    ...[account, month, ...amounts(parts), numberCell(sum(credits.map(({ amount }) => amount)))],
    ...[calendar.textOf(instantOf(bill.issuedAt)), digest],
  ];
};

interface Parts {
  readonly postPaid: Money;
  readonly corrections: Money;
  readonly packs: Money;
}

const amounts = ({ postPaid, corrections, packs }: Parts): readonly Cell[] => {
  const due = plus(postPaid, corrections);
  return [postPaid, corrections, due, packs, plus(due, packs)].map(numberCell);
};

/** A row for each product of a bill, in the order of their names; a bill of nothing has none. */
export function* productRows(bill: Bill, calendar: Calendar): Generator<readonly Cell[]> {
  const products = new Map<string, Parts>();
  const add = (product: string, part: keyof Parts, amount: Money): void => {
    const before = products.get(product) ?? { postPaid: ZERO, corrections: ZERO, packs: ZERO };
    products.set(product, { ...before, [part]: plus(before[part], amount) });
  };
  for (const { product, amount } of bill.lines) add(product, 'postPaid', amount ?? ZERO);
  for (const { product, amount } of bill.corrections) add(product, 'corrections', amount ?? ZERO);
  for (const { pool, price } of bill.packPurchases) add(productOf(pool), 'packs', price);
  for (const { pool, price } of bill.packReturns ?? []) add(productOf(pool), 'packs', negated(price));
  for (const product of [...products.keys()].sort()) {
    const parts = products.get(product);
    if (!parts) continue;
    const issued = [calendar.textOf(instantOf(bill.issuedAt)), bill.digest];
    yield [bill.account, bill.month, product, ...amounts(parts), ...issued];
  }
}
