/** Whether a call may be made now, and who would pay for it. */
import * as z from 'zod';
import { activatedAt, groupKey } from '../../domain/account.ts';
import { freeLeft, granted } from '../../domain/allowance.ts';
import { indexOf, inForce } from '../../domain/catalogue.ts';
import { paysFor } from '../../domain/payers.ts';
import { interfaceUnknown } from '../http/known-names.ts';
import { accountThen } from '../http/reads/point-in-time.ts';
import { type Route, route } from '../http/route.ts';
import * as shape from '../schemas/common.ts';

const entitlement = z
  .object({
    allowed: z.boolean(),
    payer: z.enum(['free', 'pack', 'post_paid']),
    remaining: z.object({ free: shape.count, packs: shape.count }),
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
    const book = inForce(catalogue, id.split('/')[0] ?? '', month)?.book;
    const found = book && indexOf(book).interfaces.get(id);
    if (!book || !found) throw interfaceUnknown(api, id);
    const reasons = account.suspensions.filter(({ until }) => until === null).map(({ reason }) => reason);
    const since = activatedAt(account, book.product);
    const refused: string[] = [...reasons];
    if (since === undefined) refused.push('not_activated');
    const group = account.months[month]?.groups[groupKey(found.pool, found.meter ?? '')];
    const free = found.pool === null ? 0 : freeLeft(group, granted(account, calendar, book, month));
    const packs = account.packs
      .filter((p) => !p.void && p.purchasedAt <= now && now < p.expiresAt && paysFor(catalogue, p, id))
      .reduce((sum, { left }) => sum + left, 0);
    const payer = found.meter === null || free > 0 ? 'free' : packs > 0 ? 'pack' : 'post_paid';
    return {
      status: 200,
      body: { allowed: refused.length === 0, payer, remaining: { free, packs }, reasons: refused },
    };
  },
});

export const entitlementRoutes: readonly Route[] = [entitlements];
