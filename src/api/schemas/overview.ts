/** The shapes of the overview. */
import * as z from 'zod';
import * as shape from './common.ts';

const wide = z.union([shape.count, z.string()]).describe('exact: decimal text beyond 2^53 − 1');
const day = z.string().describe('YYYY-MM-DD in the billing zone');
const sums = z.object({ calls: wide, amount: shape.money });
const days = z.array(sums.extend({ day })).describe('what was recorded on each day of the month');

export const overviewShape = z
  .object({
    today: day,
    accounts: shape.count,
    money: z
      .object({ held: shape.money, owed: shape.money, frozen: shape.money })
      .describe('sums of the balances above zero, of those below, and of what is frozen'),
    intake: z
      .array(
        z.object({
          day,
          accepted: shape.count.describe('records'),
          calls: wide,
          corrections: shape.count,
          packsSold: shape.count,
          packRevenue: shape.money,
          refused: shape.count.describe('reports'),
          codes: z.array(z.object({ code: z.string(), reports: shape.count })),
        }),
      )
      .describe('of the last 31 days by the day of recording, today last'),
    server: z
      .object({
        since: shape.instant,
        accepted: shape.count,
        duplicates: shape.count,
        conflicts: shape.count,
        refused: shape.count,
      })
      .describe('records that the server that answers was sent since its start; repeats leave no event'),
    months: z.object({ current: shape.month, before: shape.month }),
    products: z.array(
      z.object({
        product: z.string(),
        current: sums
          .extend({
            unpriced: shape.count.describe('meters of accounts without a price; `amount` is without them'),
            days,
          })
          .describe('this month so far: `amount` is what is post-paid, estimated until the close'),
        before: sums.extend({ whole: sums, days }).describe('the last month up to the end of the same day'),
      }),
    ),
    packs: z.object({
      pools: z
        .array(
          z.object({
            pool: z.string(),
            packs: shape.count.describe('with calls left'),
            untouched: shape.count,
            calls: wide.describe('left'),
          }),
        )
        .describe('sold and not yet used up or expired'),
      expiring: z
        .array(z.object({ day, packs: shape.count, calls: wide }))
        .describe('in the next 30 days, by day'),
    }),
  })
  .meta({ id: 'Overview' });

export const stockedPack = z
  .object({
    account: z.string(),
    pack: z.string(),
    pool: z.string(),
    size: shape.count,
    left: shape.count,
    expiresAt: shape.instant,
  })
  .meta({ id: 'StockedPack' });
