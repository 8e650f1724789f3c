/** Webhooks: adding, listing, removing. */
import * as z from 'zod';
import {
  addWebhook,
  CHECKPOINT_TYPE,
  listWebhooks,
  removeWebhook,
  urlProblem,
  WEBHOOK_TYPES,
  WEBHOOKS,
  webhookEverAdded,
} from '../../delivery/webhooks.ts';
import { accountStream } from '../../eventstore/stream-names.ts';
import { boundedList } from '../../input/bounded-list.ts';
import { accountId, orElse } from '../../input/commands.ts';
import { sha256 } from '../../integrity/sha256.ts';
import type { Api } from '../http/api.ts';
import type { Call, Reply } from '../http/call.ts';
import { secretBytes } from '../http/commands/one-time-secret.ts';
import { contentOf } from '../http/commands/request-content.ts';
import { alone, keyReused, NOT_MADE, saidBy } from '../http/commands/run-command.ts';
import { repeated, systemEvents } from '../http/commands/would-record.ts';
import { ApiProblem } from '../http/problems/problem.ts';
import { pageOf } from '../http/reads/paging.ts';
import { type Route, route } from '../http/route.ts';
import * as shape from '../schemas/common.ts';

const webhook = z
  .object({
    webhook: z.string(),
    url: z.string(),
    types: z.array(z.string()),
    accounts: z.array(accountId).nullable(),
  })
  .meta({ id: 'Webhook' });
const newWebhook = z.strictObject({
  url: z.string().min(1).max(2_000),
  types: orElse(boundedList(z.enum(WEBHOOK_TYPES), 1, 100), ['*']),
  accounts: shape.boundTo,
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
  body: newWebhook,
  answers: { 201: { what: 'added', schema: webhook.extend({ secret: z.string() }) } },
  example: {
    path: '/webhooks',
    body: { url: 'https://example.com/hooks', types: ['bill.issued', 'notice.*'] },
    status: 201,
  },
  handle: async (api, call) => {
    const asked = webhookAsked(api, call);
    return alone(api, asked.idempotencyKey === null ? null : asked.webhook, async () => {
      const before = await addedBefore(api, asked);
      if (before) return before;
      await checkDelivers(api, call.body);
      const added = { webhook: asked.webhook, ...call.body, secret: asked.secret };
      const { store } = api.ledger;
      const isNew = await addWebhook(store, added, api.clock.now(), api.recordedAt(), api.serverKey);
      // The same request at another server was first.
      const other = isNew ? null : await addedBefore(api, asked);
      return other ?? { status: 201, body: added };
    });
  },
  tryOut: async (api, call) => {
    const before = repeated(await addedBefore(api, webhookAsked(api, call)));
    if (before) return before;
    await checkDelivers(api, call.body);
    const added = { webhook: NOT_MADE, ...call.body, secret: NOT_MADE };
    const wouldRecord = await systemEvents(api, WEBHOOKS, api.clock.now(), ['WebhookAdded', added]);
    return { status: 201, body: added, wouldRecord };
  },
});

/** A validated request for a webhook; with an idempotency key, its id and secret are derived from that. */
const webhookAsked = (
  api: Api,
  { body, key: owner, headers }: Call<unknown, unknown, z.infer<typeof newWebhook>>,
) => {
  const problem = urlProblem(body.url);
  const forbidden = problem ?? api.delivery?.targetProblem(body.url) ?? null;
  if (forbidden) throw new ApiProblem('invalid_request', `url: ${forbidden}`, { field: 'url' });
  const { idempotencyKey } = saidBy(headers);
  const bytes = secretBytes(api, owner.key, 'POST /webhooks', idempotencyKey);
  return {
    webhook: `wh_${sha256(bytes.toString('hex')).slice(0, 24)}`,
    secret: `whsec_${bytes.toString('base64')}`,
    content: contentOf(newWebhook, body),
    idempotencyKey,
  };
};

/** Throws for an account or a type of which a bound webhook would never be called. */
const checkDelivers = async (
  { ledger }: Api,
  { types, accounts }: z.infer<typeof newWebhook>,
): Promise<void> => {
  if (accounts === null) return;
  const signed = types.indexOf(CHECKPOINT_TYPE);
  if (signed >= 0)
    throw new ApiProblem(
      'invalid_request',
      `types.${signed}: ${CHECKPOINT_TYPE} belongs to no account, so a webhook bound to accounts never gets it`,
      { field: `types.${signed}` },
    );
  for (const [i, account] of accounts.entries()) {
    if ((await ledger.store.head(accountStream(account))).length > 0) continue;
    const field = `accounts.${i}`;
    throw new ApiProblem('account_unknown', `${field}: there is no account ${account}`, { field, account });
  }
};

/** The answer to an earlier request with the same key, even if the webhook was removed since; null if new. */
const addedBefore = async (
  api: Api,
  { webhook: id, secret, content, idempotencyKey }: ReturnType<typeof webhookAsked>,
): Promise<Reply | null> => {
  const before = await webhookEverAdded(api.ledger.store, id);
  if (!before) return null;
  const { url, types, accounts } = before;
  if (contentOf(newWebhook, { url, types, accounts }).hash !== content.hash) return keyReused(idempotencyKey);
  return {
    status: 201,
    body: { webhook: id, url, types, accounts, secret },
    headers: { 'Idempotency-Hit': 'true' },
  };
};

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
    await checkWebhook(api, params.webhook);
    await removeWebhook(api.ledger.store, params.webhook, api.clock.now(), api.recordedAt());
    return { status: 200, body: params };
  },
  tryOut: async (api, { params }) => {
    await checkWebhook(api, params.webhook);
    const wouldRecord = await systemEvents(api, WEBHOOKS, api.clock.now(), ['WebhookRemoved', params]);
    return { status: 200, body: params, wouldRecord };
  },
});

/** Throws for a webhook that does not exist. */
export const checkWebhook = async (api: Api, webhook: string): Promise<void> => {
  if ((await listWebhooks(api.ledger.store)).some((one) => one.webhook === webhook)) return;
  throw new ApiProblem('webhook_unknown', `there is no webhook ${webhook}`, { webhook });
};

export const webhookRoutes: readonly Route[] = [createWebhook, webhooks, deleteWebhook];
