/** Explanations: a bill to its records, and why an account was suspended, as linked data. */
import * as z from 'zod';
import { firstUsageOf } from '../../audit/explain/account-events.ts';
import { explainBill, type LineExplained } from '../../audit/explain/explain-bill.ts';
import { recordCursorOf, recordsPage } from '../../audit/explain/records.ts';
import { explainStanding } from '../../audit/explain/suspensions.ts';
import { instantFromText } from '../../input/instant-text.ts';
import { recordsAt } from '../../ledger/queries/records-of-event.ts';
import { checkMeter } from '../http/known-names.ts';
import { ApiProblem } from '../http/problems/problem.ts';
import { reached } from '../http/reads/consistency.ts';
import { accountThen } from '../http/reads/point-in-time.ts';
import { type Route, route } from '../http/route.ts';
import * as shape from '../schemas/common.ts';
import * as told from '../schemas/explain.ts';
import { record as explainedRecord } from '../schemas/explained-record.ts';
import { billOf } from './bills.ts';

const meter = z.string().max(200).optional();

const explain = route({
  method: 'GET',
  path: '/accounts/:account/bills/:month/explain',
  scope: 'read',
  tag: 'Bills',
  what: 'What made each number: formula, tier, packs and why in that order, usage by pool and day, events, links to the records',
  params: shape.ofBill,
  query: z.object({ meter }),
  body: null,
  answers: { 200: { what: 'the explanation', schema: told.explanation } },
  example: { path: '/accounts/acme/bills/2019-01/explain', status: 200 },
  handle: async (api, { params: { account, month }, query }) => {
    checkMeter(api, query.meter);
    const open = api.ledger.context();
    const { lines, priceBooks, ...rest } = await explainBill(
      open,
      await billOf(api, account, month),
      query.meter,
    );
    const at = linksOf(account, month);
    const body = {
      ...rest,
      lines: lines.map((line) => linked(line, at)),
      priceBooks: priceBooks.map((book) => ({ ...book, links: { self: at.priceBook(book) } })),
      links: at.links,
    };
    return { status: 200, body };
  },
});

/** Links to the parts of a bill. */
const linksOf = (account: string, month: string) => {
  const base = `/v1/accounts/${account}`;
  const bill = `${base}/bills/${month}`;
  const payers = `${bill}/explain/records`;
  const records = `${base}/usage?month=${month}&by=record`;
  return {
    links: {
      bill,
      replay: `${bill}/replay`,
      records,
      payers,
      packs: `${base}/packs`,
      event: `${payers}?event={event}`,
      fact: `${base}/events?limit=1&cursor={event}`,
    },
    priceBook: ({ product, edition }: { readonly product: string; readonly edition: string }) =>
      `/v1/price-books/${encodeURIComponent(product)}/${encodeURIComponent(edition)}`,
  };
};

const linked = (line: LineExplained, { links, priceBook }: ReturnType<typeof linksOf>) => {
  const meterOf = `meter=${encodeURIComponent(line.meter)}`;
  return {
    ...line,
    days: line.days.map((day) => ({
      ...day,
      links: { records: `${links.payers}?${meterOf}&day=${day.day}` },
    })),
    links: {
      records: `${links.records}&${meterOf}`,
      payers: `${links.payers}?${meterOf}`,
      priceBook: priceBook(line.tier.edition),
      packs: links.packs,
    },
  };
};

const records = route({
  method: 'GET',
  path: '/accounts/:account/bills/:month/explain/records',
  scope: 'read',
  tag: 'Bills',
  what: 'The records and corrections behind a bill, a meter, a day or an event, each with who paid, in the order of recording',
  params: shape.ofBill,
  query: shape.paged.extend({
    meter,
    day: z.iso.date().optional().describe('in the billing zone'),
    event: shape.queryNumber(0, shape.NUMBER_MAX).optional().describe('revision of an event'),
  }),
  body: null,
  answers: { 200: { what: 'a page', schema: shape.page(explainedRecord) } },
  example: { path: '/accounts/acme/bills/2019-01/explain/records?limit=10', status: 200 },
  handle: async (api, { params: { account, month }, query }) => {
    await reached(api, query.after);
    checkMeter(api, query.meter);
    const issued = await billOf(api, account, month);
    const { store } = api.ledger;
    const { stream, to } = issued.bill.events;
    const after = query.cursor === undefined ? undefined : recordCursorOf(query.cursor);
    if (after === null)
      throw new ApiProblem('invalid_request', 'cursor: not one that this list gave', { field: 'cursor' });
    const { meter: of, day, event } = query;
    const from = after?.event ?? (await firstUsageOf(store, issued));
    const read = (revision: number) => recordsAt(store, stream, revision);
    const range = { stream, month, from, to, meter: of, day, event, after, recordsAt: read };
    const page = await recordsPage({ ...api.ledger.context(), ...range }, query.limit);
    return { status: 200, body: page };
  },
});

const suspensions = route({
  method: 'GET',
  path: '/accounts/:account/suspensions',
  scope: 'read',
  tag: 'Accounts',
  what: 'Why the account was suspended at an instant (default: now), or was not: the events that led to it and that ended it',
  params: shape.ofAccount,
  query: shape.asOf.extend({ at: shape.queryInstant.optional() }),
  body: null,
  answers: { 200: { what: 'how it stood', schema: told.standing } },
  example: { path: '/accounts/acme/suspensions?at=2019-01-03T00:00:00Z', status: 200 },
  handle: async (api, { params, query }) => {
    const { account, now, until } = await accountThen(api, params.account, query);
    if (until && query.at !== undefined)
      throw new ApiProblem('invalid_request', 'at, or asOf, not both', { field: 'at' });
    const at = query.at === undefined ? now : (instantFromText(query.at) ?? now);
    const { store, calendar } = api.ledger;
    const base = `/v1/accounts/${account.account}`;
    const links = { account: base, fact: `${base}/events?limit=1&cursor={event}` };
    return {
      status: 200,
      body: { ...(await explainStanding(store, calendar, account, at, query.at === undefined)), links },
    };
  },
});

export const explainRoutes: readonly Route[] = [explain, records, suspensions];
