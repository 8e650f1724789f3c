/** What is recorded of checkpoints: the keys that sign, and the log of leaves and signatures. */
import * as z from 'zod';
import { requestMark } from '../ledger/system/request-mark.ts';

export const checkpointEvents = {
  /**
   * A key that signs checkpoints: its verifier key as text, its private key encrypted, and a note in which the key
   * before it vouches for it; null for the first, and after all before it were revoked.
   */
  SigningKeyAdded: z.object({
    key: z.string(),
    secret: z.string(),
    statement: z.string().nullable(),
    command: requestMark,
  }),
  /** Nothing that the key signs from now on counts. */
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
