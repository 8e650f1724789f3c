/** Finance: months and what made them, money held, packs by pool. Everything is counted as events arrive. */
import * as z from 'zod';
import { type Row, viewAt, viewsUnder } from '../../derived/view-rows.ts';
import type { Views } from '../../derived/views.ts';
import { financeMonths } from '../../operation/finance.ts';
import { countKey, countRows } from '../../projections/accounts.ts';
import { blockedKey, blockedRows } from '../../projections/operation.ts';
import { POOL_SUMS, type PoolPacks, poolPrefix, poolRows, unusedOf } from '../../projections/pool-packs.ts';
import { sharePrefix, shareRows } from '../../projections/revenue.ts';
import { NO_STANDING, standingSums } from '../../projections/standing.ts';
import { NEXT, nextEnd, unbilledRows } from '../../projections/unbilled.ts';
import { ApiProblem } from '../http/problems/problem.ts';
import { viewsOf } from '../http/reads/consistency.ts';
import { type Route, route } from '../http/route.ts';
import * as shape from '../schemas/common.ts';
import * as finance from '../schemas/finance.ts';

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

const months = route({
  method: 'GET',
  path: '/finance/months',
  scope: 'read',
  tag: 'Finance',
  what: 'Months of all accounts, the newest first: closed or not, and what they brought by product',
  params: shape.nothing,
  query: shape.paged,
  body: null,
  answers: { 200: { what: 'a page', schema: shape.page(finance.financeMonth) } },
  example: { path: '/finance/months', status: 200 },
  handle: async (api, { query: { after, cursor, limit } }) => {
    if (cursor !== undefined && !MONTH.test(cursor))
      throw new ApiProblem('invalid_request', 'cursor: not one that this list gave', { field: 'cursor' });
    const views = await viewsOf(api, after);
    await api.clock.ready();
    const current = api.ledger.calendar.monthOf(api.clock.now());
    return { status: 200, body: financeMonths(views, current, { before: cursor ?? null, limit }) };
  },
});

const shares = route({
  method: 'GET',
  path: '/finance/months/:month/shares',
  scope: 'read',
  tag: 'Finance',
  what: 'What each account brought of a month, of a kind and a product: the shares of one of its sums',
  params: z.object({ month: shape.month }),
  query: shape.paged.extend({
    kind: finance.revenueKind.describe('bills and credits are of no product'),
    product: z.string().max(200).default(''),
  }),
  body: null,
  answers: { 200: { what: 'a page', schema: shape.page(finance.financeShare) } },
  example: { path: '/finance/months/2019-01/shares?kind=bills', status: 200 },
  handle: async (api, { params: { month }, query }) => {
    const views = await viewsOf(api, query.after);
    const prefix = sharePrefix(month, query.kind, query.product);
    const { rows, next } = pageUnder(query, prefix, (after, limit) =>
      viewsUnder(views, shareRows, prefix, after, limit),
    );
    return { status: 200, body: { items: rows.map(({ value }) => value), next } };
  },
});

const unbilled = route({
  method: 'GET',
  path: '/finance/months/:month/unbilled',
  scope: 'read',
  tag: 'Finance',
  what: 'Accounts of which a month is not closed yet, by the month that they close next',
  params: z.object({ month: shape.month }),
  query: shape.paged,
  body: null,
  answers: { 200: { what: 'a page', schema: shape.page(finance.unbilledAccount) } },
  example: { path: '/finance/months/2019-01/unbilled', status: 200 },
  handle: async (api, { params: { month }, query }) => {
    const views = await viewsOf(api, query.after);
    const end = nextEnd(month);
    const { rows, next } = pageUnder(query, NEXT, (after, limit) =>
      viewsUnder(views, unbilledRows, NEXT, after, limit).filter(({ key }) => key < end),
    );
    const items = rows.map(({ value: { account, next: closing } }) => ({
      account,
      next: closing,
      blocked: blockedBy(views, closing, account),
    }));
    return { status: 200, body: { items, next } };
  },
});

const blockedBy = (views: Views, closing: string, account: string) => {
  const found = viewAt(views, blockedRows, blockedKey(closing, account));
  if (!found?.isOpen) return null;
  const { month, meter, quantity, since } = found;
  return { month, meter, quantity, since };
};

const balances = route({
  method: 'GET',
  path: '/finance/balances',
  scope: 'read',
  tag: 'Finance',
  what: 'Money of all accounts: held, owed, frozen',
  params: shape.nothing,
  query: shape.reading,
  body: null,
  answers: { 200: { what: 'the sums', schema: finance.balances } },
  example: { path: '/finance/balances', status: 200 },
  handle: async (api, { query }) => {
    const views = await viewsOf(api, query.after);
    const { held, owed, frozen, inArrears, suspended } = viewAt(views, standingSums, 'sums') ?? NO_STANDING;
    const accounts = viewAt(views, countRows, countKey('all'))?.accounts ?? 0;
    return { status: 200, body: { accounts, held, owed, frozen, inArrears, suspended } };
  },
});

const pools = route({
  method: 'GET',
  path: '/finance/pools',
  scope: 'read',
  tag: 'Finance',
  what: 'Packs by pool, of all accounts: sold, used, forfeited, voided, unused',
  params: shape.nothing,
  query: shape.paged,
  body: null,
  answers: { 200: { what: 'a page', schema: shape.page(finance.poolOfPacks) } },
  example: { path: '/finance/pools', status: 200 },
  handle: async (api, { query }) => {
    const views = await viewsOf(api, query.after);
    const { rows, next } = pageUnder(query, POOL_SUMS, (after, limit) =>
      viewsUnder(views, poolRows, POOL_SUMS, after, limit),
    );
    const items = rows.map(({ key, value }) => ({ pool: key.slice(POOL_SUMS.length), ...packsOf(value) }));
    return { status: 200, body: { items, next } };
  },
});

const holdings = route({
  method: 'GET',
  path: '/finance/holdings',
  scope: 'read',
  tag: 'Finance',
  what: 'Packs of a pool, by account',
  params: shape.nothing,
  query: shape.paged.extend({ pool: z.string().min(1).max(200) }),
  body: null,
  answers: { 200: { what: 'a page', schema: shape.page(finance.packHolding) } },
  example: { path: '/finance/holdings?pool=face-recognition/search', status: 200 },
  handle: async (api, { query }) => {
    const views = await viewsOf(api, query.after);
    const prefix = poolPrefix(query.pool);
    const { rows, next } = pageUnder(query, prefix, (after, limit) =>
      viewsUnder(views, poolRows, prefix, after, limit),
    );
    const items = rows.map(({ value }) => ({ account: value.account ?? '', ...packsOf(value) }));
    return { status: 200, body: { items, next } };
  },
});

const packsOf = (of: PoolPacks) => {
  const { account: _, ...counts } = of;
  return { ...counts, unused: unusedOf(of) };
};

/** A page of rows under a prefix; the cursor is the rest of a key. */
const pageUnder = <Value>(
  { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
  prefix: string,
  read: (after: string | null, limit: number) => readonly Row<Value>[],
): { readonly rows: readonly Row<Value>[]; readonly next: string | null } => {
  const found = read(cursor === undefined ? null : `${prefix}${cursor}`, limit + 1);
  const rows = found.slice(0, limit);
  const next = found.length > rows.length ? (rows.at(-1)?.key.slice(prefix.length) ?? null) : null;
  return { rows, next };
};

export const financeRoutes: readonly Route[] = [months, shares, unbilled, balances, pools, holdings];
