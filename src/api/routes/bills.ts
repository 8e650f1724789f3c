/** Closing months, bills and their estimate. */
import * as z from 'zod';
import { viewsUnder } from '../../derived/view-rows.ts';
import { type Instant, nextMonth } from '../../domain/calendar.ts';
import { type IssuedBill, issuedBill } from '../../ledger/queries/bills.ts';
import { estimate as estimated } from '../../ledger/queries/estimate.ts';
import { closePreview } from '../../operation/close-preview.ts';
import { JOBS, type JobMark, type StartedJob } from '../../operation/jobs.ts';
import { bills } from '../../projections/bills.ts';
import type { Api } from '../http/api.ts';
import type { Call, Reply } from '../http/call.ts';
import { contentOf } from '../http/commands/request-content.ts';
import { alone, keyReused, NOT_MADE, saidBy, scopedKey } from '../http/commands/run-command.ts';
import { systemEvents } from '../http/commands/would-record.ts';
import { ApiProblem } from '../http/problems/problem.ts';
import { reached, viewsOf } from '../http/reads/consistency.ts';
import { accountThen, checkIssued } from '../http/reads/point-in-time.ts';
import { type Route, route } from '../http/route.ts';
import { closePreviewShape } from '../schemas/close-preview.ts';
import * as shape from '../schemas/common.ts';

const close = route({
  method: 'POST',
  path: '/accounts/:account/months/:month/close',
  scope: 'operate',
  tag: 'Bills',
  what: 'Close a month of an account; again answers with the bill there is',
  idempotent: true,
  params: shape.ofBill,
  query: shape.nothing,
  body: null,
  answers: { 200: { what: 'the bill', schema: shape.bill } },
  example: { path: '/accounts/acme/months/2019-01/close', status: 200 },
  command: async (api, call, run) => {
    const { account, month } = call.params;
    const command = { name: 'close-month', body: { month } } as const;
    const { events, headers } = await run(api, call, account, 'POST /close', command);
    const closed = events.find(({ type }) => type === 'MonthClosed');
    const bill = closed?.type === 'MonthClosed' ? closed.data.bill : (await billOf(api, account, month)).bill;
    return { status: 200, body: bill, headers };
  },
});

const closeAll = route({
  method: 'POST',
  path: '/months/:month/close',
  scope: 'operate',
  tag: 'Bills',
  what: 'Close a month of every account, as a job',
  idempotent: true,
  params: z.object({ month: shape.month }),
  query: shape.nothing,
  body: null,
  answers: {
    202: { what: 'started', schema: z.object({ job: z.string(), preview: closePreviewShape.optional() }) },
  },
  example: { path: '/months/2019-01/close', status: 202 },
  handle: async (api, call) => {
    const { month } = call.params;
    const now = await checkOver(api, month);
    const mark = closeMark(call);
    return jobReply(call, await alone(api, mark?.key ?? null, () => api.jobs.closeMonth(month, now, mark)));
  },
  tryOut: async (api, call) => {
    const { month } = call.params;
    const now = await checkOver(api, month);
    const before = await api.jobs.startedBefore(closeMark(call));
    if (before) return { ...jobReply(call, before), wouldRecord: [] };
    const started = ['JobStarted', { job: NOT_MADE, kind: 'close-month', month }] as const;
    return {
      status: 202,
      body: { job: NOT_MADE, preview: await closePreview(api.ledger, month, now) },
      wouldRecord: await systemEvents(api, JOBS, now, started),
    };
  },
});

type CloseCall = Pick<Call<{ readonly month: string }, unknown, unknown>, 'params' | 'key' | 'headers'>;

/** The ledger's instant; throws `month_not_over` before the month's end. */
const checkOver = async (api: Api, month: string): Promise<Instant> => {
  await api.clock.ready();
  const now = api.clock.now();
  if (now < api.ledger.calendar.startOf(nextMonth(month)))
    throw new ApiProblem('month_not_over', `${month} is not over`, { month });
  return now;
};

const closeMark = ({ params: { month }, key, headers }: CloseCall): JobMark | null => {
  const { idempotencyKey } = saidBy(headers);
  if (idempotencyKey === null) return null;
  const scoped = scopedKey(key.key, 'POST /months/close', idempotencyKey);
  return { key: scoped, hash: contentOf(null, { month }).hash };
};

