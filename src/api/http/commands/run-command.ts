/**
 * Runs commands under the contract of HTTP: a retry with the same key and content gets the same answer, even after a
 * restart; refusals are not stored; a dry run records nothing; actor and reason are stored with the events.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { CommandMark } from '../../../codec/event-codec.ts';
import type { AccountEvent } from '../../../domain/events.ts';
import type { Refusal } from '../../../domain/refusals.ts';
import { commandSchemas, type LedgerCommand } from '../../../input/commands.ts';
import { asWrittenBefore } from '../../../ledger/account/as-written.ts';
import { newEvents, type Placed } from '../../../ledger/account/result.ts';
import type { RequestMark } from '../../../ledger/system/request-mark.ts';
import type { Api } from '../api.ts';
import type { Call, Reply } from '../call.ts';
import { ApiProblem, throwRefusal } from '../problems/problem.ts';
import { type Content, contentOf } from './request-content.ts';

const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,200}$/;
const ACTOR = /^[A-Za-z0-9._@:+-]{1,64}$/;
const REASON_MAX = 500;

/** A request's metadata, for its events. */
export interface Said {
  /** Null: no key, so a retry is a new request. */
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

/** The actor that a request names, as a command has it. */
export const byActor = (headers: IncomingHttpHeaders): { readonly by?: string } => {
  const { actor } = saidBy(headers);
  return actor === undefined ? {} : { by: actor };
};

const one = (headers: IncomingHttpHeaders, name: string): string | undefined => {
  const value = headers[name];
  return Array.isArray(value) ? value.join(',') : value;
};

const invalid = (field: string, rule: string): ApiProblem =>
  new ApiProblem('invalid_request', `${field} ${rule}`, { field });

/** The scoped idempotency key: its owner, the route, and the key. */
export const scopedKey = (owner: string, route: string, key: string): string => `${owner} ${route} ${key}`;

/** Runs work under an idempotency key, excluding concurrent requests with the same key. */
export const alone = async <T>(api: Api, key: string | null, work: () => Promise<T>): Promise<T> => {
  if (key === null) return work();
  if (api.inFlight.has(key)) {
    throw new ApiProblem('idempotency_in_flight', 'the first request with this key is still in progress');
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
  /** The events with their revisions; for a dry run the revisions they would have. */
  readonly placed: readonly Placed[];
  /** Recorded now or, under this key, before; false: it was so already. */
  readonly changed: boolean;
  /** Nothing was recorded: the events are those the command would record. */
  readonly isDry: boolean;
  /** Of a dry run: the events that the command would record; none that an earlier request recorded. */
  readonly wouldRecord: readonly Placed[];
  readonly headers: Readonly<Record<string, string>>;
}

/** Runs a command of an account; throws its refusal. `route` is part of the idempotency key. */
export type RunCommand = (
  api: Api,
  call: Pick<Call<unknown, unknown, unknown>, 'key' | 'headers'>,
  account: string,
  route: string,
  command: LedgerCommand,
) => Promise<Ran>;

/** Runs a command for good. */
export const runCommand: RunCommand = async (api, call, account, route, command) => {
  await api.clock.ready();
  const said = saidBy(call.headers);
  const content = contentOf(commandSchemas[command.name], command.body);
  const mark = markOf(call.key.key, route, content, said);
  const scoped = mark && said.idempotencyKey !== null ? `${account} ${mark.key}` : null;
  const at = api.clock.now();
  const answer = await alone(api, scoped, () =>
    asWrittenBefore(mark, content, (own) => api.ledger.execute(account, command, at, own)),
  );
  if (answer.outcome === 'refused') return refused(answer.refusal, said);
  return {
    ...ranOf(answer.events, false),
    wouldRecord: [],
    headers: {
      'Ledger-Position': answer.position ?? (await api.ledger.store.end()) ?? '0',
      ...(answer.outcome === 'repeated' ? { 'Idempotency-Hit': 'true' } : {}),
    },
  };
};

/** Dry run of a command: records nothing. */
export const tryCommand: RunCommand = async (api, call, account, route, command) => {
  await api.clock.ready();
  const said = saidBy(call.headers);
  const content = contentOf(commandSchemas[command.name], command.body);
  const mark = markOf(call.key.key, route, content, said);
  const at = api.clock.now();
  const answer = await asWrittenBefore(mark, content, (own) => api.ledger.tryOut(account, command, at, own));
  if (answer.outcome === 'refused') return refused(answer.refusal, said);
  return { ...ranOf(answer.events, true), wouldRecord: newEvents(answer), headers: {} };
};

/** Throws the ledger's refusal; a key is shown as the caller gave it. */
const refused = (refusal: Refusal, { idempotencyKey }: Said): never =>
  refusal.code === 'idempotency_key_reused' ? keyReused(idempotencyKey) : throwRefusal(refusal);

/** Throws that a key was reused with other content; `key` is the caller's. */
export const keyReused = (key: string | null): never => {
  throw new ApiProblem('idempotency_key_reused', 'this key came before with other content', { key });
};

const ranOf = (placed: readonly Placed[], isDry: boolean) => ({
  events: placed.map(({ event }) => event),
  placed,
  changed: placed.length > 0,
  isDry,
});

/** The mark for a request's events: key, content, actor and reason; null if the request has none. */
export const markOf = (
  owner: string,
  route: string,
  content: Content,
  { idempotencyKey, ...who }: Said,
): CommandMark | null => {
  if (idempotencyKey === null && who.actor === undefined && who.reason === undefined) return null;
  const key = idempotencyKey === null ? `once ${randomUUID()}` : scopedKey(owner, route, idempotencyKey);
  return { key, hash: content.hash, ...who };
};

/** Placeholder for an id or a secret that a dry run does not create. */
export const NOT_MADE = 'dry-run';

/** 201 if something was recorded, 200 for a no-op. */
export const created = ({ changed, headers }: Ran, body: unknown): Reply => ({
  status: changed ? 201 : 200,
  body,
  headers,
});

/** The mark for events of a request without a body; null without a key. */
export const requestMark = (
  { headers, key }: Pick<Call<unknown, unknown, unknown>, 'headers' | 'key'>,
  route: string,
): RequestMark | null => {
  const { idempotencyKey } = saidBy(headers);
  if (idempotencyKey === null) return null;
  return { key: scopedKey(key.key, route, idempotencyKey), hash: contentOf(null, {}).hash };
};
