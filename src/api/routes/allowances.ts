/** Monthly free allowances. */
import * as z from 'zod';
import { groupKey } from '../../domain/account.ts';
import { freeLeft, granted } from '../../domain/allowance.ts';
import { inForce } from '../../domain/catalogue.ts';
import { catalogueAsOf } from '../../ledger/queries/estimate.ts';
import { accountThen } from '../http/reads/point-in-time.ts';
import { type Route, route } from '../http/route.ts';
import * as shape from '../schemas/common.ts';

const allowance = z
  .object({
    pool: z.string(),
    granted: shape.count,
    used: shape.count,
    left: shape.count,
  })
  .meta({ id: 'Allowance' });
const allowances = route({
  method: 'GET',
  path: '/accounts/:account/allowances',
  scope: 'read',
  tag: 'Packs',
  what: 'Free calls of a month (default: this one) for every pool of the activated products; also as they were',
  params: shape.ofAccount,
  query: shape.asOf.extend({ month: shape.month.optional() }),
  body: null,
  answers: { 200: { what: 'a page', schema: shape.page(allowance) } },
  example: { path: '/accounts/acme/allowances?month=2019-01', status: 200 },
  handle: async (api, { params, query }) => {
    const { account, now, until } = await accountThen(api, params.account, query);
    const { calendar, store } = api.ledger;
    const published = api.ledger.catalogue();
    const catalogue = until ? await catalogueAsOf(store, published, until) : published;
    const month = query.month ?? calendar.monthOf(now);
    const items = Object.keys(account.services)
      .sort()
      .flatMap((product) => {
        const book = inForce(catalogue, product, month)?.book;
        return (book?.pools ?? []).map((pool) => {
          const grant = book ? granted(account, calendar, book, month) : 0;
          const group = account.months[month]?.groups[groupKey(pool.id, pool.meter)];
          return { pool: pool.id, granted: grant, used: group?.free ?? 0, left: freeLeft(group, grant) };
        });
      });
    return { status: 200, body: { items, next: null } };
  },
});

export const allowanceRoutes: readonly Route[] = [allowances];
