/** Webhooks, and deliveries that were given up. */
import * as z from 'zod';
import {
  addWebhook,
  listWebhooks,
  removeWebhook,
  rotatedUnder,
  rotateSecret,
  urlProblem,
  WEBHOOK_TYPES,
} from '../../delivery/webhooks.ts';
import { accountId } from '../../edge/commands.ts';
import { sha256 } from '../../store/sha256.ts';
import { alone, contentHash, saidBy, scopedKey } from '../commands.ts';
import { ApiProblem } from '../problem.ts';
import { pageOf } from '../reads.ts';
import { type Route, route } from '../route.ts';
import { secretBytes } from '../secrets.ts';
import * as shape from '../shapes.ts';

const webhook = z.object({
  webhook: z.string(),
  url: z.string(),
  types: z.array(z.string()),
  accounts: z.array(accountId).nullable(),
});
const createWebhook = route({
  method: 'POST',
  path: '/webhooks',
  scope: 'admin',
  tag: 'Webhooks',
  what: 'Add a webhook (Standard Webhooks); its signing secret is shown this once',
  idempotent: true,
  params: shape.nothing,
  query: shape.nothing,
  body: z.object({
    url: z.string().min(1).max(2_000),
    types: z.array(z.enum(WEBHOOK_TYPES)).min(1).max(100).default(['*']),
    accounts: shape.boundTo,
  }),
  answers: { 201: { what: 'added', schema: webhook.extend({ secret: z.string() }) } },
  example: {
    path: '/webhooks',
    body: { url: 'https://example.com/hooks', types: ['bill.issued', 'notice.*'] },
    status: 201,
  },
  handle: async (api, { body, key: owner, headers }) => {
    const problem = urlProblem(body.url);
    if (problem) throw new ApiProblem('invalid_request', `url: ${problem}`, { field: 'url' });
    const forbidden = api.delivery?.targetProblem(body.url) ?? null;
    if (forbidden) throw new ApiProblem('invalid_request', `url: ${forbidden}`, { field: 'url' });
    const { idempotencyKey } = saidBy(headers);
    const bytes = secretBytes(api, owner.key, 'POST /webhooks', idempotencyKey);
    const id = `wh_${sha256(bytes.toString('hex')).slice(0, 24)}`;
    const secret = `whsec_${bytes.toString('base64')}`;
    const again = async () => {
      const before = (await listWebhooks(api.ledger.store)).find((one) => one.webhook === id);
      if (!before) return null;
      const { url, types, accounts: bound } = before;
      if (contentHash({ url, types, accounts: bound }) !== contentHash(body))
        throw new ApiProblem('idempotency_key_reused', 'this key came before with other content');
      const hit = { webhook: id, url, types, accounts: bound, secret };
      return { status: 201, body: hit, headers: { 'Idempotency-Hit': 'true' } };
    };
    return alone(api, idempotencyKey === null ? null : id, async () => {
      const before = await again();
      if (before) return before;
      const added = { webhook: id, ...body, secret };
      const { store } = api.ledger;
      const isNew = await addWebhook(store, added, api.clock.now(), api.recordedAt(), api.serverKey);
      // The same request at another server was first.
      const other = isNew ? null : await again();
      return other ?? { status: 201, body: added };
    });
  },
});

const webhooks = route({
  method: 'GET',
  path: '/webhooks',
  scope: 'admin',
  tag: 'Webhooks',
  what: 'Webhooks there are, without their secrets',
  params: shape.nothing,
  query: shape.paged,
  body: null,
  answers: { 200: { what: 'a page', schema: shape.page(webhook) } },
  example: { path: '/webhooks', status: 200 },
  handle: async (api, { query }) => {
    const all = await listWebhooks(api.ledger.store);
    const shown = all.map(({ webhook: id, url, types, accounts: bound }) => ({
      webhook: id,
      url,
      types,
      accounts: bound,
    }));
    return { status: 200, body: pageOf(shown, query) };
  },
});

const deleteWebhook = route({
  method: 'DELETE',
  path: '/webhooks/:webhook',
  scope: 'admin',
  tag: 'Webhooks',
  what: 'Remove a webhook',
  params: z.object({ webhook: z.string().max(100) }),
  query: shape.nothing,
  body: null,
  answers: { 200: { what: 'removed', schema: z.object({ webhook: z.string() }) } },
  example: { path: '/webhooks/:webhook', status: 200 },
  handle: async (api, { params }) => {
    const all = await listWebhooks(api.ledger.store);
    if (!all.some((one) => one.webhook === params.webhook))
      throw new ApiProblem('webhook_unknown', `there is no webhook ${params.webhook}`, params);
    await removeWebhook(api.ledger.store, params.webhook, api.clock.now(), api.recordedAt());
    return { status: 200, body: params };
  },
});

