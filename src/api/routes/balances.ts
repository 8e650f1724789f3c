/** The balance over time. */
import * as z from 'zod';
import { type Row, viewsBackwards, viewsUnder } from '../../derived/view-rows.ts';
import { available } from '../../domain/account.ts';
import { instantText } from '../../domain/calendar.ts';
import { minus } from '../../domain/money.ts';
import { type BalanceView, balances as balanceRows } from '../../projections/balances.ts';
import { viewsOf } from '../http/reads/consistency.ts';
import { accountThen } from '../http/reads/point-in-time.ts';
import { type Route, route } from '../http/route.ts';
import * as shape from '../schemas/common.ts';

const dayBalance = z
  .object({
    day: z.string().describe('in the billing zone'),
    total: shape.money,
    available: shape.money,
    frozen: shape.money,
  })
  .meta({ id: 'DayBalance' });

const balances = route({
  method: 'GET',
  path: '/accounts/:account/balances',
  scope: 'read',
  tag: 'Accounts',
  what: 'The balance at the end of each day that changed it, oldest first, and now; as of an earlier moment the days that were over, and then',
  params: shape.ofAccount,
  query: shape.paged.extend({
    ...shape.asOf.shape,
    from: z.iso.date().optional().describe('the first day, in the billing zone'),
  }),
  body: null,
  answers: {
    200: {
      what: 'a page',
      schema: shape.page(dayBalance).extend({
        opening: dayBalance.nullable().describe('of the last day before `from` that changed it'),
        now: dayBalance,
        openedAt: shape.instant,
      }),
    },
  },
  example: { path: '/accounts/acme/balances', status: 200 },
  handle: async (api, { params, query }) => {
    const { account, until, now } = await accountThen(api, params.account, query);
    const views = await viewsOf(api, query.after);
    const { calendar } = api.ledger;
    const today = calendar.dayOf(now);
    const prefix = `${params.account}/`;
    const dayBefore = query.from && calendar.dayOf(calendar.startOfDay(query.from) - 1);
    const after = query.cursor ?? dayBefore;
    const from = after === undefined ? null : `${prefix}${after}`;
    const rows = viewsUnder(views, balanceRows, prefix, from, query.limit + 1);
    const all = rows.map((row) => dayOf(row, prefix)).filter(({ day }) => until === null || day < today);
    const items = all.slice(0, query.limit);
    const first = until && query.from !== undefined && query.from > today ? today : query.from;
    const [before] =
      first === undefined ? [] : viewsBackwards(views, balanceRows, prefix, `${prefix}${first}`, 1);
    const { total, frozen } = account;
    return {
      status: 200,
      body: {
        items,
        next: all.length > query.limit ? items.at(-1)?.day : null,
        opening: before ? dayOf(before, prefix) : null,
        now: { day: today, total, available: available(account), frozen },
        openedAt: instantText(account.openedAt),
      },
    };
  },
});

const dayOf = ({ key, value: { total, frozen } }: Row<BalanceView>, prefix: string) => ({
  ...{ day: key.slice(prefix.length), total, available: minus(total, frozen), frozen },
});

export const balanceRoutes: readonly Route[] = [balances];
