/** Secrets that are shown once and kept nowhere in clear. */
import { createHmac, randomBytes } from 'node:crypto';
import type { Api } from './api.ts';
import { scopedKey } from './run-command.ts';

/**
 * 32 bytes for a new secret. With an idempotency key they follow from it and the server's own key, so that a repeated
 * request gets the same secret although none is kept.
 */
export const secretBytes = (api: Api, owner: string, path: string, idempotencyKey: string | null): Buffer =>
  idempotencyKey === null
    ? randomBytes(32)
    : createHmac('sha256', api.serverKey)
        .update(scopedKey(owner, path, idempotencyKey))
        .digest();
