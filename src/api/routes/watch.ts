/** What happened: the facts of an account, its notices, and both as they come. */
import { Readable } from 'node:stream';
import * as z from 'zod';
import { type Key, seesAccount } from '../../access/keyring.ts';
import { decodeHeader } from '../../codec/event-codec.ts';
import { accountOf, accountStream } from '../../ledger/surroundings.ts';
import type { NoticeView } from '../../projections/notices.ts';
import { comparePositions, NoSuchPosition, type RecordedEvent } from '../../store/event-store.ts';
import { hexOf } from '../../store/sealing.ts';
import type { Api } from '../api.ts';
import { ApiProblem } from '../problem.ts';
import { accountThen, cursorNumber, viewsOf } from '../reads.ts';
import { type Route, route } from '../route.ts';
import * as shape from '../shapes.ts';

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
    data: JSON.parse(event.data) as unknown,
    hash: hexOf(event.hash),
    previous: hexOf(previous),
  };
};

const events = route({
  method: 'GET',
  path: '/accounts/:account/events',
  scope: 'read',
  tag: 'Facts',
  what: 'The facts of an account with their seals, oldest first',
  params: shape.ofAccount,
  query: shape.paged,
  body: null,
  answers: { 200: { what: 'a page', schema: shape.page(shape.ledgerEvent) } },
  example: { path: '/accounts/acme/events?limit=3', status: 200 },
  handle: async (api, { params, query }) => {
    await accountThen(api, params.account, { after: query.after });
    const from = cursorNumber(query.cursor);
    // One before and one behind: the hash the page starts from, and whether there is more.
    const before = from > 0 ? 1 : 0;
    const stored = await api.ledger.store.read(accountStream(params.account), {
      from: from - before,
      limit: query.limit + before + 1,
      direction: 'forwards',
      records: false,
    });
    const page = stored.slice(before, before + query.limit);
    const items = page.map((event, i) => eventView(event, stored[before + i - 1]?.hash ?? null));
    const more = stored.length > before + query.limit;
    return { status: 200, body: { items, next: more ? String(from + query.limit) : null } };
  },
});

const notice = z.object({
  id: z.string(),
  kind: z.string(),
  channels: z.array(z.string()),
  about: z.record(z.string(), z.union([z.string(), z.number()])),
  at: shape.instant,
});
const notices = route({
  method: 'GET',
  path: '/accounts/:account/notices',
  scope: 'read',
  tag: 'Facts',
  what: 'What the account holder was told, oldest first',
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
    const rows = views.list('notices', prefix, after, query.limit + 1);
    const shown = rows.slice(0, query.limit);
    const items = shown.map(({ value }) => value as NoticeView);
    const next = rows.length > query.limit ? shown.at(-1)?.key.slice(prefix.length) : null;
    return { status: 200, body: { items, next } };
  },
});

const stream = route({
  method: 'GET',
  path: '/stream',
  scope: 'read',
  tag: 'Facts',
  what: 'Facts as they come, as server-sent events; Last-Event-ID goes on behind a position',
  params: shape.nothing,
  query: z.object({
    account: z.string().max(64).optional(),
    types: z.string().max(1_000).optional().describe('event types, separated by commas'),
    from: z
      .string()
      .regex(/^\d{1,20}$/)
      .optional()
      .describe('a Ledger-Position; default: now'),
  }),
  body: null,
  answers: { 200: { what: 'server-sent events', schema: z.string(), media: 'text/event-stream' } },
  example: { path: '/stream?account=acme', status: 200 },
  handle: async (api, { query, headers, key }) => {
    const last = headers['last-event-id'];
    const from = query.from ?? (typeof last === 'string' && /^\d+$/.test(last) ? last : null);
    const types = query.types === undefined ? null : new Set(query.types.split(','));
    const start = from === null ? await api.ledger.store.end() : await knownPosition(api, from);
    const wanted: Wanted = { key, types, account: query.account ?? null };
    return {
      status: 200,
      headers: {
        'Content-Type': 'text/event-stream',
        'Cache-Control': 'no-store',
        // Where it starts: who is cut off before the first event goes on from there.
        'Ledger-Position': start ?? NOWHERE,
      },
      body: flowing((ended) => following(api, start, wanted, ended)),
    };
  },
});

/** Before any event there was: what a ledger answers for a position while it has none. */
const NOWHERE = '0';

/** A position to go on behind; throws `invalid_request` for one that the ledger never gave, as far as can be told. */
const knownPosition = async ({ ledger: { store } }: Api, from: string): Promise<string | null> => {
  if (from === NOWHERE) return null;
  const never = () =>
    new ApiProblem('invalid_request', 'from: no event of this ledger has that position', { field: 'from' });
  if (comparePositions(from, await store.end()) > 0) throw never();
  try {
    await store.readAll({ after: from, limit: 1, records: false });
    return from;
  } catch (error) {
    throw error instanceof NoSuchPosition ? never() : error;
  }
};

interface Wanted {
  readonly key: Key;
  readonly types: ReadonlySet<string> | null;
  readonly account: string | null;
}

const PAGE = 200;
const QUIET_MS = 15_000;

/** Text as it comes; who destroys the stream ends the wait for more. */
const flowing = (text: (ended: AbortSignal) => AsyncGenerator<string>): Readable => {
  const ending = new AbortController();
  const source = text(ending.signal);
  return new Readable({
    read() {
      source.next().then(
        ({ value, done }) => void this.push(done ? null : value),
        (error) => void this.destroy(error),
      );
    },
    destroy(error, callback) {
      ending.abort();
      callback(error);
    },
  });
};

async function* following(
  api: Api,
  start: string | null,
  wanted: Wanted,
  ended: AbortSignal,
): AsyncGenerator<string> {
  let after = start;
  yield ': connected\n\n';
  while (!ended.aborted) {
    const page = await api.ledger.store.readAll({ after, limit: PAGE, records: false });
    for (const event of page) {
      after = event.position;
      const account = accountOf(event.stream);
      if (account === null || !seesAccount(wanted.key, account)) continue;
      if (wanted.account !== null && wanted.account !== account) continue;
      const { type, at } = decodeHeader(event);
      if (wanted.types && !wanted.types.has(type)) continue;
      const data = { account, revision: event.revision, type, at, data: JSON.parse(event.data) };
      yield `id: ${event.position}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
    }
    if (page.length < PAGE && !(await appendedOrQuiet(api, ended))) yield stillHere(after);
  }
}

/** A sign of life; its id is how far the ledger was read, so that what nobody asked for is not read again. */
const stillHere = (after: string | null): string => `: still here\nid: ${after ?? NOWHERE}\n\n`;

/** Resolves true soon after something was appended (or nobody waits any more), false after some time of quiet. */
const appendedOrQuiet = (api: Api, ended: AbortSignal): Promise<boolean> =>
  new Promise((resolve) => {
    const done = (appended: boolean) => {
      stop();
      clearTimeout(timer);
      ended.removeEventListener('abort', over);
      resolve(appended);
    };
    const over = () => done(true);
    ended.addEventListener('abort', over);
    const stop = api.ledger.store.onAppended(() => done(true));
    const timer = setTimeout(() => done(false), QUIET_MS);
    timer.unref();
  });

export const watchRoutes: readonly Route[] = [events, notices, stream];
