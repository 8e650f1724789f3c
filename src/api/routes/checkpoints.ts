/** Checkpoints, the keys that sign them, and the audit bundle of a bill. */
import { Readable } from 'node:stream';
import * as z from 'zod';
import { NotCovered, writeBundle } from '../../audit/bundle/write.ts';
import { hexText } from '../../checkpoint/bytes.ts';
import { consistencyFile, consistencyFor } from '../../checkpoint/consistency.ts';
import type { Signed } from '../../checkpoint/log-tree.ts';
import { parseVerifierKey } from '../../checkpoint/note.ts';
import { revokeSigningKey, rotated, signingKeys } from '../../checkpoint/signing-keys.ts';
import { issuedBill } from '../../ledger/bills.ts';
import type { Api } from '../api.ts';
import { alone, contentHash, saidBy, scopedKey } from '../commands.ts';
import { ApiProblem } from '../problem.ts';
import { accountThen } from '../reads.ts';
import { type Call, type Route, route } from '../route.ts';
import * as shape from '../shapes.ts';

const checkpoint = z.object({
  size: shape.count.describe('leaves it covers'),
  root: z.string(),
  key: z.string().describe('the verifier key that signed it'),
  note: z.string().describe('the checkpoint as a signed note: keep it'),
});

const requestMark = (call: Pick<Call<unknown, unknown, unknown>, 'headers' | 'key'>, routeName: string) => {
  const { idempotencyKey } = saidBy(call.headers);
  return idempotencyKey === null
    ? null
    : { key: scopedKey(call.key.key, routeName, idempotencyKey), hash: contentHash({}) };
};

const sign = route({
  method: 'POST',
  path: '/checkpoints',
  scope: 'operate',
  tag: 'Audit',
  what: 'Sign how far every stream has come; where nothing changed, the last checkpoint is the answer',
  idempotent: true,
  params: shape.nothing,
  query: shape.nothing,
  body: null,
  answers: { 201: { what: 'the checkpoint', schema: checkpoint } },
  example: { path: '/checkpoints', status: 201 },
  handle: async (api, call) => {
    const mark = requestMark(call, 'POST /checkpoints');
    return alone(api, mark?.key ?? null, async () => {
      await api.sealer.tree.bringUp();
      const before = mark ? api.sealer.tree.askedBy(mark.key) : null;
      if (before) return { status: 201, body: shown(before.signed), headers: { 'Idempotency-Hit': 'true' } };
      return { status: 201, body: shown(await api.sealer.sign(mark)) };
    });
  },
});

const shown = ({ size, root, key, note }: Signed) => ({ size, root, key, note });

const list = route({
  method: 'GET',
  path: '/checkpoints',
  scope: 'read',
  tag: 'Audit',
  what: 'Checkpoints, smallest first; one of the same size follows where a key was changed',
  params: shape.nothing,
  query: shape.paged,
  body: null,
  answers: { 200: { what: 'a page', schema: shape.page(checkpoint) } },
  example: { path: '/checkpoints', status: 200 },
  handle: async (api, { query: { limit, cursor } }) => {
    await api.sealer.tree.bringUp();
    const after = cursor === undefined ? 0 : Number(cursor);
    if (!Number.isSafeInteger(after))
      throw new ApiProblem('invalid_request', 'cursor: is none', { field: 'cursor' });
    const { items, next } = api.sealer.tree.checkpointsAfter(after, limit);
    return { status: 200, body: { items: items.map(shown), next: next === null ? null : String(next) } };
  },
});

