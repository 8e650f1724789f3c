/**
 * Commands under the contract of HTTP: a repeat with the same key and content is answered as it was, also after a
 * restart; refusals are not stored; a dry run records nothing; who and why are kept with the facts.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import * as z from 'zod';
import type { CommandMark } from '../codec/event-codec.ts';
import { canonicalJson } from '../domain/canonical.ts';
import type { AccountEvent } from '../domain/events.ts';
import type { LedgerCommand } from '../edge/commands.ts';
import { sha256 } from '../store/sha256.ts';
import type { Api } from './api.ts';
import { ApiProblem, throwRefusal } from './problem.ts';
import type { Call, Reply } from './route.ts';

export const commandQuery = z.object({
  dryRun: z.enum(['true', 'false']).optional().describe('true: answer as if, and record nothing'),
});

const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,200}$/;
const ACTOR = /^[A-Za-z0-9._@:+-]{1,64}$/;
const REASON_MAX = 500;

/** What a request says of itself, for the facts it makes. */
export interface Said {
  /** Null: the caller gave none, and a repeat is a new request. */
  readonly idempotencyKey: string | null;
  readonly actor?: string;
  readonly reason?: string;
}

/** The headers of a command, checked. */
export const saidBy = (headers: IncomingHttpHeaders): Said => {
  const key = one(headers, 'idempotency-key');
  if (key !== undefined && !IDEMPOTENCY_KEY.test(key))
    throw invalid('Idempotency-Key', 'is 1 to 200 printable ASCII characters without spaces');
  const actor = one(headers, 'x-actor');
  if (actor !== undefined && !ACTOR.test(actor))
    throw invalid('X-Actor', 'is an id: 1 to 64 of A-Z a-z 0-9 . _ @ : + -');
  const reason = one(headers, 'x-reason');
  if (reason !== undefined && reason.length > REASON_MAX)
    throw invalid('X-Reason', `has at most ${REASON_MAX} characters`);
  return {
    idempotencyKey: key ?? null,
    ...(actor === undefined ? {} : { actor }),
    ...(reason === undefined ? {} : { reason }),
  };
};

const one = (headers: IncomingHttpHeaders, name: string): string | undefined => {
  const value = headers[name];
  return Array.isArray(value) ? value.join(',') : value;
};

const invalid = (field: string, rule: string): ApiProblem =>
  new ApiProblem('invalid_request', `${field} ${rule}`, { field });

/** The name under which a request's key is known: its owner, the route, and the key. */
export const scopedKey = (owner: string, route: string, key: string): string => `${owner} ${route} ${key}`;

/** Runs work under an idempotency key that no other request holds meanwhile. */
export const alone = async <T>(api: Api, key: string | null, work: () => Promise<T>): Promise<T> => {
  if (key === null) return work();
  if (api.inFlight.has(key)) {
    throw new ApiProblem(
      'idempotency_in_flight',
      'the first request with this key is still under way',
      {},
      {
        'Retry-After': '1',
      },
    );
  }
  api.inFlight.add(key);
  try {
    return await work();
  } finally {
    api.inFlight.delete(key);
  }
};

export interface Ran {
  readonly events: readonly AccountEvent[];
  /** Recorded now or, under this key, before; false: it was so already. */
  readonly changed: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

/** Runs a command of an account; throws what was refused. `route` names it for idempotency. */
export const runCommand = async (
  api: Api,
  call: Pick<Call<unknown, { dryRun?: 'true' | 'false' | undefined }, unknown>, 'key' | 'headers' | 'query'>,
  account: string,
  route: string,
  command: LedgerCommand,
): Promise<Ran> => {
  await api.clock.ready();
  const said = saidBy(call.headers);
  const at = api.clock.now();
  const mark = markOf(call.key.key, route, command.body, said);
  if (call.query.dryRun === 'true') {
    const answer = await api.ledger.tryOut(account, command, at, mark);
    if (answer.outcome === 'refused') return throwRefusal(answer.refusal);
    const events = answer.events.map(({ event }) => event);
    return { events, changed: events.length > 0, headers: { 'Dry-Run': 'true' } };
  }
  const scoped = mark && said.idempotencyKey !== null ? `${account} ${mark.key}` : null;
  const answer = await alone(api, scoped, () => api.ledger.execute(account, command, at, mark));
  if (answer.outcome === 'refused') return throwRefusal(answer.refusal);
  const events = answer.events.map(({ event }) => event);
  const position = answer.outcome === 'done' ? answer.position : null;
  return {
    events,
    changed: events.length > 0,
    headers: {
      'Ledger-Position': position ?? (await api.ledger.store.end()) ?? '0',
      ...(answer.outcome === 'repeated' ? { 'Idempotency-Hit': 'true' } : {}),
    },
  };
};

/** What a request's facts carry of it: key, content, who and why; null when it says nothing of itself. */
export const markOf = (
  owner: string,
  route: string,
  content: unknown,
  { idempotencyKey, ...who }: Said,
): CommandMark | null => {
  if (idempotencyKey === null && who.actor === undefined && who.reason === undefined) return null;
  const key = idempotencyKey === null ? `once ${randomUUID()}` : scopedKey(owner, route, idempotencyKey);
  return { key, hash: contentHash(content), ...who };
};

/** Whether two requests ask for the same. */
export const contentHash = (content: unknown): string => sha256(canonicalJson(content));

/** 201 where something was recorded, 200 where it was so already. */
export const created = ({ changed, headers }: Ran, body: unknown): Reply => ({
  status: changed ? 201 : 200,
  body,
  headers,
});
