/** What is recorded of the key that secrets are encrypted under, in the stream `secret`. */
import * as z from 'zod';

export const secretEvents = {
  /** HMAC of the ledger's name under the key that secrets are encrypted under; the last one holds. Stream `secret`. */
  SecretChecked: z.object({ check: z.string() }),
};