const consistency = route({
  method: 'GET',
  path: '/checkpoints/:size/consistency',
  scope: 'read',
  tag: 'Audit',
  what: 'The proof that the ledger at a checkpoint (a size, or `latest`) begins with an earlier one of size `from`',
  params: z.object({ size: z.string().regex(/^(latest|[1-9]\d{0,14})$/, 'a size, or latest') }),
  query: z.object({ from: z.coerce.number().int().min(1) }),
  body: null,
  answers: { 200: { what: 'the proof', schema: consistencyFile } },
  example: { path: '/checkpoints/latest/consistency?from=1', status: 200 },
  handle: async (api, { params: { size }, query: { from } }) => {
    const { tree } = api.sealer;
    await tree.bringUp();
    const to = size === 'latest' ? tree.last() : tree.checkpoints({ from: Number(size), limit: 1 })[0];
    const proof =
      to && (size === 'latest' || to.size === Number(size)) ? consistencyFor(tree, from, to) : null;
    if (!proof)
      throw new ApiProblem('checkpoint_unknown', `no checkpoint of size ${size} goes back to ${from}`, {
        size,
        from,
      });
    return { status: 200, body: proof };
  },
});

const signingKey = z.object({
  id: z.string(),
  key: z.string().describe('the verifier key: keep it'),
  statement: z.string().nullable().describe('a note in which the key before it vouches for it'),
  addedAt: shape.instant,
  revoked: z.boolean(),
});

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
      const again = async () => {
        const made = (await keysOf(api)).find(({ command }) => mark !== null && command?.key === mark.key);
        return made && { status: 201, body: made.shown, headers: { 'Idempotency-Hit': 'true' } };
      };
      const before = await again();
      if (before) return before;
      const signer = await rotated(api.ledger.store, api.serverKey, api.realNow(), mark);
      const made = (await keysOf(api)).find((key) => key.shown.key === signer.key.text);
      // The same request at another server was first.
      return made ? { status: 201, body: made.shown } : ((await again()) ?? { status: 201, body: null });
    });
  },
});

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
    const known = (await keysOf(api)).find((key) => key.shown.id === id)?.shown;
    if (!known) throw new ApiProblem('signing_key_unknown', `there is no signing key ${id}`, { id });
    await revokeSigningKey(api.ledger.store, known.key, api.realNow());
    return { status: 200, body: { ...known, revoked: true } };
  },
});

const bundle = route({
  method: 'GET',
  path: '/accounts/:account/bills/:month/bundle',
  scope: 'read',
  tag: 'Audit',
  what: 'The audit bundle of a bill: one file that proves it offline',
  params: shape.ofBill,
  query: z.object({
    withName: z.enum(['true', 'false']).optional().describe('true: with the holder’s name'),
  }),
  body: null,
  answers: {
    200: { what: 'see docs/audit-bundle.md', schema: z.string(), media: 'application/x-ndjson' },
  },
  example: { path: '/accounts/acme/bills/2019-01/bundle', status: 200 },
  handle: async (api, { params: { account, month }, query }) => {
    await accountThen(api, account);
    const { store, calendar } = api.ledger;
    const issued = await issuedBill(store, account, month);
    if (!issued)
      throw new ApiProblem('bill_unknown', `${account} has no bill of ${month}`, { account, month });
    const of = { store, tree: api.sealer.tree, serverKey: api.serverKey, zone: calendar.zone };
    const pieces = () => writeBundle(of, issued, { withHolder: query.withName === 'true' });
    let whole = pieces();
    let first = await whole.next().catch(covered);
    if (!first) {
      await api.sealer.sign();
      whole = pieces();
      first = await whole.next();
    }
    const name = `${account}-${month}.suanpan`;
    return {
      status: 200,
      headers: { 'Content-Type': NDJSON, 'Content-Disposition': `attachment; filename="${name}"` },
      body: Readable.from(joined(first.value, whole), { objectMode: false, highWaterMark: HIGH_WATER }),
    };
  },
});

const NDJSON = 'application/x-ndjson; charset=utf-8';
const HIGH_WATER = 64 * 1024;

/** Null where no checkpoint covers the bill yet. */
const covered = (error: unknown): null => {
  if (error instanceof NotCovered) return null;
  throw error;
};

async function* joined(first: string | undefined, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  if (first !== undefined) yield first;
  yield* rest;
}

export const checkpointRoutes: readonly Route[] = [sign, list, consistency, listKeys, rotate, revoke, bundle];
