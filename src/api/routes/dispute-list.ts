/** Disputes across accounts. */
import * as z from 'zod';
import type { Key } from '../../access/keyring.ts';
import { viewAt, viewsUnder } from '../../derived/view-rows.ts';
import type { Views } from '../../derived/views.ts';
import { disputeOrder, type PlacedDispute } from '../../projections/dispute-order.ts';
import { disputeKey, disputes } from '../../projections/disputes.ts';
import { viewsOf } from '../http/reads/consistency.ts';
import { route } from '../http/route.ts';
import * as shape from '../schemas/common.ts';
import { dispute, linked } from '../schemas/dispute.ts';

const STATES = ['open', 'upheld', 'adjusted'] as const;

const ALL = Number.MAX_SAFE_INTEGER;

interface Asked {
  readonly state?: (typeof STATES)[number] | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export const disputeList = route({
  method: 'GET',
  path: '/disputes',
  scope: 'read',
  tag: 'Disputes',
  what: 'Disputes of all accounts that the key sees, of a state or of any, in the order of their opening',
  params: shape.nothing,
  query: shape.paged.extend({ state: z.enum(STATES).optional() }),
  body: null,
  answers: { 200: { what: 'a page', schema: shape.page(dispute) } },
  example: { path: '/disputes?state=open', status: 200 },
  handle: async (api, { query, key }) => {
    const views = await viewsOf(api, query.after);
    const placed = placedOf(views, key, query);
    const page = placed.slice(0, query.limit);
    const items = page.flatMap((one) => viewAt(views, disputes, disputeKey(one.dispute)) ?? []);
    const next = placed.length > page.length ? page.at(-1)?.place : null;
    return { status: 200, body: { items: items.map(linked), next } };
  },
});

/** One more than the page has, if there is one. */
const placedOf = (views: Views, { accounts }: Key, { state, cursor, limit }: Asked): PlacedDispute[] => {
  if (accounts === null) {
    const prefix = `${state ?? 'all'}/`;
    const after = cursor === undefined ? null : `${prefix}${cursor}`;
    return viewsUnder(views, disputeOrder, prefix, after, limit + 1).map(({ value }) => value);
  }
  // A key is bound to few accounts, and an account has few disputes.
  return [...new Set(accounts)]
    .flatMap((account) => viewsUnder(views, disputeOrder, `of/${account}/`, null, ALL))
    .map(({ value }) => value)
    .filter((one) => state === undefined || one.state === state)
    .filter(({ place }) => cursor === undefined || place > cursor)
    .sort((a, b) => (a.place < b.place ? -1 : 1))
    .slice(0, limit + 1);
};
