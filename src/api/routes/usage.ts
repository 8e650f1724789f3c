/** Usage by day, interface and record, and corrections of records. */
import * as z from 'zod';
import { viewsUnder } from '../../derived/view-rows.ts';
import { count, identity } from '../../input/commands.ts';
import { usageDays } from '../../ledger/queries/usage-as-of.ts';
import { type DayView, usage as dayRows } from '../../projections/usage.ts';
import { created } from '../http/commands/run-command.ts';
import { checkMeter } from '../http/known-names.ts';
import { ApiProblem } from '../http/problems/problem.ts';
import { viewsOf } from '../http/reads/consistency.ts';
import { pageOf } from '../http/reads/paging.ts';
import { accountThen } from '../http/reads/point-in-time.ts';
import { type Route, route } from '../http/route.ts';
import * as shape from '../schemas/common.ts';
import { recordsOf } from '../usage/usage-by-record.ts';

const corrected = z.object({
  source: z.string(),
  id: z.string(),
  from: shape.count,
  calls: shape.count,
  reason: z.string(),
});
const correct = route({
  method: 'POST',
  path: '/accounts/:account/corrections',
  scope: 'operate',
  tag: 'Usage',
  what: 'Correct the calls of a record; a closed month gets a correction line on the next bill',
  idempotent: true,
  params: shape.ofAccount,
  query: shape.nothing,
  body: z.strictObject({
    source: identity,
    id: identity,
    calls: count(0),
    reason: z.string().min(1).max(500),
  }),
  answers: {
    201: { what: 'corrected', schema: corrected },
    200: { what: 'has that many already', schema: corrected },
  },
  example: {
    path: '/accounts/acme/corrections',
    body: { source: '/gateway/1', id: 'call-1', calls: 4, reason: 'one call failed' },
    status: 201,
  },
  command: async (api, call, run) => {
    const { source, id, calls, reason } = call.body;
    const command = { name: 'correct-usage', body: { source, record: id, calls, reason } } as const;
    const ran = await run(api, call, call.params.account, 'POST /corrections', command);
    const event = ran.events.find(({ type }) => type === 'UsageCorrected');
    const from = event?.type === 'UsageCorrected' ? event.data.from : calls;
    return created(ran, { source, id, from, calls, reason });
  },
});

const summed = z
  .object({
    day: z.string().optional(),
    interface: z.string(),
    records: shape.count,
    calls: shape.count,
    free: shape.count,
    packs: shape.count,
    postPaid: shape.count,
  })
  .meta({ id: 'UsageSum' });
const record = z
  .object({
    source: z.string(),
    id: z.string(),
    interface: z.string(),
    time: shape.instant,
    calls: shape.count.describe('as it stands now'),
    reported: shape.count.optional().describe('what was first reported, of a record that was corrected'),
    submitted: shape.count.optional(),
    paid: z
      .object({
        free: shape.count,
        packs: z.array(z.object({ pack: z.string(), calls: shape.count })),
        postPaid: shape.count,
      })
      .describe(
        'who paid when it was recorded; what a correction changed is in the sums and in the explanation',
      ),
    event: shape.count.describe('revision of the event that carries it'),
  })
  .meta({ id: 'UsageRecord' });

const usage = route({
  method: 'GET',
  path: '/accounts/:account/usage',
  scope: 'read',
  tag: 'Usage',
  what: 'Usage of a month (default: this one) by day, interface or record; by day and interface also as it was',
  params: shape.ofAccount,
  query: shape.paged.extend({
    ...shape.asOf.shape,
    month: shape.month.optional(),
    by: z.enum(['day', 'interface', 'record']).default('day'),
    meter: z.string().max(200).optional().describe('with by=record: only records of this meter'),
  }),
  body: null,
  answers: { 200: { what: 'a page', schema: shape.page(z.union([summed, record])) } },
  example: { path: '/accounts/acme/usage?month=2019-01&by=day', status: 200 },
  handle: async (api, { params, query }) => {
    const { account, entry, now, until } = await accountThen(api, params.account, query);
    checkMeter(api, query.meter);
    if (query.meter !== undefined && query.by !== 'record')
      throw new ApiProblem('invalid_request', 'meter: only with by=record', { field: 'meter' });
    const month = query.month ?? api.ledger.calendar.monthOf(now);
    if (query.by === 'record') {
      if (until) throw new ApiProblem('invalid_request', 'asOf: not with by=record', { field: 'asOf' });
      return { status: 200, body: await recordsOf(api, account.account, { ...query, month }) };
    }
    const days = until
      ? await usageDays(api.ledger, entry, month)
      : viewsUnder(await viewsOf(api, query.after), dayRows, `${account.account}/${month}`, null, DAYS_MAX);
    const sums = days.flatMap(({ key, value }) =>
      Object.entries(value).map(([id, sum]) => ({
        day: key.slice(account.account.length + 1),
        interface: id,
        ...sum,
      })),
    );
    return { status: 200, body: pageOf(query.by === 'day' ? sums : byInterface(sums), query) };
  },
});

const DAYS_MAX = 31;

type Sum = { readonly interface: string } & DayView[string];
const byInterface = (sums: readonly Sum[]): Sum[] => {
  const all = new Map<string, Sum>();
  for (const { interface: id, records, calls, free, packs, postPaid } of sums) {
    const before = all.get(id) ?? { records: 0, calls: 0, free: 0, packs: 0, postPaid: 0 };
    all.set(id, {
      interface: id,
      records: before.records + records,
      calls: before.calls + calls,
      free: before.free + free,
      packs: before.packs + packs,
      postPaid: before.postPaid + postPaid,
    });
  }
  return [...all.values()].sort((a, b) => (a.interface < b.interface ? -1 : 1));
};

export const usageRoutes: readonly Route[] = [correct, usage];
