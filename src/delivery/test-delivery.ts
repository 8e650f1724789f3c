/**
 * A test delivery: one immediate call of a webhook, signed like a delivery and under the same rules for targets, time and
 * size. It concerns no event, so it is neither queued nor repeated nor recorded, and counts in no metric.
 */
import { randomUUID } from 'node:crypto';
import type { EventStore } from '../eventstore/event-store.ts';
import { type CallingOf, signedCall } from './signed-call.ts';
import { listWebhooks, secretsAt, TEST_TYPE, type Webhook } from './webhooks.ts';

const MESSAGE = 'This is a test delivery. Nothing has happened, and nothing needs to be done.';

/** What a test sends, and its outcome. */
export interface TestDelivery {
  readonly url: string;
  /** Of the header `webhook-id`. */
  readonly id: string;
  readonly payload: {
    readonly type: typeof TEST_TYPE;
    readonly timestamp: string;
    readonly data: { readonly webhook: string; readonly test: true; readonly message: string };
  };
  /** Number of signatures that the call carries: two or more while an earlier secret still signs. */
  readonly signatures: number;
  /** `not_sent`: a dry run. */
  readonly outcome: 'delivered' | 'failed' | 'not_sent';
  /** HTTP status of the answer; null: none came. */
  readonly status: number | null;
  /** From the call to its end, in milliseconds; null: not sent. */
  readonly durationMs: number | null;
  readonly error: string | null;
}

export interface TestingOf extends CallingOf {
  readonly of: CallingOf['of'] & { readonly store: EventStore };
}

/** What a test would send; null if there is no such webhook. Rejects with errors of the store. */
export const plannedTest = async (testing: TestingOf, name: string): Promise<TestDelivery | null> => {
  const webhook = await webhookOf(testing, name);
  return webhook && planned(testing, webhook, 'dry-run');
};

/** Calls a webhook once with a test; null if there is none. Rejects with errors of the store and SecretUnreadable. */
export const sendTest = async (
  testing: TestingOf,
  name: string,
  signal: AbortSignal,
): Promise<TestDelivery | null> => {
  const webhook = await webhookOf(testing, name);
  if (!webhook) return null;
  const test = planned(testing, webhook, `test/${randomUUID()}`);
  const began = performance.now();
  const payload = JSON.stringify(test.payload);
  const answered = await signedCall(testing, webhook, { id: test.id, payload }, signal);
  return {
    ...test,
    outcome: answered.outcome,
    status: answered.status,
    durationMs: Math.round(performance.now() - began),
    error: answered.outcome === 'failed' ? answered.error : null,
  };
};

const webhookOf = async ({ of }: TestingOf, name: string): Promise<Webhook | null> =>
  (await listWebhooks(of.store)).find(({ webhook }) => webhook === name) ?? null;

const planned = ({ of }: TestingOf, webhook: Webhook, id: string): TestDelivery => ({
  ...{ url: webhook.url, id, signatures: secretsAt(webhook, of.now()).length },
  payload: {
    type: TEST_TYPE,
    timestamp: new Date(of.now()).toISOString(),
    data: { webhook: webhook.webhook, test: true, message: MESSAGE },
  },
  ...{ outcome: 'not_sent', status: null, durationMs: null, error: null },
});
