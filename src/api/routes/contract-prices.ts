/** Prices agreed by contract. */
import * as z from 'zod';
import { commandSchemas } from '../../input/commands.ts';
import { created } from '../http/commands/run-command.ts';
import { type Route, route } from '../http/route.ts';
import * as shape from '../schemas/common.ts';

const contract = z
  .object({
    meter: z.string(),
    from: shape.month,
    until: shape.month.nullable(),
    ladder: shape.ladder.optional(),
    discount: z.string().optional().describe('in place of a ladder'),
  })
  .meta({ id: 'ContractPrice' });
const agree = route({
  method: 'POST',
  path: '/accounts/:account/contract-prices',
  scope: 'operate',
  tag: 'Packs',
  what: 'Agree a price for a meter, or a discount, from a month on',
  idempotent: true,
  params: shape.ofAccount,
  query: shape.nothing,
  body: commandSchemas['agree-price'],
  answers: {
    201: { what: 'agreed', schema: contract },
    200: { what: 'was agreed before', schema: contract },
  },
  example: {
    path: '/accounts/acme/contract-prices',
    body: {
      meter: 'face-recognition/compare',
      from: '2019-03',
      ladder: {
        mode: 'volume',
        tierBy: 'post_paid',
        bounds: 'upper',
        per: 1,
        tiers: [{ above: 0, upTo: null, unitPrice: '0.0025' }],
      },
    },
    status: 201,
  },
  command: async (api, call, run) => {
    const { meter, from, until, ladder, discount } = call.body;
    const command = { name: 'agree-price', body: call.body } as const;
    const ran = await run(api, call, call.params.account, 'POST /contract-prices', command);
    return created(ran, {
      ...{ meter, from, until: until ?? null },
      ...(ladder ? { ladder } : {}),
      ...(discount ? { discount } : {}),
    });
  },
});

export const contractPriceRoutes: readonly Route[] = [agree];
