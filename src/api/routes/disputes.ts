/** Disputes of bills: opened, answered with evidence at once, resolved. */
import type { IncomingHttpHeaders } from 'node:http';
import * as z from 'zod';
import type { Key } from '../../access/keyring.ts';
import { evidenceOf } from '../../audit/evidence.ts';
import { viewAt, viewsUnder } from '../../derived/view-rows.ts';
import type { Instant } from '../../domain/calendar.ts';
import { accountOfDispute, type Evidence } from '../../domain/disputes.ts';
import { event } from '../../domain/events.ts';
import { commandSchemas } from '../../input/commands.ts';
import { type Answer, newEvents } from '../../ledger/account/result.ts';
import { issuedBill } from '../../ledger/queries/bills.ts';
import { type DisputeView, disputeKey, disputes } from '../../projections/disputes.ts';
import type { Api } from '../http/api.ts';
import type { Reply } from '../http/call.ts';
import { contentOf } from '../http/commands/request-content.ts';
import { byActor, created, markOf, type Ran, saidBy } from '../http/commands/run-command.ts';
import { accountEvents } from '../http/commands/would-record.ts';
import { ApiProblem, throwRefusal } from '../http/problems/problem.ts';
import { viewsOf } from '../http/reads/consistency.ts';
import { accountThen } from '../http/reads/point-in-time.ts';
import { type Route, route } from '../http/route.ts';
import * as shape from '../schemas/common.ts';
import { asIf, dispute, linked, projected } from '../schemas/dispute.ts';
import { disputeList } from './dispute-list.ts';

const open = route({
  method: 'POST',
  path: '/accounts/:account/bills/:month/disputes',
  scope: 'operate',
  tag: 'Disputes',
  what: 'Open a dispute of a bill, or of one line of it; its replay, explanation and checkpoint are attached at once',
  idempotent: true,
  params: shape.ofBill,
  query: shape.nothing,
  body: commandSchemas['open-dispute'].omit({ month: true, by: true }),
  answers: {
    201: { what: 'opened', schema: dispute },
    200: { what: 'was open already', schema: dispute },
  },
  example: {
    path: '/accounts/acme/bills/2019-01/disputes',
    body: { reason: 'our own log has fewer calls' },
    status: 201,
  },
  command: async (api, call, run) => {
    const { account, month } = call.params;
    const { meter = null, reason } = call.body;
    const command = {
      name: 'open-dispute',
      body: { month, meter, reason, ...byActor(call.headers) },
    } as const;
    const ran = await run(api, call, account, 'POST /disputes', command);
    const event = ran.events.find(({ type }) => type === 'DisputeOpened');
    const id =
      event?.type === 'DisputeOpened' ? event.data.dispute : await openOne(api, account, command.body);
    if (ran.isDry) return event ? asOpened(api, account, ran) : created(ran, await shown(api, id));
    await answered(api, id);
    const view = await viewOf(api, id);
    // The dispute as it was opened, also for a later retry.
    const then = { ...view, state: 'open', evidence: view.evidence.slice(0, 1), resolved: null } as const;
    return created(ran, linked(then));
  },
});

/** A dry run: the dispute with its evidence; no checkpoint is signed for it. */
const asOpened = async (api: Api, account: string, ran: Ran): Promise<Reply> => {
  const opened = asIf(null, account, ran.placed);
  if (!opened) return created(ran, null);
  const [, evidence, at] = await attaching(api, opened);
  const revision = (ran.placed.at(-1)?.revision ?? 0) + 1;
  const attached = { revision, event: event('EvidenceAttached', at, evidence) };
  const reply = created(ran, linked(projected(opened, attached)));
  return { ...reply, wouldRecord: accountEvents(account, [attached]) };
};

/** The open dispute of the same matter. */
const openOne = async (
  api: Api,
  account: string,
  { month, meter, reason }: { month: string; meter: string | null; reason: string },
): Promise<string> => {
  const held = (await api.ledger.entry(account)).account?.disputes ?? [];
  const found = held.findLast((d) => d.month === month && d.meter === meter && d.reason === reason);
  if (!found) throw new ApiProblem('dispute_unknown', 'the dispute is no longer open');
  return found.dispute;
};

/** Attaches evidence to an open dispute that has none: an interrupted request may have left it out. */
const answered = async (api: Api, id: string): Promise<void> => {
  const view = await viewOf(api, id);
  if (view.evidence.length > 0 || view.state !== 'open') return;
  await api.sealer.sign();
  const answer = await api.ledger.attach(...(await attaching(api, view)), null);
  if (answer.outcome === 'refused') throwRefusal(answer.refusal);
};

/** The account, the current evidence for a disputed bill, and the instant of attaching it. */
const attaching = async (
  api: Api,
  { account, dispute: id, month }: DisputeView,
): Promise<readonly [string, Evidence, Instant]> => {
  const issued = await issuedBill(api.ledger.store, account, month);
  if (!issued) throw new ApiProblem('bill_unknown', `${account} has no bill of ${month}`, { account, month });
  const of = { ...api.ledger.context(), tree: api.sealer.tree };
  return [account, await evidenceOf(of, id, issued), api.clock.now()];
};

const ofDispute = z.object({ dispute: z.string().max(80) });

