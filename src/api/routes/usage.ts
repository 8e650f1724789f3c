/** Usage by day, interface and record, and corrections of records. */
import * as z from 'zod';
import { viewsUnder } from '../../derived/view-rows.ts';
import { indexOf, inForce, productOf } from '../../domain/catalogue.ts';
import { addedSums } from '../../domain/usage-sums.ts';
import { correctedCounts, hasOneCount, identity, ONE_COUNT } from '../../input/commands.ts';
import { usageDays } from '../../ledger/queries/usage-as-of.ts';
import { type DaySum, usage as dayRows } from '../../projections/usage.ts';
import type { Api } from '../http/api.ts';
import { created } from '../http/commands/run-command.ts';
import { checkMeter } from '../http/known-names.ts';
import { ApiProblem } from '../http/problems/problem.ts';
import { viewsOf } from '../http/reads/consistency.ts';
import { pageOf } from '../http/reads/paging.ts';
import { accountThen } from '../http/reads/point-in-time.ts';
import { type Route, route } from '../http/route.ts';
import * as shape from '../schemas/common.ts';
import { recordsOf } from '../usage/usage-by-record.ts';
import { type TagItem, usageByTag } from '../usage/usage-by-tag.ts';

const quantities = z.record(z.string(), shape.count);
const corrected = z.object({
  source: z.string(),
  id: z.string(),
  from: z.union([shape.count, quantities]),
  calls: shape.count.optional(),
  quantities: quantities.optional(),
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
  body: z
    .strictObject({
      source: identity,
      id: identity,
      ...correctedCounts,
      reason: z.string().min(1).max(500),
    })
    .refine(hasOneCount, ONE_COUNT),
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
    const { source, id, calls, quantities: named, reason } = call.body;
    const command = {
      name: 'correct-usage',
      body: {
        ...{ source, record: id, reason },
        ...(named ? { quantities: named } : { calls }),
      },
    } as const;
    const ran = await run(api, call, call.params.account, 'POST /corrections', command);
    const event = ran.events.find(({ type }) => type === 'UsageCorrected');
    const data = event?.type === 'UsageCorrected' ? event.data : undefined;
    return created(ran, {
      source,
      id,
      ...(named
        ? { from: data?.quantities?.from ?? named, quantities: data?.quantities?.to ?? named }
        : { from: data?.from ?? calls ?? 0, calls: calls ?? 0 }),
      reason,
    });
  },
});

const sums = {
  records: shape.count,
  free: shape.count,
  packs: shape.count,
  postPaid: shape.count,
  waived: shape.count.optional(),
  unit: shape.unit.optional(),
};
const summed = z
  .object({
    day: z.string().optional(),
    interface: z.string(),
    calls: shape.count.optional(),
    measure: z.string().optional().describe('of an interface with several quantities, with `quantity`'),
    quantity: shape.count.optional(),
    ...sums,
  })
  .meta({ id: 'UsageSum' });
const tagged = z
  .object({
    value: z.string().nullable().describe('null: records without the tag'),
    other: z.literal(true).optional().describe('all values beyond the first thousand of the month'),
    interface: z.string(),
    measure: z.string().optional(),
    records: shape.count,
    calls: shape.count.optional(),
    quantity: shape.count.optional(),
    unit: shape.unit.optional(),
  })
  .meta({ id: 'TagSum' });
