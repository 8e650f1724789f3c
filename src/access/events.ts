/** Events of API keys, in the stream `keys`. Keys are stored hashed, never in clear. */
import * as z from 'zod';

export const SCOPES = ['admin', 'operate', 'meter', 'read'] as const;
export type Scope = (typeof SCOPES)[number];

export const keyEvents = {
  /** `hash` is the SHA-256 of the whole key in hex; `prefix` is the part that may be shown. */
  KeyCreated: z.object({
    key: z.string(),
    name: z.string(),
    prefix: z.string(),
    hash: z.string(),
    scopes: z.array(z.enum(SCOPES)),
    /** Accounts the key is bound to; null: all. */
    accounts: z.array(z.string()).nullable(),
    expiresAt: z.string().nullable(),
    /** Content hash of the request, if it had an idempotency key. */
    content: z.string().nullable(),
  }),
  /** The key is void from `until` on, which may be in the future, for a rotation. */
  KeyRevoked: z.object({ key: z.string(), until: z.string() }),
  /** Recorded at most once an hour per key. */
  KeyUsed: z.object({ key: z.string() }),
};
