/** The months of finance: what each brought by product, and whether it is closed, from the views. */
import { type Row, viewsUnder } from '../derived/view-rows.ts';
import type { Views } from '../derived/views.ts';
import { type Month, nextMonth } from '../domain/calendar.ts';
import { type Money, sum, ZERO } from '../domain/money.ts';
import { type RevenueTotal, sumAt, sumsPrefix, totalRows } from '../projections/revenue.ts';
import { COUNTS, type UnbilledCounts, unbilledCounts } from '../projections/unbilled.ts';

interface Amounts {
  readonly postPaid: Money;
  readonly corrections: Money;
  readonly packs: { readonly sold: number; readonly amount: Money };
}

export interface FinanceMonth extends Amounts {
  readonly month: Month;
  readonly isOver: boolean;
  readonly accounts: { readonly billed: number; readonly unbilled: number; readonly blocked: number };
  readonly due: Money;
  readonly credits: { readonly given: number; readonly amount: Money };
  readonly products: readonly (Amounts & { readonly product: string })[];
}

/** Months, and products of a month: their number is the ledger's age, and the catalogue's size. */
const ROWS_MAX = 100_000;
const NO_TOTAL: RevenueTotal = { amount: ZERO, count: 0, accounts: 0 };

/** Months from the newest one back, those before a month (null: from the current one). */
export const financeMonths = (
  views: Views,
  current: Month,
  { before, limit }: { readonly before: Month | null; readonly limit: number },
): { readonly items: readonly FinanceMonth[]; readonly next: Month | null } => {
  const waiting = viewsUnder(views, unbilledCounts, COUNTS, null, ROWS_MAX);
  const first = firstMonth(views, waiting);
  const months: Month[] = [];
  for (let month = first; month <= current; month = nextMonth(month))
    if (before === null || month < before) months.push(month);
  const page = months.slice(-limit).reverse();
  return {
    items: page.map((month) => monthOf(views, month, { current, waiting })),
    next: months.length > page.length ? (page.at(-1) ?? null) : null,
  };
};

/** The first month of which anything is known; later than every month where nothing is. */
const firstMonth = (views: Views, waiting: readonly Row<UnbilledCounts>[]): Month => {
  const [sum] = viewsUnder(views, totalRows, sumsPrefix(null), null, 1);
  const months = [
    ...(sum ? [sumAt(sum.key).month] : []),
    ...waiting.map(({ key }) => key.slice(COUNTS.length)),
  ];
  return months.sort()[0] ?? '9999-99';
};

interface MonthContext {
  readonly current: Month;
  readonly waiting: readonly Row<UnbilledCounts>[];
}

const monthOf = (views: Views, month: Month, { current, waiting }: MonthContext): FinanceMonth => {
  const sums = viewsUnder(views, totalRows, sumsPrefix(month), null, ROWS_MAX).map(({ key, value }) => ({
    ...sumAt(key),
    ...value,
  }));
  const one = (kind: string, product = ''): RevenueTotal =>
    sums.find((sum) => sum.kind === kind && sum.product === product) ?? NO_TOTAL;
  const behind = waiting.filter(({ key }) => key.slice(COUNTS.length) <= month);
  const counted = (of: keyof UnbilledCounts) => behind.reduce((sum, { value }) => sum + value[of], 0);
  const products = [
    ...new Set(sums.map(({ product }) => product).filter((product) => product !== '')),
  ].sort();
  const byProduct = products.map((product) => ({
    product,
    postPaid: one('post_paid', product).amount,
    corrections: one('corrections', product).amount,
    packs: { sold: one('packs', product).count, amount: one('packs', product).amount },
  }));
  return {
    month,
    isOver: month < current,
    accounts: {
      billed: one('bills').count,
      unbilled: counted('accounts'),
      blocked: counted('blocked'),
    },
    due: one('bills').amount,
    ...added(byProduct),
    credits: { given: one('credits').count, amount: one('credits').amount },
    products: byProduct,
  };
};

const added = (products: readonly Amounts[]): Amounts => ({
  postPaid: sum(products.map(({ postPaid }) => postPaid)),
  corrections: sum(products.map(({ corrections }) => corrections)),
  packs: {
    sold: products.reduce((count, { packs }) => count + packs.sold, 0),
    amount: sum(products.map(({ packs }) => packs.amount)),
  },
});
