/**
 * Calls and post-paid amounts of all accounts, by billed month and product, as they were known on each day. An amount is
 * the estimate of an open month and the lines of the bill of a closed one; corrections of closed months are in neither.
 * Keys: `month/YYYY-MM`; `account/ACCOUNT`; `open/ACCOUNT/YYYY-MM`, of an open month; `books`, `book/DIGEST`.
 *
 * A missing price that a new edition fills in counts from the meter's next record on, or from the close.
 */
import { type Group, groupKey } from '../domain/account.ts';
import type { Month } from '../domain/calendar.ts';
import { indexOf, inForce, productOf } from '../domain/catalogue.ts';
import type { AccountEvent, EventData, Tally } from '../domain/events.ts';
import { minus, plus, ZERO } from '../domain/money.ts';
import { CURRENT_RATING, rateMonth } from '../domain/rating.ts';
import {
  type EstimatedAccount,
  type EstimatedProduct,
  type EstimateMonth,
  type EstimateRow,
  estimateRow,
  LATER,
  type OpenMonth,
} from './estimate-rows.ts';
import { type BooksView, type BookView, catalogueOf } from './known-books.ts';
import type { Projection, Values } from './projection.ts';
import { type WideCount, wide } from './wide-count.ts';

const NO_ACCOUNT: EstimatedAccount = { lastClosed: null, contracts: [], open: [] };
const NO_GROUPS: OpenMonth = { groups: {}, amounts: {} };
const NOTHING: EstimatedProduct = { calls: 0, amount: ZERO, unpriced: 0, days: {} };

export const estimates: Projection<EstimateRow> = {
  name: 'estimates',
  version: 1,
  schema: estimateRow,
  project: ({ account, event }, values, calendar) => {
    const of = { account, day: calendar.dayOf(event.at), values };
    projected(of, event);
  },
  projectNews: ({ news }, values) => {
    if (news.type !== 'PriceBookPublished') return;
    const before = (values.get('books') as BooksView | undefined) ?? { digests: [] };
    values.set('books', { digests: [...before.digests, news.digest] });
    values.set(`book/${news.digest}`, { book: news.book });
  },
};

interface Of {
  readonly account: string;
  /** On which it is recorded. */
  readonly day: string;
  readonly values: Values<EstimateRow>;
}

const projected = (of: Of, event: AccountEvent): void => {
  switch (event.type) {
    case 'CallsMetered':
      for (const { interface: id, day, calls } of event.data.usage)
        add(of, day.slice(0, 7), productOf(id), { calls });
      tallied(of, event.data.tallies);
      break;
    case 'UsageCorrected': {
      const { interface: id, day, from, to, tallies } = event.data;
      add(of, day.slice(0, 7), productOf(id), { calls: to - from });
      tallied(of, tallies);
      break;
    }
    case 'ContractPriceAgreed':
      agreed(of, event.data);
      break;
    case 'MonthClosed':
      closed(of, event.data.bill);
  }
};

const accountOf = ({ account, values }: Of): EstimatedAccount =>
  (values.get(`account/${account}`) as EstimatedAccount | undefined) ?? NO_ACCOUNT;
const openKey = (account: string, month: Month): string => `open/${account}/${month}`;

const tallied = (of: Of, tallies: readonly Tally[]): void => {
  const { values, account } = of;
  const known = accountOf(of);
  const touched = new Map<Month, Set<string>>();
  for (const tally of tallies) {
    const { month, meter } = tally;
    if (known.lastClosed !== null && month <= known.lastClosed) continue;
    const key = openKey(account, month);
    const before = (values.get(key) as OpenMonth | undefined) ?? NO_GROUPS;
    values.set(key, { ...before, groups: grown(before.groups, tally) });
    touched.set(month, (touched.get(month) ?? new Set()).add(meter));
  }
  const more = [...touched.keys()].filter((month) => !known.open.includes(month));
  if (more.length > 0) values.set(`account/${account}`, { ...known, open: [...known.open, ...more] });
  for (const [month, meters] of touched) for (const meter of meters) rated(of, month, meter);
};

const grown = (groups: OpenMonth['groups'], tally: Tally): OpenMonth['groups'] => {
  const { product, meter, pool } = tally;
  // By pool and meter; the days of a daily allowance need not be kept apart.
  const key = groupKey({ pool, meter, ...(tally.shared ? { shared: true } : {}) });
  const known = groups[key] ?? { product, meter, free: 0, packs: 0, postPaid: 0 };
  const packs = tally.runs.reduce((sum, [, calls]) => sum + calls, known.packs);
  const [free, postPaid] = [known.free + tally.free, known.postPaid + tally.postPaid];
  const waived = (known.waived ?? 0) + (tally.waived ?? 0);
  const own = { product, meter, free, packs, postPaid, ...(waived === 0 ? {} : { waived }) };
  return { ...groups, [key]: own };
};

