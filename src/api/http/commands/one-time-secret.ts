/** Secrets that are shown once and never stored in clear. */
import { createHmac, randomBytes } from 'node:crypto';
import type { Api } from '../api.ts';
import { scopedKey } from './run-command.ts';

/**
 * 32 bytes for a new secret. With an idempotency key they are derived from it and the server key, so that a retry gets
 * the same secret although none is stored.
 */
export const secretBytes = (api: Api, owner: string, path: string, idempotencyKey: string | null): Buffer =>
  idempotencyKey === null
    ? randomBytes(32)
    : createHmac('sha256', api.serverKey)
        .update(scopedKey(owner, path, idempotencyKey))
        .digest();
