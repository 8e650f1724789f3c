/**
 * What each month brought, by kind and product, of all accounts and of each. Post-paid calls and corrections are of the
 * month whose bill has them, packs and credits of the month in which they were bought (or
 * returned, which takes them off) and given. Keys:
 * `sum/MONTH/KIND/PRODUCT`; `of/MONTH/KIND/PRODUCT␁ACCOUNT`, which add up to it. Bills and credits are of no product.
 */
import * as z from 'zod';
import type { Bill } from '../domain/bill.ts';
import type { Month } from '../domain/calendar.ts';
import { productOf } from '../domain/catalogue.ts';
import { isZero, type Money, negated, plus, times, ZERO } from '../domain/money.ts';
import { MARK } from './mark.ts';
import type { Projection, Values } from './projection.ts';

export const REVENUE_KINDS = ['bills', 'post_paid', 'corrections', 'packs', 'credits'] as const;
export type RevenueKind = (typeof REVENUE_KINDS)[number];

const share = z.strictObject({
  account: z.string(),
  amount: z.string(),
  /** Bills, lines, packs or credits. */
  count: z.int(),
});
export type RevenueShare = Readonly<z.infer<typeof share>>;
const total = z.strictObject({ amount: z.string(), count: z.int(), accounts: z.int() });
export type RevenueTotal = Readonly<z.infer<typeof total>>;

/** Rows under `of/…`, and under `sum/…`. */
export const shareRows = { name: 'revenue', schema: share };
export const totalRows = { name: 'revenue', schema: total };

export const sumsPrefix = (month: Month | null): string => (month === null ? 'sum/' : `sum/${month}/`);
export const sharePrefix = (month: Month, kind: RevenueKind, product: string): string =>
  `of/${month}/${kind}/${product}${MARK}`;

const sumKey = (month: Month, kind: RevenueKind, product: string): string =>
  `${sumsPrefix(month)}${kind}/${product}`;

/** What a sum's key says. */
export const sumAt = (
  key: string,
): { readonly month: Month; readonly kind: string; readonly product: string } => {
  const [, month = '', kind = '', ...product] = key.split('/');
  return { month, kind, product: product.join('/') };
};

export const revenue: Projection<RevenueShare | RevenueTotal> = {
  name: 'revenue',
  version: 1,
  schema: z.union([share, total]),
  project: ({ account, event }, values, calendar) => {
    switch (event.type) {
      case 'PackPurchased': {
        const { product, price, packs } = event.data;
        const of = { month: calendar.monthOf(event.at), kind: 'packs', product } as const;
        return add(values, account, of, times(price, packs.length), packs.length);
      }
      case 'PackReturned': {
        const { pool, price } = event.data;
        const of = { month: calendar.monthOf(event.at), kind: 'packs', product: productOf(pool) } as const;
        return add(values, account, of, negated(price), -1);
      }
      case 'CreditGranted': {
        const of = { month: calendar.monthOf(event.at), kind: 'credits', product: '' } as const;
        return add(values, account, of, event.data.amount, 1);
      }
      case 'MonthClosed':
        return billed(values, account, event.data.bill);
    }
  },
};

interface Cell {
  readonly month: Month;
  readonly kind: RevenueKind;
  readonly product: string;
}

const billed = (values: Values<RevenueShare | RevenueTotal>, account: string, bill: Bill): void => {
  const { month, lines, corrections } = bill;
  add(values, account, { month, kind: 'bills', product: '' }, bill.due ?? ZERO, 1);
  for (const { product, amount } of lines)
    if (amount !== null && !isZero(amount))
      add(values, account, { month, kind: 'post_paid', product }, amount, 1);
  for (const { product, amount } of corrections)
    add(values, account, { month, kind: 'corrections', product }, amount ?? ZERO, 1);
};

/** Adds to a cell and to the account's share of it, which keeps the two consistent. */
const add = (
  values: Values<RevenueShare | RevenueTotal>,
  account: string,
  { month, kind, product }: Cell,
  amount: Money,
  count: number,
): void => {
  const own = `${sharePrefix(month, kind, product)}${account}`;
  const before = values.get(own) as RevenueShare | undefined;
  values.set(own, {
    account,
    amount: plus(before?.amount ?? ZERO, amount),
    count: (before?.count ?? 0) + count,
  });
  const all = sumKey(month, kind, product);
  const sum = values.get(all) as RevenueTotal | undefined;
  values.set(all, {
    amount: plus(sum?.amount ?? ZERO, amount),
    count: (sum?.count ?? 0) + count,
    accounts: (sum?.accounts ?? 0) + (before ? 0 : 1),
  });
};
