/** The replay of a bill, compared line by line. */
import * as z from 'zod';
import { comparedBills } from '../../audit/replay/compare-bills.ts';
import { replayStream } from '../../audit/replay/replay.ts';
import { accountStream } from '../../eventstore/stream-names.ts';
import { ApiProblem } from '../http/problems/problem.ts';
import { type Route, route } from '../http/route.ts';
import * as shape from '../schemas/common.ts';
import { billOf } from './bills.ts';

const difference = z.object({
  event: z.object({ stream: z.string(), revision: shape.count }),
  path: z.string(),
  recorded: z.unknown(),
  replayed: z.unknown(),
});
const compared = z.object({
  part: z.enum(['line', 'pack', 'correction', 'credit', 'sum']),
  name: z.string().describe('a meter, a pack, `MONTH/METER`, a number, or which sum'),
  issued: shape.money.nullable(),
  replayed: shape.money.nullable(),
  match: z.boolean().describe('of everything in it: quantities and formula too'),
});
const replay = route({
  method: 'GET',
  path: '/accounts/:account/bills/:month/replay',
  scope: 'read',
  tag: 'Bills',
  what: 'Decide a bill again from its events, and compare',
  params: shape.ofBill,
  query: shape.nothing,
  body: null,
  answers: {
    200: {
      what: 'how it compares',
      schema: z.object({
        match: z.boolean(),
        issued: z.string(),
        replayed: z.string(),
        lines: z.array(compared),
        differences: z.array(difference),
        events: shape.count,
        records: shape.count,
      }),
    },
  },
  example: { path: '/accounts/acme/bills/2019-01/replay', status: 200 },
  handle: async (api, { params: { account, month } }) => {
    const { bill, closed } = await billOf(api, account, month);
    const of = api.ledger.context();
    const range = { since: bill.events.from, closed };
    for await (const result of replayStream(of, accountStream(account), range)) {
      const { match, issued, replayed, differences, events, records } = result;
      const lines = comparedBills(bill, result.bill);
      return { status: 200, body: { match, issued, replayed, lines, differences, events, records } };
    }
    throw new ApiProblem('bill_unknown', `${account} has no bill of ${month}`, { account, month });
  },
});

export const replayRoutes: readonly Route[] = [replay];
