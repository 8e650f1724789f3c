/** The events of an account, and its notices. */
import * as z from 'zod';
import { dataAsStored, decodeHeader } from '../../codec/event-codec.ts';
import { viewsUnder } from '../../derived/view-rows.ts';
import type { RecordedEvent } from '../../eventstore/event-store.ts';
import { eventsOf } from '../../eventstore/reading.ts';
import { accountStream } from '../../eventstore/stream-names.ts';
import { hexOf } from '../../integrity/seal-events.ts';
import { notices as noticeRows } from '../../projections/notices.ts';
import { viewsOf } from '../http/reads/consistency.ts';
import { cursorNumber } from '../http/reads/paging.ts';
import { accountThen } from '../http/reads/point-in-time.ts';
import { type Route, route } from '../http/route.ts';
import * as shape from '../schemas/common.ts';

/** An event as interface.md shows it; `previous` is the hash of the one before. */
const eventView = (event: RecordedEvent, previous: Uint8Array | null) => {
  const { type, at, recordedAt, command } = decodeHeader(event);
  return {
    position: event.position,
    stream: event.stream,
    revision: event.revision,
    type,
    at,
    recordedAt,
    ...(command?.actor === undefined ? {} : { actor: command.actor }),
    ...(command?.reason === undefined ? {} : { reason: command.reason }),
    data: dataAsStored(event),
    hash: hexOf(event.hash),
    previous: hexOf(previous),
  };
};

const events = route({
  method: 'GET',
  path: '/accounts/:account/events',
  scope: 'read',
  tag: 'Facts',
  what: 'The events of an account with their seals, oldest first',
  params: shape.ofAccount,
  query: shape.paged,
  body: null,
  answers: { 200: { what: 'a page', schema: shape.page(shape.ledgerEvent) } },
  example: { path: '/accounts/acme/events?limit=3', status: 200 },
  handle: async (api, { params, query }) => {
    await accountThen(api, params.account, { after: query.after });
    const from = cursorNumber(query.cursor);
    // One extra event on each side: for the hash the page starts from, and to see whether there are more.
    const before = from > 0 ? 1 : 0;
    const range = { from: from - before, to: from + query.limit };
    const stored: RecordedEvent[] = [];
    for await (const event of eventsOf(api.ledger.store, accountStream(params.account), range))
      stored.push(event);
    const page = stored.slice(before, before + query.limit);
    const items = page.map((event, i) => eventView(event, stored[before + i - 1]?.hash ?? null));
    const more = stored.length > before + query.limit;
    return { status: 200, body: { items, next: more ? String(from + query.limit) : null } };
  },
});

const notice = z
  .object({
    id: z.string(),
    kind: z.string(),
    channels: z.array(z.string()),
    about: z.record(z.string(), z.union([z.string(), z.number()])),
    at: shape.instant,
  })
  .meta({ id: 'Notice' });
const notices = route({
  method: 'GET',
  path: '/accounts/:account/notices',
  scope: 'read',
  tag: 'Facts',
  what: 'Notices to the account holder, oldest first',
  params: shape.ofAccount,
  query: shape.paged,
  body: null,
  answers: { 200: { what: 'a page', schema: shape.page(notice) } },
  example: { path: '/accounts/acme/notices', status: 200 },
  handle: async (api, { params, query }) => {
    await accountThen(api, params.account, { after: query.after });
    const views = await viewsOf(api, query.after);
    const prefix = `${params.account}/`;
    const after = query.cursor === undefined ? null : `${prefix}${query.cursor}`;
    const rows = viewsUnder(views, noticeRows, prefix, after, query.limit + 1);
    const shown = rows.slice(0, query.limit);
    const items = shown.map(({ value }) => value);
    const next = rows.length > query.limit ? shown.at(-1)?.key.slice(prefix.length) : null;
    return { status: 200, body: { items, next } };
  },
});

export const watchRoutes: readonly Route[] = [events, notices];
