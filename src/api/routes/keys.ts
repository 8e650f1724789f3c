/** Keys: created, rotated with an overlap, revoked. */
import type { Buffer } from 'node:buffer';
import * as z from 'zod';
import { SCOPES } from '../../access/events.ts';
import { createKey, type NewKey, revokeKey } from '../../access/key-changes.ts';
import { isUsable, KEYS, type Key, keyText } from '../../access/keyring.ts';
import { instantText } from '../../domain/calendar.ts';
import { boundedList } from '../../input/bounded-list.ts';
import { orElse } from '../../input/commands.ts';
import { instantFromText } from '../../input/instant-text.ts';
import type { Api } from '../http/api.ts';
import type { Call, Reply } from '../http/call.ts';
import { secretBytes } from '../http/commands/one-time-secret.ts';
import { type Content, contentOf, isHashOf } from '../http/commands/request-content.ts';
import { alone, keyReused, NOT_MADE, saidBy, scopedKey } from '../http/commands/run-command.ts';
import { repeated, systemEvents } from '../http/commands/would-record.ts';
import { ApiProblem } from '../http/problems/problem.ts';
import { pageOf } from '../http/reads/paging.ts';
import { type Route, route } from '../http/route.ts';
import * as shape from '../schemas/common.ts';

const newKey = z.strictObject({
  name: z.string().min(1).max(100),
  scopes: boundedList(z.enum(SCOPES), 1, SCOPES.length),
  accounts: shape.boundTo,
  expiresAt: shape.instantText.nullable().default(null),
});
const create = route({
  method: 'POST',
  path: '/keys',
  scope: 'admin',
  tag: 'Keys',
  what: 'Create a key; its secret is shown this once',
  idempotent: true,
  params: shape.nothing,
  query: shape.nothing,
  body: newKey,
  answers: { 201: { what: 'created', schema: shape.key.extend({ secret: z.string() }) } },
  example: { path: '/keys', body: { name: 'gateway 1', scopes: ['meter'] }, status: 201 },
  handle: async (api, call) => {
    const asked = askedFor(api, call, 'POST /keys', newKey);
    return alone(
      api,
      asked.scoped,
      async () => answeredBefore(api, asked) ?? made(api, kept(api, call.body), asked),
    );
  },
  tryOut: async (api, call) => {
    const asked = askedFor(api, call, 'POST /keys', newKey);
    return repeated(answeredBefore(api, asked)) ?? asIf(api, kept(api, call.body));
  },
});

/** A key as stored: its expiry in UTC. Throws for one that would never be good. */
const kept = (api: Api, asked: z.infer<typeof newKey>): NewKey => {
  const expires = asked.expiresAt === null ? null : instantFromText(asked.expiresAt);
  if (expires !== null && expires <= api.realNow())
    throw new ApiProblem(
      'invalid_request',
      `expiresAt: ${asked.expiresAt} is over: keys expire by the system's clock`,
      {
        field: 'expiresAt',
      },
    );
  return { ...asked, expiresAt: expires === null ? null : instantText(expires) };
};

/** A request for a key: the bytes of its secret, and the hash that identifies a retry. */
interface Asked {
  readonly bytes: Buffer;
  readonly content: Content;
  /** As the caller gave it; null: a repeat is a new request. */
  readonly idempotencyKey: string | null;
  readonly scoped: string | null;
}

const askedFor = (
  api: Api,
  { key: owner, headers, body }: Pick<Call<unknown, unknown, unknown>, 'key' | 'headers' | 'body'>,
  routeName: string,
  schema: z.ZodType,
): Asked => {
  const { idempotencyKey } = saidBy(headers);
  const bytes = secretBytes(api, owner.key, routeName, idempotencyKey);
  const scoped = idempotencyKey === null ? null : scopedKey(owner.key, routeName, idempotencyKey);
  return { bytes, content: contentOf(schema, body), idempotencyKey, scoped };
};

/** The answer to an earlier request with the same key and content; null if new. Throws for other content. */
const answeredBefore = (api: Api, { bytes, content, idempotencyKey }: Asked): Reply | null => {
  const secret = keyText(bytes);
  const before = api.keyring.find(secret);
  if (!before) return null;
  if (!isHashOf(content, api.keyring.contentOf(before.key))) return keyReused(idempotencyKey);
  return { status: 201, body: { ...asCreated(before), secret }, headers: { 'Idempotency-Hit': 'true' } };
};

/** A key as of its creation, whatever its state now. */
const asCreated = (key: Key): Key => ({ ...key, revokedAt: null, lastUsedAt: null });

/** Creates a key and shows its secret once; if another server handled the same request first, returns that key. */
const made = async (api: Api, wanted: NewKey, asked: Asked): Promise<Reply> => {
  const content = asked.idempotencyKey === null ? null : asked.content.hash;
  const { secret, isNew } = await createKey(api.ledger.store, wanted, asked.bytes, api.realNow(), content);
  await api.keyring.refresh();
  const before = isNew ? null : answeredBefore(api, asked);
  const key = api.keyring.find(secret);
  return before ?? { status: 201, body: { ...(key && asCreated(key)), secret } };
};

