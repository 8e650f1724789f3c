/** One look over all accounts, from views that are kept as events arrive: reads some rows, however many accounts there are. */
import { viewAt, viewsUnder } from '../derived/view-rows.ts';
import type { Views } from '../derived/views.ts';
import type { Calendar, Day, Instant, Month } from '../domain/calendar.ts';
import { plus, ZERO } from '../domain/money.ts';
import { type EstimatedProduct, estimateMonths, LATER } from '../projections/estimate-rows.ts';
import { intake, NO_INTAKE } from '../projections/intake.ts';
import { overview as totals } from '../projections/overview.ts';
import { NO_PACKS, stockSums } from '../projections/pack-stock.ts';
import { refused } from '../projections/refused.ts';
import { NO_STANDING, standingSums } from '../projections/standing.ts';
import { type WideCount, wide } from '../projections/wide-count.ts';

export interface OverviewOf {
  readonly views: Views;
  readonly calendar: Calendar;
  readonly now: Instant;
}

/** Calls and post-paid amounts of a product in a month. */
export interface ProductSums {
  readonly calls: WideCount;
  readonly amount: string;
}

const INTAKE_DAYS = 31;
/** Within which packs expire soon. */
const SOON_DAYS = 30;
const POOLS_MAX = 10_000;

/** The day's and the months' figures, the money, and the packs in stock. */
export const overviewOf = (of: OverviewOf) => {
  const { views, calendar, now } = of;
  const today = calendar.dayOf(now);
  const month = calendar.monthOf(now);
  const before = monthBefore(month);
  const { held, owed, frozen } = viewAt(views, standingSums, 'sums') ?? NO_STANDING;
  return {
    today,
    accounts: viewAt(views, totals, 'all')?.accounts ?? 0,
    money: { held, owed, frozen },
    intake: daysUntil(of, INTAKE_DAYS).map((day) => intakeOn(of, day)),
    months: { current: month, before },
    products: productsOf(of, month, before, today),
    packs: packsOf(of),
  };
};

/** Days up to today, oldest first. */
const daysUntil = ({ calendar, now }: OverviewOf, days: number): Day[] =>
  Array.from({ length: days }, (_, i) => calendar.dayOf(calendar.daysAfter(now, i + 1 - days)));

const intakeOn = ({ views }: OverviewOf, day: Day) => {
  const { records, calls, corrections, packsSold, packRevenue } = viewAt(views, intake, day) ?? NO_INTAKE;
  const of = viewAt(views, refused, day);
  const codes = Object.entries(of?.codes ?? {}).map(([code, reports]) => ({ code, reports }));
  codes.sort((a, b) => b.reports - a.reports || (a.code < b.code ? -1 : 1));
  return {
    ...{ day, accepted: records, calls, corrections, packsSold, packRevenue },
    ...{ refused: of?.reports ?? 0, codes },
  };
};

const productsOf = ({ views }: OverviewOf, month: Month, before: Month, today: Day) => {
  const now = viewAt(views, estimateMonths, `month/${month}`)?.products ?? {};
  const then = viewAt(views, estimateMonths, `month/${before}`)?.products ?? {};
  const until = `${before}-${today.slice(8)}`;
  return [...new Set([...Object.keys(now), ...Object.keys(then)])].sort().map((product) => ({
    product,
    current: { ...sumsOf(now[product]), unpriced: now[product]?.unpriced ?? 0, days: daysOf(now[product]) },
    before: {
      ...sumsUntil(then[product], until),
      whole: sumsOf(then[product]),
      days: daysOf(then[product]),
    },
  }));
};

const sumsOf = (of: EstimatedProduct | undefined): ProductSums => ({
  calls: of?.calls ?? 0,
  amount: of?.amount ?? ZERO,
});

/** As it was known at the end of a day. */
const sumsUntil = (of: EstimatedProduct | undefined, until: Day): ProductSums =>
  daysOf(of)
    .filter(({ day }) => day <= until)
    .reduce<ProductSums>(
      (sum, { calls, amount }) => ({ calls: added(sum.calls, calls), amount: plus(sum.amount, amount) }),
      { calls: 0, amount: ZERO },
    );

/** What was recorded on each day of the month. */
const daysOf = (of: EstimatedProduct | undefined): readonly (ProductSums & { readonly day: Day })[] =>
  Object.entries(of?.days ?? {})
    .filter(([day]) => day !== LATER)
    .map(([day, { calls, amount }]) => ({ day, calls, amount }))
    .sort((a, b) => (a.day < b.day ? -1 : 1));

const packsOf = (of: OverviewOf) => {
  const { views, calendar, now } = of;
  const pools = viewsUnder(views, stockSums, POOL, null, POOLS_MAX)
    .map(({ key, value }) => ({ pool: key.slice(POOL.length), ...value }))
    .filter(({ packs }) => packs > 0);
  const days = Array.from({ length: SOON_DAYS }, (_, i) => calendar.dayOf(calendar.daysAfter(now, i)));
  const expiring = days.flatMap((day) => {
    const { packs, calls } = viewAt(views, stockSums, `expiry/${day}`) ?? NO_PACKS;
    return packs === 0 ? [] : [{ day, packs, calls }];
  });
  return { pools, expiring };
};

const POOL = 'pool/';

const monthBefore = (month: Month): Month => {
  const [year, number] = [Number(month.slice(0, 4)), Number(month.slice(5, 7))];
  return number === 1 ? `${year - 1}-12` : `${year}-${String(number - 1).padStart(2, '0')}`;
};

/** The exact sum of two counts, of which either may be beyond 2^53 − 1. */
const added = (a: WideCount, b: WideCount): WideCount =>
  typeof b === 'number' ? wide(a, b) : (BigInt(a) + BigInt(b)).toString();
