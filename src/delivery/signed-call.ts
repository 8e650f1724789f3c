/** A call of a webhook that is signed with every secret it has at that time: of a delivery, and of a test. */
import type { Buffer } from 'node:buffer';
import type { LookupFunction } from 'node:net';
import { decrypted } from '../ledger/secrets/encryption.ts';
import { type Answered, callWebhook } from './send-webhook.ts';
import { signed } from './webhook-signature.ts';
import { secretsAt, type Webhook } from './webhooks.ts';

export interface CallingOf {
  readonly of: {
    /** The real clock, for signatures. */
    readonly now: () => number;
    readonly settings: {
      readonly allowPrivateTargets: boolean;
      readonly serverKey: Buffer;
      readonly timeoutMs: number;
    };
  };
  readonly lookup: LookupFunction;
}

/** Calls a webhook once. Rejects with SecretUnreadable; what the receiver does is in the answer. */
export const signedCall = async (
  { of, lookup }: CallingOf,
  webhook: Webhook,
  { id, payload }: { readonly id: string; readonly payload: string },
  signal: AbortSignal,
): Promise<Answered> => {
  const { allowPrivateTargets, timeoutMs, serverKey } = of.settings;
  const secrets = secretsAt(webhook, of.now()).map((secret) => decrypted(secret, serverKey));
  const headers = signed(secrets, id, of.now(), payload);
  const { url } = webhook;
  return callWebhook({ url, headers, body: payload, allowPrivateTargets, lookup, timeoutMs, signal });
};
