/** Whether a call may be made now, and who would pay for it. */
import * as z from 'zod';
import { indexOf, inForce, productOf } from '../../domain/catalogue.ts';
import { entitlementOf } from '../../domain/entitlement.ts';
import { interfaceUnknown } from '../http/known-names.ts';
import { accountThen } from '../http/reads/point-in-time.ts';
import { type Route, route } from '../http/route.ts';
import * as shape from '../schemas/common.ts';

const payer = z.enum(['free', 'pack', 'post_paid']).nullable();
const remaining = z.object({ free: shape.count, packs: shape.count });
const entitlement = z
  .object({
    allowed: z.boolean(),
    payer: payer.optional().describe('null: nobody would pay, and the call is not allowed'),
    remaining: remaining.optional(),
    measures: z
      .array(z.object({ measure: z.string(), payer, remaining }))
      .optional()
      .describe('of an interface with several quantities, in place of payer and remaining'),
    reasons: z.array(z.string()),
  })
  .meta({ id: 'Entitlement' });
const entitlements = route({
  method: 'GET',
  path: '/accounts/:account/entitlements',
  scope: 'meter',
  tag: 'Usage',
  what: 'Whether a call may be made now, and who would pay for it',
  params: shape.ofAccount,
  query: z.object({ interface: z.string().min(1).max(200), after: shape.after }),
  body: null,
  answers: { 200: { what: 'the answer', schema: entitlement } },
  example: { path: '/accounts/acme/entitlements?interface=face-recognition/compare', status: 200 },
  handle: async (api, { params, query }) => {
    const { account, now } = await accountThen(api, params.account, { after: query.after });
    const { calendar } = api.ledger;
    const catalogue = api.ledger.catalogue();
    const month = calendar.monthOf(now);
    const id = query.interface;
    const book = inForce(catalogue, productOf(id), month)?.book;
    const charging = book && indexOf(book).chargings.get(id);
    if (!charging) throw interfaceUnknown(api, id);
    const charge = { book, charging, month };
    const { parts, ...answer } = entitlementOf(account, charge, now, { calendar, catalogue });
    const measures = parts.flatMap(({ measure, ...one }) => (measure === null ? [] : [{ measure, ...one }]));
    const [only] = parts;
    const paid =
      measures.length > 0 || !only ? { measures } : { payer: only.payer, remaining: only.remaining };
    return { status: 200, body: { ...answer, ...paid } };
  },
});

export const entitlementRoutes: readonly Route[] = [entitlements];
