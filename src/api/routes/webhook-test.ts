/** A test delivery of a webhook: one call at once, of which nothing is recorded. */
import * as z from 'zod';
import type { TestDelivery } from '../../delivery/test-delivery.ts';
import type { Reply } from '../http/call.ts';
import { ApiProblem } from '../http/problems/problem.ts';
import { type Route, route } from '../http/route.ts';
import { WEBHOOK_TEST } from '../openapi/webhook-shapes.ts';
import * as shape from '../schemas/common.ts';

const tested = z
  .object({
    webhook: z.string(),
    url: z.string(),
    id: z.string().describe('the header webhook-id'),
    payload: WEBHOOK_TEST,
    signatures: shape.count.describe('signatures of the call: one per secret that signs now'),
    outcome: z.enum(['delivered', 'failed', 'not_sent']).describe('not_sent: a dry run'),
    status: z.int().nullable().describe('HTTP status of the answer; null: none came'),
    durationMs: shape.count.nullable().describe('from the call to its end, in milliseconds'),
    error: z.string().nullable(),
  })
  .meta({ id: 'WebhookTest' });

/** Not idempotent: each request is a call of its own, and nothing of it is kept. */
const testWebhook = route({
  method: 'POST',
  path: '/webhooks/:webhook/test',
  scope: 'admin',
  tag: 'Webhooks',
  what: 'Call a webhook once with a test, and tell the outcome; nothing is recorded',
  params: z.object({ webhook: z.string().max(100) }),
  query: shape.nothing,
  body: null,
  answers: { 200: { what: 'what was sent, and the outcome', schema: tested } },
  example: { path: '/webhooks/none/test', status: 404 },
  handle: async (api, { params: { webhook } }) =>
    testReply(webhook, (await api.delivery?.test(webhook)) ?? null),
  tryOut: async (api, { params: { webhook } }) => ({
    ...testReply(webhook, (await api.delivery?.plannedTest(webhook)) ?? null),
    wouldRecord: [],
  }),
});

const testReply = (webhook: string, test: TestDelivery | null): Reply => {
  if (!test) throw new ApiProblem('webhook_unknown', `there is no webhook ${webhook}`, { webhook });
  return { status: 200, body: { webhook, ...test } };
};

export const webhookTestRoutes: readonly Route[] = [testWebhook];