/** The answer of a dry run: a key like the one that would be created. */
const asIf = async (
  api: Api,
  { name, scopes, accounts, expiresAt }: NewKey,
  ...revoked: readonly (readonly [type: string, data: unknown])[]
): Promise<Reply> => {
  const made = { key: NOT_MADE, name, prefix: NOT_MADE, scopes, accounts, expiresAt };
  const created = ['KeyCreated', { ...made, hash: NOT_MADE }] as const;
  return {
    status: 201,
    body: {
      ...made,
      ...{ createdAt: instantText(api.realNow()), revokedAt: null, lastUsedAt: null, secret: NOT_MADE },
    },
    wouldRecord: await systemEvents(api, KEYS, api.realNow(), created, ...revoked),
  };
};

const revoked = async (api: Api, key: string, until: number): Promise<void> => {
  await revokeKey(api.ledger.store, key, until, api.realNow());
  await api.keyring.refresh();
};

const listKeys = route({
  method: 'GET',
  path: '/keys',
  scope: 'admin',
  tag: 'Keys',
  what: 'Keys there are and were, without their secrets',
  params: shape.nothing,
  query: shape.paged,
  body: null,
  answers: { 200: { what: 'a page', schema: shape.page(shape.key) } },
  example: { path: '/keys', status: 200 },
  handle: async (api, { query }) => {
    await api.keyring.refresh();
    return { status: 200, body: pageOf(api.keyring.list(), query) };
  },
});

/** A key by its id; refreshed first, since another server may have created or revoked it. */
const knownKey = async (api: Api, id: string): Promise<Key> => {
  await api.keyring.refresh();
  const known = api.keyring.list().find(({ key }) => key === id);
  if (!known || id === 'first') throw new ApiProblem('key_unknown', `there is no key ${id}`, { key: id });
  return known;
};

const revoke = route({
  method: 'DELETE',
  path: '/keys/:key',
  scope: 'admin',
  tag: 'Keys',
  what: 'Revoke a key at once',
  params: z.object({ key: z.string().max(100) }),
  query: shape.nothing,
  body: null,
  answers: { 200: { what: 'revoked', schema: shape.key } },
  example: { path: '/keys/:key', status: 200 },
  handle: async (api, { params }) => {
    const known = await knownKey(api, params.key);
    if (isUsable(known, api.realNow())) await revoked(api, known.key, api.realNow());
    return { status: 200, body: await knownKey(api, params.key) };
  },
  tryOut: async (api, { params }) => {
    const known = await knownKey(api, params.key);
    const now = api.realNow();
    if (!isUsable(known, now)) return { status: 200, body: known, wouldRecord: [] };
    const until = instantText(now);
    return {
      status: 200,
      body: { ...known, revokedAt: until },
      wouldRecord: await systemEvents(api, KEYS, now, ['KeyRevoked', { key: known.key, until }]),
    };
  },
});

const DAY_SECONDS = 86_400;
const overlap = z.strictObject({
  overlapSeconds: orElse(
    z
      .int()
      .min(0)
      .max(90 * DAY_SECONDS),
    DAY_SECONDS,
  ),
});
const rotate = route({
  method: 'POST',
  path: '/keys/:key/rotation',
  scope: 'admin',
  tag: 'Keys',
  what: 'Make a key that replaces this one; the old one is good for some time more',
  idempotent: true,
  params: z.object({ key: z.string().max(100) }),
  query: shape.nothing,
  body: overlap,
  answers: { 201: { what: 'the new key', schema: shape.key.extend({ secret: z.string() }) } },
  example: { path: '/keys/:key/rotation', body: { overlapSeconds: 3600 }, status: 201 },
  handle: async (api, call) => {
    const known = await knownKey(api, call.params.key);
    const asked = askedFor(api, call, `POST /keys/${known.key}/rotation`, overlap);
    return alone(api, asked.scoped, async () => {
      const before = answeredBefore(api, asked);
      if (!before) checkUsable(api, known);
      const reply = before ?? (await made(api, known, asked));
      // An interrupted request may have created the new key without revoking the old one.
      if (!before || known.revokedAt === null)
        await revoked(api, known.key, api.realNow() + call.body.overlapSeconds * 1_000);
      return reply;
    });
  },
  tryOut: async (api, call) => {
    const known = await knownKey(api, call.params.key);
    const before = answeredBefore(api, askedFor(api, call, `POST /keys/${known.key}/rotation`, overlap));
    if (before) return repeated(before) ?? before;
    checkUsable(api, known);
    const until = instantText(api.realNow() + call.body.overlapSeconds * 1_000);
    return asIf(api, known, ['KeyRevoked', { key: known.key, until }]);
  },
});

const checkUsable = (api: Api, known: Key): void => {
  if (isUsable(known, api.realNow())) return;
  throw new ApiProblem('key_unknown', `${known.key} is void`, { key: known.key });
};

export const keyRoutes: readonly Route[] = [create, listKeys, revoke, rotate];
