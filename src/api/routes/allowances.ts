/** Monthly free allowances. */
import * as z from 'zod';
import { granted, usedFree } from '../../domain/allowance.ts';
import { nextMonth } from '../../domain/calendar.ts';
import { inForce, poolUnit } from '../../domain/catalogue.ts';
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
    day: z
      .string()
      .optional()
      .describe('of an allowance of each day: which day, today or the last one of the month'),
    unit: shape.unit.optional(),
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
    const today = calendar.dayOf(now);
    const last = calendar.dayOf(calendar.startOf(nextMonth(month)) - 1);
    const items = Object.keys(account.services)
      .sort()
      .flatMap((product) => {
        const book = inForce(catalogue, product, month)?.book;
        return (book?.pools ?? []).map((pool) => {
          const grant = book ? granted(account, calendar, book, month, pool.id) : 0;
          const day = pool.allowance?.every === 'day' ? (today < last ? today : last) : undefined;
          const used = usedFree(account.months[month], {
            pool: pool.id,
            ...(pool.meter === undefined ? { shared: true } : {}),
            ...(day === undefined ? {} : { day }),
          });
          const unit = book && poolUnit(book, pool.id);
          return {
            pool: pool.id,
            granted: grant,
            used,
            left: Math.max(0, grant - used),
            ...(day === undefined ? {} : { day }),
            ...(unit ? { unit } : {}),
          };
        });
      });
    return { status: 200, body: { items, next: null } };
  },
});

export const allowanceRoutes: readonly Route[] = [allowances];
