/** Signatures by the Standard Webhooks specification: HMAC-SHA256 over id, time and body. */
import { Buffer } from 'node:buffer';
import { createHmac } from 'node:crypto';

const PREFIX = 'whsec_';

/** The headers that sign a body; `at` in milliseconds. */
export const signed = (secret: string, id: string, at: number, body: string): Record<string, string> => {
  const timestamp = String(Math.floor(at / 1_000));
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
};
