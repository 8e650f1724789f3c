/** Events of the key that encrypts secrets, in the stream `secret`. */
import * as z from 'zod';

export const secretEvents = {
  /** HMAC of the ledger's name under the key that encrypts secrets; the last one is valid. */
  SecretChecked: z.object({ check: z.string() }),
};
