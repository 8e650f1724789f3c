/** Live events: server-sent events, from now or from a position on. */

import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import * as z from 'zod';
import { type Key, seesAccount } from '../../access/keyring.ts';
import { nextTurn } from '../../async/pauses.ts';
import { decodeHeader, readableEvent } from '../../codec/event-codec.ts';
import { storedEvents } from '../../codec/stored-events.ts';
import { WEBHOOK_EVENTS } from '../../delivery/webhooks.ts';
import { comparePositions, NoSuchPosition } from '../../eventstore/event-store.ts';
import { eventAfter, eventsAfter } from '../../eventstore/reading.ts';
import { accountOf } from '../../eventstore/stream-names.ts';
import { accountId } from '../../input/commands.ts';
import { nearest } from '../../text/nearest.ts';
import type { Api } from '../http/api.ts';
import { EVENT_STREAM } from '../http/body/media-type.ts';
import { ApiProblem } from '../http/problems/problem.ts';
import { unknownAccount } from '../http/reads/point-in-time.ts';
import { type Route, route } from '../http/route.ts';
import * as shape from '../schemas/common.ts';

const POSITION = /^\d{1,20}$/;
const stream = route({
  method: 'GET',
  path: '/stream',
  scope: 'read',
  tag: 'Facts',
  what: 'New events, as server-sent events; Last-Event-ID resumes after a position',
  params: shape.nothing,
  query: z.object({
    account: accountId.optional(),
    types: z.string().max(1_000).optional().describe('event types, separated by commas'),
    from: z.string().regex(POSITION).optional().describe('a Ledger-Position; default: now'),
    data: z.enum(['true', 'false']).optional().describe('false: without what the events say'),
  }),
  body: null,
  answers: { 200: { what: 'server-sent events', schema: z.string(), media: EVENT_STREAM } },
  example: { path: '/stream?account=acme', status: 200 },
  handle: async (api, { query, headers, key }) => {
    const from = query.from ?? lastSeen(headers);
    const types = query.types === undefined ? null : typesAsked(query.types);
    if (query.account !== undefined) await checkSeen(api, key, query.account);
    const start = from === null ? await api.ledger.store.end() : await knownPosition(api, from);
    const wanted: Wanted = { key, types, account: query.account ?? null, isWhole: query.data !== 'false' };
    return {
      status: 200,
      headers: {
        'Content-Type': EVENT_STREAM,
        'Cache-Control': 'no-store',
        // Sends the starting position first, so that a client disconnected before the first event can resume from
        // there.
        'Ledger-Position': start ?? NOWHERE,
      },
      body: flowing((ended) => following(api, start, wanted, ended)),
    };
  },
});

/** The Last-Event-ID of a browser's EventSource; throws if no event of this ledger had it. */
const lastSeen = (headers: IncomingHttpHeaders): string | null => {
  const last = headers['last-event-id'];
  if (last === undefined || last === '') return null;
  if (typeof last === 'string' && POSITION.test(last)) return last;
  throw new ApiProblem('invalid_request', 'Last-Event-ID: not a Ledger-Position', { field: 'Last-Event-ID' });
};

const EVENT_TYPES: readonly string[] = Object.keys(storedEvents);
/** Webhook types of events, mapped to the ledger's event types. */
const BY_WEBHOOK_NAME: ReadonlyMap<string, string> = new Map(
  Object.entries(WEBHOOK_EVENTS).map(([type, name]) => [name, type]),
);

/** The requested event types; throws for an unknown one, since it would never match. */
const typesAsked = (text: string): ReadonlySet<string> => {
  const types = text.split(',');
  const unknown = types.find((type) => !EVENT_TYPES.includes(type));
  if (unknown === undefined) return new Set(types);
  const meant = BY_WEBHOOK_NAME.get(unknown) ?? nearest(unknown, EVENT_TYPES);
  const detail = `types: no event has the type ${unknown}${meant === null ? '.' : `; did you mean ${meant}?`}`;
  throw new ApiProblem('invalid_request', `${detail} Known are ${EVENT_TYPES.join(', ')}`, {
    field: 'types',
    ...(meant === null ? {} : { nearest: meant }),
  });
};

/** Throws for an account that is unknown or that the key may not access, since no event would match. */
const checkSeen = async (api: Api, key: Key, account: string): Promise<void> => {
  if (!seesAccount(key, account))
    throw new ApiProblem('account_forbidden', 'this key is bound to other accounts', { account });
  if (!(await api.ledger.entry(account)).account) throw unknownAccount(account);
};

/** The position of an empty ledger. */
const NOWHERE = '0';

/** A position to resume after; throws `invalid_request` if the ledger never issued it, as far as known. */
const knownPosition = async ({ ledger: { store } }: Api, from: string): Promise<string | null> => {
  if (from === NOWHERE) return null;
  const never = () =>
    new ApiProblem('invalid_request', 'from: no event of this ledger has that position', { field: 'from' });
  if (comparePositions(from, await store.end()) > 0) throw never();
  try {
    await eventAfter(store, from);
    return from;
  } catch (error) {
    throw error instanceof NoSuchPosition ? never() : error;
  }
};

interface Wanted {
  readonly key: Key;
  readonly types: ReadonlySet<string> | null;
  readonly account: string | null;
  /** Whether the events' data are wanted. */
  readonly isWhole: boolean;
}

const PAGE = 200;
const QUIET_MS = 15_000;

/** A stream of text; destroying it ends a pending wait. */
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
    // An append wakes every open stream: each reads in a turn of its own, so that requests are answered between.
    await nextTurn();
    for await (const event of eventsAfter(api.ledger.store, { after, page: PAGE })) {
      if (ended.aborted) return;
      after = event.position;
      const account = accountOf(event.stream);
      if (account === null || !seesAccount(wanted.key, account)) continue;
      if (wanted.account !== null && wanted.account !== account) continue;
      // An unreadable event is skipped; its account is quarantined, the stream continues.
      if (!readableEvent(event)) continue;
      const { type, at } = decodeHeader(event);
      if (wanted.types && !wanted.types.has(type)) continue;
      const said = { account, revision: event.revision, type, at };
      const data = wanted.isWhole ? { ...said, data: JSON.parse(event.data) } : said;
      yield `id: ${event.position}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
    }
    if (!(await appendedOrQuiet(api, ended))) yield stillHere(after);
  }
}

/** A keep-alive whose id is the position read, so that filtered events are not read again on resuming. */
const stillHere = (after: string | null): string => `: still here\nid: ${after ?? NOWHERE}\n\n`;

/** Resolves true soon after an append (or if the client is gone), false after a quiet period. */
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

export const streamRoutes: readonly Route[] = [stream];
