/** Keys that sign checkpoints and bundles: listed, rotated, revoked. */
import * as z from 'zod';
import { hexText } from '../../checkpoint/bytes.ts';
import { parseVerifierKey } from '../../checkpoint/note.ts';
import { revokeSigningKey, rotated, SIGNING_KEYS, signingKeys } from '../../checkpoint/signing-keys.ts';
import { instantText } from '../../domain/calendar.ts';
import type { RequestMark } from '../../ledger/system/request-mark.ts';
import type { Api } from '../http/api.ts';
import type { Reply } from '../http/call.ts';
import { alone, NOT_MADE, requestMark } from '../http/commands/run-command.ts';
import { systemEvents } from '../http/commands/would-record.ts';
import { ApiProblem } from '../http/problems/problem.ts';
import { type Route, route } from '../http/route.ts';
import * as shape from '../schemas/common.ts';

const signingKey = z
  .object({
    id: z.string(),
    key: z.string().describe('the verifier key: keep it'),
    statement: z.string().nullable().describe('a note in which the key before it vouches for it'),
    addedAt: shape.instant,
    revoked: z.boolean(),
  })
  .meta({ id: 'SigningKey' });

const keysOf = async (api: Api) =>
  (await signingKeys(api.ledger.store)).map(({ key, statement, addedAt, revoked, command }) => ({
    shown: { id: idOf(key), key, statement, addedAt, revoked },
    command,
  }));

/** The eight hex digits by which notes name a key. */
const idOf = (key: string): string => hexText(parseVerifierKey(key)?.id ?? new Uint8Array());

const listKeys = route({
  method: 'GET',
  path: '/signing-keys',
  scope: 'read',
  tag: 'Audit',
  what: 'The keys that sign checkpoints and bundles, oldest first',
  params: shape.nothing,
  query: shape.nothing,
  body: null,
  answers: { 200: { what: 'all of them', schema: z.object({ items: z.array(signingKey) }) } },
  example: { path: '/signing-keys', status: 200 },
  handle: async (api) => ({ status: 200, body: { items: (await keysOf(api)).map((key) => key.shown) } }),
});

const rotate = route({
  method: 'POST',
  path: '/signing-keys',
  scope: 'admin',
  tag: 'Audit',
  what: 'Make a new signing key; the one before it vouches for it',
  idempotent: true,
  params: shape.nothing,
  query: shape.nothing,
  body: null,
  answers: { 201: { what: 'made', schema: signingKey } },
  example: { path: '/signing-keys', status: 201 },
  handle: async (api, call) => {
    const mark = requestMark(call, 'POST /signing-keys');
    return alone(api, mark?.key ?? null, async () => {
      const before = await madeBefore(api, mark);
      if (before) return before;
      const signer = await rotated(api.ledger.store, api.serverKey, api.realNow(), mark);
      const made = (await keysOf(api)).find((key) => key.shown.key === signer.key.text);
      // The same request at another server was first.
      return made
        ? { status: 201, body: made.shown }
        : ((await madeBefore(api, mark)) ?? { status: 201, body: null });
    });
  },
  tryOut: async (api, call) => {
    const before = await madeBefore(api, requestMark(call, 'POST /signing-keys'));
    const vouches = (await keysOf(api)).some(({ shown }) => !shown.revoked);
    if (before) return { ...before, wouldRecord: [] };
    const made = { key: NOT_MADE, statement: vouches ? NOT_MADE : null };
    const added = ['SigningKeyAdded', { ...made, secret: NOT_MADE }] as const;
    return {
      status: 201,
      body: { id: NOT_MADE, ...made, addedAt: instantText(api.realNow()), revoked: false },
      wouldRecord: await systemEvents(api, SIGNING_KEYS, api.realNow(), added),
    };
  },
});

/** The key that an earlier request with the same idempotency key created; null if new. */
const madeBefore = async (api: Api, mark: RequestMark | null): Promise<Reply | null> => {
  const made = (await keysOf(api)).find(({ command }) => mark !== null && command?.key === mark.key);
  if (!made) return null;
  return { status: 201, body: { ...made.shown, revoked: false }, headers: { 'Idempotency-Hit': 'true' } };
};

const revoke = route({
  method: 'DELETE',
  path: '/signing-keys/:id',
  scope: 'admin',
  tag: 'Audit',
  what: 'Declare a signing key void: nothing it signs from now on counts',
  params: z.object({ id: z.string().max(8) }),
  query: shape.nothing,
  body: null,
  answers: { 200: { what: 'void', schema: signingKey } },
  example: { path: '/signing-keys/:signing', status: 200 },
  handle: async (api, { params: { id } }) => {
    const known = await knownKey(api, id);
    await revokeSigningKey(api.ledger.store, known.key, api.realNow());
    return { status: 200, body: { ...known, revoked: true } };
  },
  tryOut: async (api, { params: { id } }) => {
    const known = await knownKey(api, id);
    const revoked = ['SigningKeyRevoked', { key: known.key }] as const;
    const wouldRecord = known.revoked ? [] : await systemEvents(api, SIGNING_KEYS, api.realNow(), revoked);
    return { status: 200, body: { ...known, revoked: true }, wouldRecord };
  },
});

const knownKey = async (api: Api, id: string) => {
  const known = (await keysOf(api)).find((key) => key.shown.id === id)?.shown;
  if (!known) throw new ApiProblem('signing_key_unknown', `there is no signing key ${id}`, { id });
  return known;
};

export const signingKeyRoutes: readonly Route[] = [listKeys, rotate, revoke];
