/** What is recorded of keys, in the stream `keys`: each hashed, never in clear. */
import * as z from 'zod';

export const SCOPES = ['admin', 'operate', 'meter', 'read'] as const;
export type Scope = (typeof SCOPES)[number];

export const keyEvents = {
  /** `hash` is the SHA-256 of the whole key in hex; `prefix` is what may be shown of it. */
  KeyCreated: z.object({
    key: z.string(),
    name: z.string(),
    prefix: z.string(),
    hash: z.string(),
    scopes: z.array(z.enum(SCOPES)),
    /** Accounts the key is bound to; null: all. */
    accounts: z.array(z.string()).nullable(),
    expiresAt: z.string().nullable(),
    /** Hash of the request that made it, where it had an idempotency key. */
    content: z.string().nullable(),
  }),
  /** From `until` on the key is void; a rotation leaves the old one some time. */
  KeyRevoked: z.object({ key: z.string(), until: z.string() }),
  /** Said at most once an hour for a key. */
  KeyUsed: z.object({ key: z.string() }),
};
