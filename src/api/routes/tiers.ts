/** Where a month stands on the ladders of its meters. */
import * as z from 'zod';
import { type TierGauge, tierGauges } from '../../domain/tier-gauge.ts';
import { catalogueAsOf } from '../../ledger/queries/estimate.ts';
import { accountThen } from '../http/reads/point-in-time.ts';
import { type Route, route } from '../http/route.ts';
import * as shape from '../schemas/common.ts';

const tier = z.object({
  above: shape.count,
  upTo: shape.count.nullable(),
  unitPrice: z.string().nullable().describe('null: no price is agreed'),
});
const next = tier.extend({
  calls: shape.count.describe('post-paid calls until the first one in it, that one included'),
  before: shape.money.nullable().describe('the line with one call less than that'),
  past: shape.money.nullable().describe('the line with them'),
  isCliff: z.boolean().describe('whether the step lowers the bill'),
  saves: shape.money.nullable().describe('by reaching it, compared with now; null: nothing'),
});
const gauge = z
  .object({
    product: z.string(),
    meter: z.string(),
    name: z.object({ zh: z.string(), en: z.string() }),
    ladder: shape.ladder,
    isContract: z.boolean().describe('whether the ladder is that of a contract'),
    discount: z.string().exactOptional().describe('the factor of the list’s prices that is agreed'),
    metered: shape.count,
    free: shape.count,
    packs: shape.count,
    postPaid: shape.count,
    quantity: shape.count.describe('what chooses the tier'),
    tier: tier.nullable().describe('null below the first one'),
    amount: shape.money.nullable().describe('the line now; null: no price is agreed'),
    next: next.nullable().describe('null in the last one, and in free months'),
    cliffs: z
      .array(z.object({ at: shape.count, costs: z.string(), next: z.string() }))
      .describe('quantities that cost more than one call more, all of it post-paid'),
    freeUntil: shape.month.nullable().describe('costs nothing before this month'),
  })
  .meta({ id: 'TierGauge' }) satisfies z.ZodType<TierGauge>;

const tiers = route({
  method: 'GET',
  path: '/accounts/:account/tiers',
  scope: 'read',
  tag: 'Bills',
  what: 'Where a month (default: this one) stands on the ladder of each meter with calls, and what the next tier does to the bill; also as it was',
  params: shape.ofAccount,
  query: shape.asOf.extend({ month: shape.month.optional() }),
  body: null,
  answers: { 200: { what: 'the meters', schema: shape.page(gauge).extend({ month: shape.month }) } },
  example: { path: '/accounts/acme/tiers?month=2019-01', status: 200 },
  handle: async (api, { params, query }) => {
    const { account, now, until } = await accountThen(api, params.account, query);
    const { calendar, store } = api.ledger;
    const published = api.ledger.catalogue();
    const catalogue = until ? await catalogueAsOf(store, published, until) : published;
    const month = query.month ?? calendar.monthOf(now);
    return { status: 200, body: { month, items: tierGauges(account, catalogue, month), next: null } };
  },
});

export const tierRoutes: readonly Route[] = [tiers];