const jobReply = ({ headers }: CloseCall, started: StartedJob): Reply => {
  if (started.outcome === 'reused') return keyReused(saidBy(headers).idempotencyKey);
  const hit = started.outcome === 'repeated' ? { 'Idempotency-Hit': 'true' } : {};
  return { status: 202, body: { job: started.job }, headers: hit };
};

const job = route({
  method: 'GET',
  path: '/jobs/:job',
  scope: 'operate',
  tag: 'Bills',
  what: 'How a job stands',
  params: z.object({ job: z.string().max(100) }),
  query: shape.nothing,
  body: null,
  answers: { 200: { what: 'the job', schema: shape.job } },
  example: { path: '/jobs/:job', status: 200 },
  handle: async (api, { params }) => {
    const found = await api.jobs.get(params.job);
    if (!found) throw new ApiProblem('job_unknown', `there is no job ${params.job}`, { job: params.job });
    return { status: 200, body: found };
  },
});

const billInShort = z
  .object({
    account: z.string(),
    month: shape.month,
    due: shape.money.nullable(),
    total: shape.money.nullable(),
    issuedAt: shape.instant,
    digest: z.string(),
    corrects: z.array(shape.month).describe('earlier months that it corrects'),
  })
  .meta({ id: 'BillInShort' });
const list = route({
  method: 'GET',
  path: '/accounts/:account/bills',
  scope: 'read',
  tag: 'Bills',
  what: 'Bills of an account, oldest first; as of an earlier moment those issued by then',
  params: shape.ofAccount,
  query: shape.paged.extend(shape.asOf.shape),
  body: null,
  answers: { 200: { what: 'a page', schema: shape.page(billInShort) } },
  example: { path: '/accounts/acme/bills', status: 200 },
  handle: async (api, { params, query }) => {
    const { entry } = await accountThen(api, params.account, query);
    const views = await viewsOf(api, query.after);
    const prefix = `${params.account}/`;
    const after = query.cursor === undefined ? null : `${prefix}${query.cursor}`;
    const rows = viewsUnder(views, bills, prefix, after, query.limit + 1).filter(
      ({ value }) => value.revision < entry.length,
    );
    const items = rows.slice(0, query.limit).map(({ value }) => {
      const { account, month, due, total, issuedAt, digest, corrects } = value;
      return { account, month, due, total, issuedAt, digest, corrects };
    });
    return { status: 200, body: { items, next: rows.length > query.limit ? items.at(-1)?.month : null } };
  },
});

const show = route({
  method: 'GET',
  path: '/accounts/:account/bills/:month',
  scope: 'read',
  tag: 'Bills',
  what: 'The bill of a month, as issued; as of an instant before that there is none',
  params: shape.ofBill,
  query: shape.asOf,
  body: null,
  answers: { 200: { what: 'the bill', schema: shape.bill } },
  example: { path: '/accounts/acme/bills/2019-01', status: 200 },
  handle: async (api, { params: { account, month }, query }) => {
    await reached(api, query.after);
    const issued = await billOf(api, account, month);
    await checkIssued(api, issued, query);
    return { status: 200, body: issued.bill };
  },
});

/** The issued bill of a month; throws `account_unknown` or `bill_unknown`. */
export const billOf = async (api: Api, account: string, month: string): Promise<IssuedBill> => {
  await accountThen(api, account);
  const issued = await issuedBill(api.ledger.store, account, month);
  if (!issued) throw new ApiProblem('bill_unknown', `${account} has no bill of ${month}`, { account, month });
  return issued;
};

const estimate = route({
  method: 'GET',
  path: '/accounts/:account/estimate',
  scope: 'read',
  tag: 'Bills',
  what: 'The draft bill of a month (default: this one), now or as of an instant; amounts without a price are null, with the reason',
  params: shape.ofAccount,
  query: shape.asOf.extend({ month: shape.month.optional() }),
  body: null,
  answers: { 200: { what: 'a draft', schema: shape.draft } },
  example: { path: '/accounts/acme/estimate?month=2019-02', status: 200 },
  handle: async (api, { params, query }) => {
    const { entry, now, until } = await accountThen(api, params.account, query);
    const open = api.ledger.context();
    return { status: 200, body: await estimated(open, entry, { now, month: query.month, until }) };
  },
});

export const billRoutes: readonly Route[] = [close, closeAll, job, list, show, estimate];
