/** Checkpoints: signed, listed, and the proof that a later one continues an earlier one. */
import * as z from 'zod';
import { coveringCheckpoint } from '../../audit/bundle/covering-checkpoint.ts';
import { closeAt } from '../../audit/replay/close-at.ts';
import { checkpointOf, consistencyFile } from '../../checkpoint/consistency-proof.ts';
import { LOG } from '../../checkpoint/leaf.ts';
import type { Signed } from '../../checkpoint/log-tables.ts';
import { wouldCover } from '../../checkpoint/sign-checkpoint.ts';
import { signingKeys } from '../../checkpoint/signing-keys.ts';
import { consistencyFor } from '../../checkpoint/tree-proofs.ts';
import type { RequestMark } from '../../ledger/system/request-mark.ts';
import type { Api } from '../http/api.ts';
import type { Reply } from '../http/call.ts';
import { alone, NOT_MADE, requestMark } from '../http/commands/run-command.ts';
import { systemEvents } from '../http/commands/would-record.ts';
import { ApiProblem } from '../http/problems/problem.ts';
import { cursorNumber } from '../http/reads/paging.ts';
import { type Route, route } from '../http/route.ts';
import * as shape from '../schemas/common.ts';
import { billOf } from './bills.ts';

const checkpoint = z
  .object({
    size: shape.count.describe('leaves it covers'),
    root: z.string(),
    key: z.string().describe('the verifier key that signed it'),
    note: z.string().describe('the checkpoint as a signed note: keep it'),
    signedAt: shape.instant.nullable().describe('as the note says'),
  })
  .meta({ id: 'Checkpoint' });

const sign = route({
  method: 'POST',
  path: '/checkpoints',
  scope: 'operate',
  tag: 'Audit',
  what: 'Sign the head of every stream; where nothing changed, the answer is the last checkpoint',
  idempotent: true,
  params: shape.nothing,
  query: shape.nothing,
  body: null,
  answers: { 201: { what: 'the checkpoint', schema: checkpoint } },
  example: { path: '/checkpoints', status: 201 },
  handle: async (api, call) => {
    const mark = requestMark(call, 'POST /checkpoints');
    return alone(
      api,
      mark?.key ?? null,
      async () =>
        (await signedBefore(api, mark)) ?? { status: 201, body: shown(await api.sealer.sign(mark)) },
    );
  },
  tryOut: async (api, call) => {
    const mark = requestMark(call, 'POST /checkpoints');
    const before = await signedBefore(api, mark);
    if (before) return { ...before, wouldRecord: [] };
    const size = await wouldCover({ store: api.ledger.store, tree: api.sealer.tree });
    const last = api.sealer.tree.last();
    const keys = (await signingKeys(api.ledger.store)).filter(({ revoked }) => !revoked);
    const signs = keys.at(-1)?.key ?? NOT_MADE;
    if (!mark && last?.size === size && last.key === signs)
      return { status: 201, body: shown(last), wouldRecord: [] };
    const signed = { size, root: NOT_MADE, key: signs, note: NOT_MADE };
    const leaves = { from: last?.size ?? 0, leaves: NOT_MADE };
    const wouldRecord = await systemEvents(
      api,
      LOG,
      api.realNow(),
      ...(last?.size === size ? [] : [['LeavesAdded', leaves] as const]),
      ['CheckpointSigned', signed],
    );
    return { status: 201, body: { ...signed, signedAt: null }, wouldRecord };
  },
});

/** The checkpoint of an earlier request with the same key; null for a new request. */
const signedBefore = async (api: Api, mark: RequestMark | null): Promise<Reply | null> => {
  await api.sealer.tree.bringUp();
  const before = mark && api.sealer.tree.askedBy(mark.key);
  return before && { status: 201, body: shown(before.signed), headers: { 'Idempotency-Hit': 'true' } };
};

const shown = ({ size, root, key, note }: Signed) => ({
  ...{ size, root, key, note },
  signedAt: checkpointOf(note)?.time ?? null,
});

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
    const after = cursorNumber(cursor);
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
  query: z.object({ from: shape.queryNumber(1, shape.NUMBER_MAX) }),
  body: null,
  answers: { 200: { what: 'the proof', schema: consistencyFile } },
  example: { path: '/checkpoints/latest/consistency?from=1', status: 200 },
  handle: async (api, { params: { size }, query: { from } }) => {
    const { tree } = api.sealer;
    await tree.bringUp();
    const to = size === 'latest' ? tree.last() : tree.checkpoints({ from: Number(size), limit: 1 })[0];
    const proof =
      to && (size === 'latest' || to.size === Number(size)) ? await consistencyFor(tree, from, to) : null;
    if (!proof)
      throw new ApiProblem('checkpoint_unknown', `no checkpoint of size ${size} goes back to ${from}`, {
        size,
        from,
      });
    return { status: 200, body: proof };
  },
});

const ofBill = route({
  method: 'GET',
  path: '/accounts/:account/bills/:month/checkpoint',
  scope: 'read',
  tag: 'Audit',
  what: 'The first checkpoint, by a key that is not revoked, that covers a bill; null while none does',
  params: shape.ofBill,
  query: shape.nothing,
  body: null,
  answers: { 200: { what: 'which one', schema: z.object({ checkpoint: checkpoint.nullable() }) } },
  example: { path: '/accounts/acme/bills/2019-01/checkpoint', status: 200 },
  handle: async (api, { params: { account, month } }) => {
    const { bill, closed } = await billOf(api, account, month);
    const { stream } = bill.events;
    const { store } = api.ledger;
    const { catalogue: published } = (await closeAt(store, stream, closed)).data;
    const covering = await coveringCheckpoint({ store, tree: api.sealer.tree }, stream, closed, published);
    return { status: 200, body: { checkpoint: covering && shown(covering.signed) } };
  },
});

export const checkpointRoutes: readonly Route[] = [sign, list, consistency, ofBill];