const DAY_SECONDS = 86_400;
const OVERLAP_DAYS_MAX = 90;
const rotateWebhook = route({
  method: 'POST',
  path: '/webhooks/:webhook/rotation',
  scope: 'admin',
  tag: 'Webhooks',
  what: 'Give a webhook a new signing secret; for some time its calls carry the signatures of both',
  idempotent: true,
  params: z.object({ webhook: z.string().max(100) }),
  query: shape.nothing,
  body: z.object({
    overlapSeconds: z
      .int()
      .min(0)
      .max(OVERLAP_DAYS_MAX * DAY_SECONDS)
      .default(DAY_SECONDS),
  }),
  answers: {
    201: {
      what: 'the new secret, and until when the one before signs too',
      schema: z.object({ webhook: z.string(), secret: z.string(), previousUntil: shape.instant }),
    },
  },
  example: { path: '/webhooks/:webhook/rotation', body: { overlapSeconds: 3600 }, status: 201 },
  handle: async (api, { params: { webhook: id }, body, key: owner, headers }) => {
    const { store } = api.ledger;
    const { idempotencyKey } = saidBy(headers);
    const path = `POST /webhooks/${id}/rotation`;
    const secret = `whsec_${secretBytes(api, owner.key, path, idempotencyKey).toString('base64')}`;
    const scoped = idempotencyKey === null ? null : scopedKey(owner.key, path, idempotencyKey);
    const command = scoped === null ? null : { key: scoped, hash: contentHash(body) };
    const again = async () => {
      const before = command && (await rotatedUnder(store, id, command.key));
      if (!before) return null;
      if (before.command?.hash !== command.hash)
        throw new ApiProblem('idempotency_key_reused', 'this key came before with other content');
      const { previousUntil } = before;
      return {
        status: 201,
        body: { webhook: id, secret, previousUntil },
        headers: { 'Idempotency-Hit': 'true' },
      };
    };
    return alone(api, scoped, async () => {
      const before = await again();
      if (before) return before;
      if (!(await listWebhooks(store)).some((one) => one.webhook === id))
        throw new ApiProblem('webhook_unknown', `there is no webhook ${id}`, { webhook: id });
      const until = api.realNow() + body.overlapSeconds * 1_000;
      const rotation = { webhook: id, secret, previousUntil: until, command };
      const isNew = await rotateSecret(store, rotation, api.clock.now(), api.recordedAt(), api.serverKey);
      const other = isNew ? null : await again();
      const previousUntil = new Date(until).toISOString();
      return other ?? { status: 201, body: { webhook: id, secret, previousUntil } };
    });
  },
});

const dead = z.object({
  delivery: z.string(),
  attempts: shape.count,
  error: z.string().nullable(),
  at: shape.instant,
});
const deadLetters = route({
  method: 'GET',
  path: '/deliveries/dead',
  scope: 'operate',
  tag: 'Webhooks',
  what: 'Deliveries that were given up',
  params: shape.nothing,
  query: shape.paged,
  body: null,
  answers: { 200: { what: 'a page', schema: shape.page(dead) } },
  example: { path: '/deliveries/dead', status: 200 },
  handle: async (api, { query }) => ({
    status: 200,
    body: pageOf((await api.delivery?.deadLetters()) ?? [], query),
  }),
});

const resend = route({
  method: 'POST',
  path: '/deliveries/resend',
  scope: 'operate',
  tag: 'Webhooks',
  what: 'Try a dead delivery again',
  idempotent: true,
  params: shape.nothing,
  query: shape.nothing,
  body: z.object({ delivery: z.string().min(1).max(300) }),
  answers: { 202: { what: 'will be tried', schema: z.object({ delivery: z.string() }) } },
  example: { path: '/deliveries/resend', body: { delivery: 'none' }, status: 404 },
  handle: async (api, { body, key, headers }) => {
    const { idempotencyKey } = saidBy(headers);
    const scoped = idempotencyKey && scopedKey(key.key, 'POST /deliveries/resend', idempotencyKey);
    const mark = scoped ? { key: scoped, hash: contentHash(body) } : null;
    const resent = await alone(api, scoped, async () => api.delivery?.resend(body.delivery, mark));
    if (resent === 'reused')
      throw new ApiProblem('idempotency_key_reused', 'this key came before with other content');
    if (resent === undefined || resent === 'unknown')
      throw new ApiProblem('delivery_unknown', `no delivery ${body.delivery} was given up`, body);
    return { status: 202, body, headers: resent === 'repeated' ? { 'Idempotency-Hit': 'true' } : {} };
  },
});

export const webhookRoutes: readonly Route[] = [
  createWebhook,
  webhooks,
  rotateWebhook,
  deleteWebhook,
  deadLetters,
  resend,
];