const agreed = (
  of: Of,
  { product, meter, from, until, ladder: prices, discount }: EventData['ContractPriceAgreed'],
) => {
  const known = accountOf(of);
  // Plain copies: a view holds no object of an event.
  const terms = prices
    ? { ladder: { ...prices, tiers: prices.tiers.map((tier) => ({ ...tier })) } }
    : { discount };
  const contract = { product, meter, from, until, ...terms };
  of.values.set(`account/${of.account}`, { ...known, contracts: [...known.contracts, contract] });
  for (const month of known.open) rated(of, month, meter);
};

/** Rates a meter of an open month again, and adds the difference to the month's sums. */
const rated = (of: Of, month: Month, meter: string): void => {
  const { account, values } = of;
  const key = openKey(account, month);
  const view = values.get(key) as OpenMonth | undefined;
  const own = Object.entries(view?.groups ?? {}).filter(([, group]) => group.meter === meter);
  const [first] = own;
  if (!view || !first) return;
  const { product } = first[1];
  const amount = amountOf(of, month, meter, product, own);
  moveTo(of, { month, product, meter, before: view.amounts, amount });
  values.set(key, { ...view, amounts: { ...view.amounts, [meter]: amount } });
};

const amountOf = (
  of: Of,
  month: Month,
  meter: string,
  product: string,
  own: readonly (readonly [string, OpenMonth['groups'][string]])[],
): string | null => {
  const { values } = of;
  const books = (values.get('books') as BooksView | undefined) ?? { digests: [] };
  const catalogue = catalogueOf(books, (digest) => values.get(`book/${digest}`) as BookView | undefined);
  // A book that cannot be read is in no view.
  const edition = inForce(catalogue, product, month);
  if (!edition || !indexOf(edition.book).meters.has(meter)) return null;
  const groups = own.map(([key, { packs, ...group }]): [string, Group] => [
    key,
    { ...group, pool: null, runs: [['', packs]] },
  ]);
  const { contracts } = accountOf(of);
  const ratable = { contracts, months: { [month]: { groups: Object.fromEntries(groups) } } };
  const [one] = rateMonth(ratable, catalogue, month, CURRENT_RATING);
  return one ? one.line.amount : ZERO;
};

interface Move {
  readonly month: Month;
  readonly product: string;
  readonly meter: string;
  readonly before: OpenMonth['amounts'];
  readonly amount: string | null;
}

const moveTo = (of: Of, { month, product, meter, before, amount }: Move): void => {
  const was = Object.hasOwn(before, meter) ? before[meter] : ZERO;
  if (was === amount) return;
  const unpriced = Number(amount === null) - Number(was === null);
  add(of, month, product, { amount: minus(amount ?? ZERO, was ?? ZERO), unpriced });
};

/** The bill's lines are what the month comes to; nothing changes them any more. */
const closed = (of: Of, { month, lines }: EventData['MonthClosed']['bill']): void => {
  const { account, values } = of;
  const key = openKey(account, month);
  const { amounts } = (values.get(key) as OpenMonth | undefined) ?? NO_GROUPS;
  const billed = new Map(lines.map(({ meter, product, amount }) => [meter, { product, amount }]));
  for (const [meter, { product, amount }] of billed)
    moveTo(of, { month, product, meter, before: amounts, amount });
  // A meter whose calls were all taken back has no line.
  for (const meter of Object.keys(amounts))
    if (!billed.has(meter))
      moveTo(of, { month, product: productOf(meter), meter, before: amounts, amount: ZERO });
  values.delete(key);
  const known = accountOf(of);
  const open = known.open.filter((one) => one !== month);
  values.set(`account/${account}`, { ...known, lastClosed: month, open });
};

interface More {
  readonly calls?: number;
  readonly amount?: string;
  readonly unpriced?: number;
}

const add = (
  { day, values }: Of,
  month: Month,
  product: string,
  { calls = 0, amount = ZERO, unpriced = 0 }: More,
): void => {
  const key = `month/${month}`;
  const view = (values.get(key) as EstimateMonth | undefined) ?? { products: {} };
  const before = view.products[product] ?? NOTHING;
  const name = dayIn(month, day);
  const more = (to: { readonly calls: WideCount; readonly amount: string }) => ({
    calls: wide(to.calls, calls),
    amount: amount === ZERO ? to.amount : plus(to.amount, amount),
  });
  const ofDay = more(before.days[name] ?? { calls: 0, amount: ZERO });
  values.set(key, {
    products: {
      ...view.products,
      [product]: {
        ...more(before),
        unpriced: before.unpriced + unpriced,
        days: { ...before.days, [name]: ofDay },
      },
    },
  });
};

/** Usage may be ahead of the clock by minutes: that of a month's first minutes counts on its first day. */
const dayIn = (month: Month, day: string): string => {
  const recorded = day.slice(0, 7);
  if (recorded === month) return day;
  return recorded < month ? `${month}-01` : LATER;
};
