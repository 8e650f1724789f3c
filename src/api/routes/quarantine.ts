/** Streams in quarantine because of an event that cannot be read. */
import * as z from 'zod';
import { accountOf } from '../../eventstore/stream-names.ts';
import { viewsOf } from '../http/reads/consistency.ts';
import { pageOf } from '../http/reads/paging.ts';
import { type Route, route } from '../http/route.ts';
import * as shape from '../schemas/common.ts';

const held = z.object({
  stream: z.string(),
  revision: shape.count.describe('of the event: no later one of the stream is applied'),
  position: z.string().nullable(),
  account: z.string().nullable().describe('null for a stream that is not of an account'),
  why: z.string(),
});

const quarantine = route({
  method: 'GET',
  path: '/quarantine',
  scope: 'operate',
  tag: 'Operation',
  what: 'Events that cannot be read, and stop what they belong to; everything else continues',
  params: shape.nothing,
  query: shape.paged,
  body: null,
  answers: { 200: { what: 'a page', schema: shape.page(held) } },
  example: { path: '/quarantine', status: 200 },
  handle: async (api, { query }) => {
    await viewsOf(api, query.after);
    const { items, next } = pageOf(api.ledger.quarantine(), query);
    return {
      status: 200,
      body: { items: items.map((one) => ({ ...one, account: accountOf(one.stream) })), next },
    };
  },
});

export const quarantineRoutes: readonly Route[] = [quarantine];
