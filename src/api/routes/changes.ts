/** What changed between two instants or positions of an account. */
import * as z from 'zod';
import { changesBetween } from '../../ledger/queries/changes.ts';
import { ApiProblem } from '../http/problems/problem.ts';
import { cursorNumber } from '../http/reads/paging.ts';
import { accountThen, untilOf } from '../http/reads/point-in-time.ts';
import { type Route, route } from '../http/route.ts';
import * as shape from '../schemas/common.ts';

const balance = z.object({ total: shape.money, available: shape.money, frozen: shape.money });
const standing = z.object({
  status: z.enum(['active', 'suspended']),
  suspensions: z.array(z.object({ reason: z.string(), since: shape.instant })),
  balance,
  services: z.array(z.string()),
  lastClosed: shape.month.nullable(),
  packs: z.array(shape.pack),
});
const changedBy = z.object({
  position: z.string(),
  revision: shape.count,
  type: z.string(),
  at: shape.instant,
  recordedAt: shape.instant,
  actor: z.string().optional(),
  reason: z.string().optional(),
  data: z.record(z.string(), z.unknown()),
});

const changes = route({
  method: 'GET',
  path: '/accounts/:account/changes',
  scope: 'read',
  tag: 'Facts',
  what: 'What changed between two instants (from, to) or two positions (fromPosition, toPosition): before, after, the events',
  params: shape.ofAccount,
  query: shape.paged.extend({
    from: shape.queryInstant.optional(),
    to: shape.queryInstant.optional(),
    fromPosition: shape.position.optional(),
    toPosition: shape.position.optional(),
  }),
  body: null,
  answers: {
    200: {
      what: 'the difference, and a page of its events',
      schema: shape.page(changedBy).extend({
        before: standing.nullable(),
        after: standing.nullable(),
        balance: balance.describe('after less before'),
        facts: shape.count,
      }),
    },
  },
  example: { path: '/accounts/acme/changes?from=2019-01-01T00:00:00Z&to=2019-01-05T00:00:00Z', status: 200 },
  handle: async (api, { params, query }) => {
    await accountThen(api, params.account, { after: query.after });
    const from = untilOf(query.from, query.fromPosition, 'from');
    const to = untilOf(query.to, query.toPosition, 'to');
    if (!from || !to || (from.at === undefined) !== (to.at === undefined)) {
      const detail = 'from and to, or fromPosition and toPosition, are needed';
      throw new ApiProblem('invalid_request', detail, { field: from ? 'to' : 'from' });
    }
    const cursor = query.cursor === undefined ? undefined : cursorNumber(query.cursor);
    const page = { limit: query.limit, cursor };
    const found = await changesBetween(api.ledger.store, params.account, { from, to }, page);
    return { status: 200, body: { ...found, next: found.next === null ? null : String(found.next) } };
  },
});

export const asOfRoutes: readonly Route[] = [changes];
