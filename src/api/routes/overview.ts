/** One look over all accounts, and the packs that expire next. */
import { viewAt, viewsUnder } from '../../derived/view-rows.ts';
import { instantText } from '../../domain/calendar.ts';
import { overviewOf } from '../../operation/overview.ts';
import { nextToExpire, stockedPacks } from '../../projections/pack-stock.ts';
import type { Api } from '../http/api.ts';
import { viewsOf } from '../http/reads/consistency.ts';
import { type Route, route } from '../http/route.ts';
import * as shape from '../schemas/common.ts';
import { overviewShape, stockedPack } from '../schemas/overview.ts';

const overview = route({
  method: 'GET',
  path: '/overview',
  scope: 'read',
  tag: 'Operation',
  what: 'One look over all accounts: intake by day, calls and amounts by product, money, and packs',
  params: shape.nothing,
  query: shape.reading,
  body: null,
  answers: { 200: { what: 'the overview', schema: overviewShape } },
  example: { path: '/overview', status: 200 },
  handle: async (api, { query }) => {
    const views = await viewsOf(api, query.after);
    await api.clock.ready();
    const found = overviewOf({ views, calendar: api.ledger.calendar, now: api.clock.now() });
    return { status: 200, body: { ...found, server: await countedHere(api) } };
  },
});

/** What this process was sent: repeats and conflicts leave no event, so nobody else knows them. */
const countedHere = async ({ metrics, realNow }: Api) => {
  const { values } = await metrics.records.get();
  const of = (outcome: string): number => values.find(({ labels }) => labels.outcome === outcome)?.value ?? 0;
  return {
    since: instantText(realNow() - Math.round(process.uptime() * 1_000)),
    accepted: of('accepted'),
    duplicates: of('duplicates'),
    conflicts: of('conflicts'),
    refused: of('refused'),
  };
};

const PREFIX = 'next/';

const packs = route({
  method: 'GET',
  path: '/overview/packs',
  scope: 'read',
  tag: 'Operation',
  what: 'Packs of all accounts that can still pay, the next to expire first',
  params: shape.nothing,
  query: shape.paged,
  body: null,
  answers: { 200: { what: 'a page', schema: shape.page(stockedPack) } },
  example: { path: '/overview/packs?limit=2', status: 200 },
  handle: async (api, { query }) => {
    const views = await viewsOf(api, query.after);
    const after = query.cursor === undefined ? null : `${PREFIX}${query.cursor}`;
    const rows = viewsUnder(views, nextToExpire, PREFIX, after, query.limit + 1);
    const page = rows.slice(0, query.limit);
    const items = page.flatMap(({ value }) => viewAt(views, stockedPacks, value.key) ?? []);
    const next = rows.length > page.length ? (page.at(-1)?.key.slice(PREFIX.length) ?? null) : null;
    return { status: 200, body: { items, next } };
  },
});

export const overviewRoutes: readonly Route[] = [overview, packs];
