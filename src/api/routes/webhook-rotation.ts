/** Rotation of a webhook's signing secret, with an overlap. */
import * as z from 'zod';
import { rotatedUnder, rotateSecret, WEBHOOKS } from '../../delivery/webhooks.ts';
import { orElse } from '../../input/commands.ts';
import type { Api } from '../http/api.ts';
import type { Call, Reply } from '../http/call.ts';
import { secretBytes } from '../http/commands/one-time-secret.ts';
import { contentOf } from '../http/commands/request-content.ts';
import { alone, keyReused, NOT_MADE, saidBy, scopedKey } from '../http/commands/run-command.ts';
import { repeated, systemEvents } from '../http/commands/would-record.ts';
import { type Route, route } from '../http/route.ts';
import * as shape from '../schemas/common.ts';
import { checkWebhook } from './webhooks.ts';

const DAY_SECONDS = 86_400;
const OVERLAP_DAYS_MAX = 90;
const overlap = z.strictObject({
  overlapSeconds: orElse(
    z
      .int()
      .min(0)
      .max(OVERLAP_DAYS_MAX * DAY_SECONDS),
    DAY_SECONDS,
  ),
});
const rotateWebhook = route({
  method: 'POST',
  path: '/webhooks/:webhook/rotation',
  scope: 'admin',
  tag: 'Webhooks',
  what: 'Give a webhook a new signing secret; for some time its calls carry the signatures of both',
  idempotent: true,
  params: z.object({ webhook: z.string().max(100) }),
  query: shape.nothing,
  body: overlap,
  answers: {
    201: {
      what: 'the new secret, and until when the one before signs too',
      schema: z.object({ webhook: z.string(), secret: z.string(), previousUntil: shape.instant }),
    },
  },
  example: { path: '/webhooks/:webhook/rotation', body: { overlapSeconds: 3600 }, status: 201 },
  handle: async (api, call) => {
    const { webhook, secret, command } = rotationAsked(api, call);
    return alone(api, command?.key ?? null, async () => {
      const before = await rotatedBefore(api, call);
      if (before) return before;
      await checkWebhook(api, webhook);
      const previousUntil = overlapEnd(api, call.body);
      const rotation = { webhook, secret, previousUntil, command };
      const { store } = api.ledger;
      const isNew = await rotateSecret(store, rotation, api.clock.now(), api.recordedAt(), api.serverKey);
      // The same request at another server was first.
      const other = isNew ? null : await rotatedBefore(api, call);
      return other ?? rotationReply(webhook, secret, new Date(previousUntil).toISOString());
    });
  },
  tryOut: async (api, call) => {
    const before = repeated(await rotatedBefore(api, call));
    if (before) return before;
    const { webhook } = call.params;
    await checkWebhook(api, webhook);
    const previousUntil = new Date(overlapEnd(api, call.body)).toISOString();
    const rotated = { webhook, secret: NOT_MADE, previousUntil };
    const wouldRecord = await systemEvents(api, WEBHOOKS, api.clock.now(), ['WebhookSecretRotated', rotated]);
    return { ...rotationReply(webhook, NOT_MADE, previousUntil), wouldRecord };
  },
});

type RotationCall = Call<{ readonly webhook: string }, unknown, z.infer<typeof overlap>>;

/** A request for a new secret, which is derived from its idempotency key, if any. */
const rotationAsked = (api: Api, { params: { webhook }, body, key: owner, headers }: RotationCall) => {
  const { idempotencyKey } = saidBy(headers);
  const path = `POST /webhooks/${webhook}/rotation`;
  const secret = `whsec_${secretBytes(api, owner.key, path, idempotencyKey).toString('base64')}`;
  const hash = contentOf(overlap, body).hash;
  const command = idempotencyKey === null ? null : { key: scopedKey(owner.key, path, idempotencyKey), hash };
  return { webhook, secret, command };
};

/** The answer to an earlier request with the same key; null if new. */
const rotatedBefore = async (api: Api, call: RotationCall): Promise<Reply | null> => {
  const { webhook, secret, command } = rotationAsked(api, call);
  const before = command && (await rotatedUnder(api.ledger.store, webhook, command.key));
  if (!before) return null;
  if (before.command?.hash !== command.hash) return keyReused(saidBy(call.headers).idempotencyKey);
  return { ...rotationReply(webhook, secret, before.previousUntil), headers: { 'Idempotency-Hit': 'true' } };
};

const overlapEnd = (api: Api, { overlapSeconds }: z.infer<typeof overlap>): number =>
  api.realNow() + overlapSeconds * 1_000;

const rotationReply = (webhook: string, secret: string, previousUntil: string): Reply => ({
  status: 201,
  body: { webhook, secret, previousUntil },
});

export const webhookRotationRoutes: readonly Route[] = [rotateWebhook];
