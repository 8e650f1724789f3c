/** Signatures according to the Standard Webhooks specification: HMAC-SHA256 over id, time and body, one per secret. */
import { Buffer } from 'node:buffer';
import { createHmac } from 'node:crypto';

const PREFIX = 'whsec_';

/** Headers that sign a body with all secrets, so that a receiver with any of them accepts it; `at` in milliseconds. */
export const signed = (
  secrets: readonly string[],
  id: string,
  at: number,
  body: string,
): Record<string, string> => {
  const timestamp = String(Math.floor(at / 1_000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
};