const paid = z.object({
  measure: z.string().optional(),
  free: shape.count,
  packs: z.array(z.object({ pack: z.string(), calls: shape.count })),
  postPaid: shape.count,
  waived: shape.count.optional(),
});
const record = z
  .object({
    source: z.string(),
    id: z.string(),
    interface: z.string(),
    time: shape.instant,
    calls: shape.count.optional().describe('as it stands now'),
    quantities: quantities.optional().describe('by measure, as it stands now'),
    reported: z
      .union([shape.count, quantities])
      .optional()
      .describe('what was first reported, of a record that was corrected'),
    submitted: shape.count.optional(),
    attributes: z.record(z.string(), z.string()).optional(),
    tags: z.record(z.string(), z.string()).optional(),
    paid: z
      .union([paid, z.array(paid)])
      .describe(
        'who paid when it was recorded, of several quantities each; what a correction changed is in the sums and in the explanation',
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
    by: z.enum(['day', 'interface', 'record', 'tag']).default('day'),
    tag: z.string().max(32).optional().describe('with by=tag: the name of the tag'),
    meter: z.string().max(200).optional().describe('with by=record: only records of this meter'),
  }),
  body: null,
  answers: { 200: { what: 'a page', schema: shape.page(z.union([summed, tagged, record])) } },
  example: { path: '/accounts/acme/usage?month=2019-01&by=day', status: 200 },
  handle: async (api, { params, query }) => {
    const { account, entry, now, until } = await accountThen(api, params.account, query);
    checkMeter(api, query.meter);
    if (query.meter !== undefined && query.by !== 'record')
      throw new ApiProblem('invalid_request', 'meter: only with by=record', { field: 'meter' });
    if ((query.tag !== undefined) !== (query.by === 'tag'))
      throw new ApiProblem('invalid_request', 'tag: the name of a tag, with by=tag', { field: 'tag' });
    const month = query.month ?? api.ledger.calendar.monthOf(now);
    if (query.tag !== undefined) {
      if (until) throw new ApiProblem('invalid_request', 'asOf: not with by=tag', { field: 'asOf' });
      const asked = { account: account.account, month, tag: query.tag, after: query.after };
      const unitIn = unitsIn(api, month);
      const items = (await usageByTag(api, asked)).map((one) => shownTag(one, unitIn));
      return { status: 200, body: pageOf(items, query) };
    }
    if (query.by === 'record') {
      if (until) throw new ApiProblem('invalid_request', 'asOf: not with by=record', { field: 'asOf' });
      return { status: 200, body: await recordsOf(api, account.account, { ...query, month }) };
    }
    const days = until
      ? await usageDays(api.ledger, entry, month)
      : viewsUnder(await viewsOf(api, query.after), dayRows, `${account.account}/${month}`, null, DAYS_MAX);
    const sums = days.flatMap(({ key, value }) =>
      Object.entries(value).map(([name, sum]) => ({ day: key.slice(account.account.length + 1), name, sum })),
    );
    const unitIn = unitsIn(api, month);
    const items = (query.by === 'day' ? sums : byInterface(sums)).map((one) => shownSum(one, unitIn));
    return { status: 200, body: pageOf(items, query) };
  },
});

const DAYS_MAX = 31;

interface Sum {
  readonly day?: string;
  /** An interface, or `interface measure`. */
  readonly name: string;
  readonly sum: DaySum;
}

const byInterface = (sums: readonly Sum[]): Sum[] => {
  const all = new Map<string, Sum>();
  for (const { name, sum } of sums) {
    const before = all.get(name);
    all.set(name, { name, sum: before ? addedSums(before.sum, sum) : sum });
  }
  return [...all.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
};

type Unit = z.infer<typeof shape.unit>;
type UnitIn = (id: string, measure: string | undefined) => Unit | undefined;

const shownSum = ({ day, name, sum: { calls, ...sum } }: Sum, unitIn: UnitIn) => {
  const [id = '', measure] = name.split(' ');
  const unit = unitIn(id, measure);
  return {
    ...(day === undefined ? {} : { day }),
    interface: id,
    ...(measure === undefined ? { calls } : { measure, quantity: calls }),
    ...sum,
    ...(unit ? { unit } : {}),
  };
};

const shownTag = ({ units, ...item }: TagItem, unitIn: UnitIn) => {
  const unit = unitIn(item.interface, item.measure);
  return {
    ...item,
    ...(item.measure === undefined ? { calls: units } : { quantity: units }),
    ...(unit ? { unit } : {}),
  };
};

/** The units of interfaces and measures, by the editions in force in a month. */
const unitsIn = (api: Api, month: string) => (id: string, measure: string | undefined) => {
  const book = inForce(api.ledger.catalogue(), productOf(id), month)?.book;
  const [first] = (book && indexOf(book).chargings.get(id)?.classes) ?? [];
  return first?.parts.find((part) => part.measure === (measure ?? null))?.unit ?? undefined;
};

export const usageRoutes: readonly Route[] = [correct, usage];
