/** The events of an account, and its notices. */
import * as z from 'zod';
import { dataAsStored, decodeHeader } from '../../codec/event-codec.ts';
import { viewsBackwards, viewsUnder } from '../../derived/view-rows.ts';
import type { RecordedEvent } from '../../eventstore/event-store.ts';
import { eventsBackwards, eventsOf } from '../../eventstore/reading.ts';
import { accountStream } from '../../eventstore/stream-names.ts';
import { hexOf } from '../../integrity/seal-events.ts';
import type { LoadedAccount } from '../../ledger/account/loaded-account.ts';
import { beforeRevision, notices as noticeRows } from '../../projections/notices.ts';
import type { Api } from '../http/api.ts';
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

const inOrder = shape.paged.extend({
  ...shape.asOf.shape,
  order: z.enum(['oldest', 'newest']).default('oldest').describe('which come first'),
});

/** A page from the newest back; its cursor is the number of events before it. */
const newest = async (
  { ledger: { store } }: Api,
  { stream, length }: LoadedAccount,
  { cursor, limit }: z.infer<typeof inOrder>,
) => {
  const end = cursor === undefined ? length : Math.min(cursorNumber(cursor), length);
  const stored: RecordedEvent[] = [];
  for await (const event of eventsBackwards(store, stream, { from: end - 1, page: limit + 1 })) {
    stored.push(event);
    // The one before the page has the hash that its last event is chained to.
    if (stored.length > limit) break;
  }
  const page = stored.slice(0, limit);
  const items = page.map((event, i) => eventView(event, stored[i + 1]?.hash ?? null));
  return { items, next: stored.length > limit ? String(end - limit) : null };
};

const events = route({
  method: 'GET',
  path: '/accounts/:account/events',
  scope: 'read',
  tag: 'Facts',
  what: 'The events of an account with their seals, oldest first unless asked otherwise; also as of an earlier moment',
  params: shape.ofAccount,
  query: inOrder,
  body: null,
  answers: { 200: { what: 'a page', schema: shape.page(shape.ledgerEvent) } },
  example: { path: '/accounts/acme/events?limit=3', status: 200 },
  handle: async (api, { params, query }) => {
    const { entry, until } = await accountThen(api, params.account, query);
    if (query.order === 'newest') return { status: 200, body: await newest(api, entry, query) };
    const from = cursorNumber(query.cursor);
    // One extra event on each side: for the hash the page starts from, and to see whether there are more.
    const before = from > 0 ? 1 : 0;
    // As it is now, the stream has what other servers recorded as well.
    const last = until ? entry.length - 1 : Number.MAX_SAFE_INTEGER;
    const range = { from: from - before, to: Math.min(from + query.limit, last) };
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
  what: 'Notices to the account holder, oldest first unless asked otherwise; also as of an earlier moment',
  params: shape.ofAccount,
  query: inOrder,
  body: null,
  answers: { 200: { what: 'a page', schema: shape.page(notice) } },
  example: { path: '/accounts/acme/notices', status: 200 },
  handle: async (api, { params, query }) => {
    const { entry } = await accountThen(api, params.account, query);
    const views = await viewsOf(api, query.after);
    const prefix = `${params.account}/`;
    const after = query.cursor === undefined ? null : `${prefix}${query.cursor}`;
    const isThen = ({ key }: { readonly key: string }): boolean =>
      Number(key.slice(prefix.length).split('/')[0]) < entry.length;
    const rows =
      query.order === 'oldest'
        ? viewsUnder(views, noticeRows, prefix, after, query.limit + 1).filter(isThen)
        : viewsBackwards(
            views,
            noticeRows,
            prefix,
            after ?? `${prefix}${beforeRevision(entry.length)}`,
            query.limit + 1,
          );
    const shown = rows.slice(0, query.limit);
    const items = shown.map(({ value }) => value);
    const next = rows.length > query.limit ? shown.at(-1)?.key.slice(prefix.length) : null;
    return { status: 200, body: { items, next } };
  },
});

export const watchRoutes: readonly Route[] = [events, notices];
