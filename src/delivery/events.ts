/** Events of delivery: webhooks, contacts, final outcomes, and the lease. Secrets are encrypted. */
import * as z from 'zod';
import { requestMark } from '../ledger/system/request-mark.ts';

const contacts = z.object({
  email: z.string().nullable(),
  phone: z.string().nullable(),
  wechat: z.string().nullable(),
});
export type Contacts = z.infer<typeof contacts>;

export const deliveryEvents = {
  /** `secret` is the signing secret, encrypted; `types` are event types or notice kinds, or `*`. */
  WebhookAdded: z.object({
    webhook: z.string(),
    url: z.string(),
    types: z.array(z.string()),
    accounts: z.array(z.string()).nullable(),
    secret: z.string(),
  }),
  /** A new signing secret, encrypted; the previous one also signs until `previousUntil`, by the real clock. */
  WebhookSecretRotated: z.object({
    webhook: z.string(),
    secret: z.string(),
    previousUntil: z.string(),
    command: requestMark,
  }),
  WebhookRemoved: z.object({ webhook: z.string() }),
  ContactsSet: z.object({ account: z.string(), ...contacts.shape }),
  /** Final outcomes of deliveries; `delivery` names notice or event, channel and target. */
  DeliveriesSettled: z.object({
    deliveries: z.array(
      z.object({
        delivery: z.string(),
        outcome: z.enum(['delivered', 'dead']),
        attempts: z.int(),
        error: z.string().nullable(),
      }),
    ),
  }),
  /** A dead letter that is resent; events of earlier releases have no `command`. */
  DeliveryResent: z.object({ delivery: z.string(), command: requestMark.optional() }),
  /** The server that delivers, and until when. */
  DeliveryLeased: z.object({ holder: z.string(), until: z.string() }),
};
