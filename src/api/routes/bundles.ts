/** The audit bundle of a bill: one file that proves it offline. */
import { Readable } from 'node:stream';
import * as z from 'zod';
import { NotCovered, writeBundle } from '../../audit/bundle/write.ts';
import { issuedBill } from '../../ledger/queries/bills.ts';
import { ApiProblem } from '../http/problems/problem.ts';
import { accountThen } from '../http/reads/point-in-time.ts';
import { type Route, route } from '../http/route.ts';
import * as shape from '../schemas/common.ts';

const bundle = route({
  method: 'GET',
  path: '/accounts/:account/bills/:month/bundle',
  scope: 'read',
  tag: 'Audit',
  what: 'The audit bundle of a bill: one file that proves it offline',
  params: shape.ofBill,
  query: z.object({
    withName: z.enum(['true', 'false']).optional().describe('true: with the holder’s name'),
  }),
  body: null,
  answers: {
    200: { what: 'see docs/audit-bundle.md', schema: z.string(), media: 'application/x-ndjson' },
  },
  example: { path: '/accounts/acme/bills/2019-01/bundle', status: 200 },
  handle: async (api, { params: { account, month }, query }) => {
    await accountThen(api, account);
    const { store, calendar } = api.ledger;
    const issued = await issuedBill(store, account, month);
    if (!issued)
      throw new ApiProblem('bill_unknown', `${account} has no bill of ${month}`, { account, month });
    const of = { store, tree: api.sealer.tree, serverKey: api.serverKey, zone: calendar.zone };
    const pieces = () =>
      writeBundle(of, issued, { withHolder: query.withName === 'true', checksFirst: true });
    let whole = pieces();
    let first = await whole.next().catch(covered);
    if (!first) {
      await api.sealer.sign();
      whole = pieces();
      first = await whole.next();
    }
    const name = `${account}-${month}.suanpan`;
    return {
      status: 200,
      headers: { 'Content-Type': NDJSON, 'Content-Disposition': `attachment; filename="${name}"` },
      body: Readable.from(joined(first.value, whole), { objectMode: false, highWaterMark: HIGH_WATER }),
    };
  },
});

const NDJSON = 'application/x-ndjson; charset=utf-8';
const HIGH_WATER = 64 * 1024;

/** Null if no checkpoint covers the bill yet. */
const covered = (error: unknown): null => {
  if (error instanceof NotCovered) return null;
  throw error;
};

async function* joined(first: string | undefined, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  if (first !== undefined) yield first;
  yield* rest;
}

export const bundleRoutes: readonly Route[] = [bundle];
