/** Events of checkpoints: signing keys, and the log of leaves and signatures. */
import * as z from 'zod';
import { requestMark } from '../ledger/system/request-mark.ts';

export const checkpointEvents = {
  /**
   * A key that signs checkpoints: its verifier key as text, its encrypted private key, and a note by which the previous
   * key vouches for it; null for the first key, and if all previous ones are revoked.
   */
  SigningKeyAdded: z.object({
    key: z.string(),
    secret: z.string(),
    statement: z.string().nullable(),
    command: requestMark,
  }),
  /** The key's signatures are invalid from now on. */
  SigningKeyRevoked: z.object({ key: z.string() }),
  /** Leaves of the log from number `from` on: stream, last revision and its hash in hex. */
  LeavesAdded: z.object({
    from: z.int(),
    leaves: z.array(z.tuple([z.string(), z.int(), z.string()])),
  }),
  /** The log's first `size` leaves, signed. */
  CheckpointSigned: z.object({
    size: z.int(),
    root: z.string(),
    key: z.string(),
    note: z.string(),
    command: requestMark,
  }),
};