const resolve = route({
  method: 'POST',
  path: '/disputes/:dispute/resolution',
  scope: 'operate',
  tag: 'Disputes',
  what: 'Resolve a dispute: the bill is upheld, or adjusted by a credit or by corrections of records; the bill itself never changes',
  idempotent: true,
  params: ofDispute,
  query: shape.nothing,
  body: commandSchemas['resolve-dispute'].omit({ dispute: true, by: true }),
  answers: {
    201: { what: 'resolved', schema: dispute },
    200: { what: 'was resolved before', schema: dispute },
  },
  example: {
    path: '/disputes/acme:1/resolution',
    body: {
      outcome: 'adjusted',
      note: 'the gateway sent a batch twice under other ids',
      credit: { amount: '12.00', reference: 'dispute-1' },
    },
    status: 201,
  },
  command: async (api, call, run) => {
    const id = call.params.dispute;
    const account = accountOf(id);
    const command = {
      name: 'resolve-dispute',
      body: { dispute: id, ...call.body, ...byActor(call.headers) },
    } as const;
    const ran = await run(api, call, account, 'POST /resolution', command);
    const view = await viewOf(api, id);
    return created(ran, linked((ran.isDry && asIf(view, account, ran.placed)) || view));
  },
});

const accountOf = (id: string): string => {
  const account = accountOfDispute(id);
  if (account === null) throw new ApiProblem('dispute_unknown', `there is no dispute ${id}`, { dispute: id });
  return account;
};

const evidence = route({
  method: 'POST',
  path: '/disputes/:dispute/evidence',
  scope: 'operate',
  tag: 'Disputes',
  what: 'Replay and explain the bill of an open dispute again, and attach the result',
  idempotent: true,
  params: ofDispute,
  query: shape.nothing,
  body: null,
  answers: { 201: { what: 'attached', schema: dispute } },
  example: { path: '/disputes/acme:1/evidence', status: 201 },
  handle: async (api, { params, key, headers }) => {
    const mark = evidenceMark(params, key, headers);
    const before = await viewOf(api, params.dispute);
    await api.sealer.sign();
    const answer = await api.ledger.attach(...(await attaching(api, before)), mark);
    return evidenceReply(answer, await viewOf(api, params.dispute));
  },
  tryOut: async (api, { params, key, headers }) => {
    const mark = evidenceMark(params, key, headers);
    const view = await viewOf(api, params.dispute);
    const answer = await api.ledger.tryAttach(...(await attaching(api, view)), mark);
    return evidenceReply(answer, newEvents(answer).reduce(projected, view));
  },
});

const evidenceMark = (params: { readonly dispute: string }, key: Key, headers: IncomingHttpHeaders) =>
  markOf(key.key, 'POST /evidence', contentOf(null, params), saidBy(headers));

/** The dispute as of when the evidence was attached, also for a later retry. */
const evidenceReply = (answer: Answer, view: DisputeView): Reply => {
  if (answer.outcome === 'refused') return throwRefusal(answer.refusal);
  const revision = answer.events[0]?.revision ?? 0;
  const evidence = view.evidence.filter((one) => one.revision <= revision);
  return {
    status: 201,
    body: linked({ ...view, state: 'open', evidence, resolved: null }),
    wouldRecord: accountEvents(view.account, newEvents(answer)),
    headers: answer.outcome === 'repeated' ? { 'Idempotency-Hit': 'true' } : {},
  };
};

const show = route({
  method: 'GET',
  path: '/disputes/:dispute',
  scope: 'read',
  tag: 'Disputes',
  what: 'A dispute with its evidence and its end',
  params: ofDispute,
  query: shape.reading,
  body: null,
  answers: { 200: { what: 'the dispute', schema: dispute } },
  example: { path: '/disputes/acme:1', status: 200 },
  handle: async (api, { params: { dispute: id }, query }) => ({
    status: 200,
    body: await shown(api, id, query.after),
  }),
});

const list = route({
  method: 'GET',
  path: '/accounts/:account/disputes',
  scope: 'read',
  tag: 'Disputes',
  what: 'Disputes of an account, oldest first',
  params: shape.ofAccount,
  query: shape.paged,
  body: null,
  answers: { 200: { what: 'a page', schema: shape.page(dispute) } },
  example: { path: '/accounts/acme/disputes', status: 200 },
  handle: async (api, { params, query }) => {
    await accountThen(api, params.account);
    const views = await viewsOf(api, query.after);
    const after = query.cursor === undefined ? null : disputeKey(query.cursor);
    const rows = viewsUnder(views, disputes, `${params.account}/`, after, query.limit + 1);
    const items = rows.slice(0, query.limit).map(({ value }) => value);
    const next = rows.length > query.limit ? items.at(-1)?.dispute : null;
    return { status: 200, body: { items: items.map(linked), next } };
  },
});

const viewOf = async (api: Api, id: string, after?: string): Promise<DisputeView> => {
  accountOf(id);
  const view = viewAt(await viewsOf(api, after), disputes, disputeKey(id));
  if (!view) throw new ApiProblem('dispute_unknown', `there is no dispute ${id}`, { dispute: id });
  return view;
};

const shown = async (api: Api, id: string, after?: string) => linked(await viewOf(api, id, after));

export const disputeRoutes: readonly Route[] = [open, list, disputeList, show, evidence, resolve];
