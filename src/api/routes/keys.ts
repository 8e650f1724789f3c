/** Keys: created, rotated with an overlap, revoked. */
import type { Buffer } from 'node:buffer';
import * as z from 'zod';
import { createKey, type NewKey, revokeKey } from '../../access/key-facts.ts';
import { isUsable, type Key, keyText } from '../../access/keyring.ts';
import { instantText } from '../../domain/calendar.ts';
import { instantFromText } from '../../edge/instant-text.ts';
import { SCOPES } from '../../ledger/side-events.ts';
import type { Api } from '../api.ts';
import { alone, contentHash, saidBy, scopedKey } from '../commands.ts';
import { ApiProblem } from '../problem.ts';
import { pageOf } from '../reads.ts';
import { type Route, route } from '../route.ts';
import { secretBytes } from '../secrets.ts';
import * as shape from '../shapes.ts';

const newKey = z.object({
  name: z.string().min(1).max(100),
  scopes: z.array(z.enum(SCOPES)).min(1).max(SCOPES.length),
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
  handle: async (api, { body, key: owner, headers }) => {
    const { idempotencyKey } = saidBy(headers);
    const bytes = secretBytes(api, owner.key, 'POST /keys', idempotencyKey);
    const text = keyText(bytes);
    const scoped = idempotencyKey === null ? null : scopedKey(owner.key, 'POST /keys', idempotencyKey);
    return alone(api, scoped, async () => {
      const before = api.keyring.find(text);
      if (before) {
        sameContent(api, before, body);
        return { status: 201, body: { ...before, secret: text }, headers: { 'Idempotency-Hit': 'true' } };
      }
      const expires = body.expiresAt === null ? null : instantFromText(body.expiresAt);
      const expiresAt = expires === null ? null : instantText(expires);
      const content = idempotencyKey === null ? null : contentHash(body);
      return made(api, { ...body, expiresAt }, bytes, content);
    });
  },
});

/** A repeat with other content is another request under a used key. */
const sameContent = (api: Api, before: Key, body: unknown): void => {
  if (api.keyring.contentOf(before.key) !== contentHash(body)) throw reused();
};

const reused = (): ApiProblem =>
  new ApiProblem('idempotency_key_reused', 'this key came before with other content');

/** Creates a key, and shows its secret this once; where the same request at another server was first, that is told. */
const made = async (api: Api, asked: NewKey, bytes: Buffer, content: string | null) => {
  const { secret, isNew } = await createKey(api.ledger.store, asked, bytes, api.realNow(), content);
  await api.keyring.refresh();
  const key = api.keyring.find(secret);
  if (key && api.keyring.contentOf(key.key) !== content) throw reused();
  return {
    status: 201,
    body: { ...key, secret },
    headers: isNew ? {} : { 'Idempotency-Hit': 'true' },
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

/** A key by its id, as of now: another server may have made or revoked it. */
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
});

const DAY_SECONDS = 86_400;
const rotate = route({
  method: 'POST',
  path: '/keys/:key/rotation',
  scope: 'admin',
  tag: 'Keys',
  what: 'Make a key that replaces this one; the old one is good for some time more',
  idempotent: true,
  params: z.object({ key: z.string().max(100) }),
  query: shape.nothing,
  body: z.object({
    overlapSeconds: z
      .int()
      .min(0)
      .max(90 * DAY_SECONDS)
      .default(DAY_SECONDS),
  }),
  answers: { 201: { what: 'the new key', schema: shape.key.extend({ secret: z.string() }) } },
  example: { path: '/keys/:key/rotation', body: { overlapSeconds: 3600 }, status: 201 },
  handle: async (api, { params, body, key: owner, headers }) => {
    const known = await knownKey(api, params.key);
    const { idempotencyKey } = saidBy(headers);
    const bytes = secretBytes(api, owner.key, `POST /keys/${known.key}/rotation`, idempotencyKey);
    const text = keyText(bytes);
    const before = api.keyring.find(text);
    if (before) {
      sameContent(api, before, body);
      return { status: 201, body: { ...before, secret: text }, headers: { 'Idempotency-Hit': 'true' } };
    }
    if (!isUsable(known, api.realNow()))
      throw new ApiProblem('key_unknown', `${known.key} is void`, { key: known.key });
    const reply = await made(api, known, bytes, idempotencyKey === null ? null : contentHash(body));
    await revoked(api, known.key, api.realNow() + body.overlapSeconds * 1_000);
    return reply;
  },
});

export const keyRoutes: readonly Route[] = [create, listKeys, revoke, rotate];
