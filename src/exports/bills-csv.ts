/** Issued bills as CSV rows: one for each line, pack bought or returned, correction and credit, with the bill's digest. */
import type { Bill } from '../domain/bill.ts';
import { type Calendar, instantOf } from '../domain/calendar.ts';
import { negated } from '../domain/money.ts';
import { type Cell, numberCell } from './csv.ts';

export const BILL_COLUMNS = [
  'account',
  'month',
  'kind',
  'counts_in',
  'product',
  'meter',
  'name_zh',
  'name_en',
  'of_month',
  'metered',
  'free',
  'packs',
  'post_paid',
  'tier_above',
  'tier_up_to',
  'unit_price',
  'exact',
  'voucher',
  'pool',
  'pack',
  'size',
  'amount',
  'text',
  'issued_at',
  'digest',
  'discount',
] as const;

type Row = Partial<Record<(typeof BILL_COLUMNS)[number], Cell>>;

/**
 * A bill's rows. `counts_in` says which sum an amount belongs to: `due`, `packs` (both are in the bill's total), or
 * `paid` for credits, which were paid into the balance when they were given and are in no total (rules.md, section 10).
 */
export function* billRows(bill: Bill, calendar: Calendar): Generator<readonly Cell[]> {
  const { account, month, digest } = bill;
  const issued_at = calendar.textOf(instantOf(bill.issuedAt));
  for (const row of parts(bill)) {
    const whole: Row = { account, month, issued_at, digest, ...row };
    yield BILL_COLUMNS.map((column) => whole[column] ?? null);
  }
}

function* parts({ lines, packPurchases, packReturns = [], corrections, credits }: Bill): Generator<Row> {
  for (const line of lines)
    yield {
      kind: 'line',
      counts_in: 'due',
      product: line.product,
      meter: line.meter,
      name_zh: line.name.zh,
      name_en: line.name.en,
      metered: numberCell(line.metered),
      free: numberCell(line.free),
      packs: numberCell(line.packs),
      post_paid: numberCell(line.postPaid),
      tier_above: numberCell(line.tier?.above ?? null),
      tier_up_to: numberCell(line.tier?.upTo ?? null),
      unit_price: numberCell(line.unitPrice),
      discount: numberCell(line.discount ?? null),
      exact: numberCell(line.exact),
      voucher: numberCell(line.voucher),
      amount: numberCell(line.amount),
      text: line.formula,
    };
  for (const { pack, pool, size, price } of packPurchases)
    yield { kind: 'pack', counts_in: 'packs', pool, pack, size: numberCell(size), amount: numberCell(price) };
  for (const { pack, pool, size, price } of packReturns)
    yield {
      ...{ kind: 'return', counts_in: 'packs', pool, pack, size: numberCell(size) },
      amount: numberCell(negated(price)),
    };
  for (const { month, product, meter, calls, amount, reason } of corrections)
    yield {
      kind: 'correction',
      counts_in: 'due',
      of_month: month,
      product,
      meter,
      metered: numberCell(calls),
      amount: numberCell(amount),
      text: reason,
    };
  for (const { amount, reason } of credits)
    yield { kind: 'credit', counts_in: 'paid', amount: numberCell(amount), text: reason };
}
