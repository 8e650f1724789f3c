/** Webhooks as facts: where facts and notices are sent, which, and the secret that signs them (encrypted). */
import type { Buffer } from 'node:buffer';
import type { Instant } from '../domain/calendar.ts';
import type { EventType } from '../domain/events.ts';
import type { SideData } from '../ledger/side-events.ts';
import { appendSide, readSide } from '../ledger/side-streams.ts';
import type { EventStore } from '../store/event-store.ts';
import { encrypted } from '../store/secrets.ts';

export const WEBHOOKS = 'webhooks';
export type Webhook = SideData['WebhookAdded'];

/** Facts that webhooks carry, by the names they have there. */
export const FACT_TYPES = {
  AccountOpened: 'account.opened',
  ServiceActivated: 'service.activated',
  FundsDeposited: 'funds.deposited',
  CreditGranted: 'credit.granted',
  PackPurchased: 'pack.purchased',
  PackExpired: 'pack.expired',
  PackVoided: 'pack.voided',
  UsageCorrected: 'usage.corrected',
  MonthClosed: 'bill.issued',
  FreezeFailed: 'freeze.failed',
  AccountSuspended: 'account.suspended',
  SuspensionLifted: 'account.resumed',
  DisputeOpened: 'dispute.opened',
  DisputeResolved: 'dispute.resolved',
} as const satisfies { readonly [Type in EventType]?: string };

/** A signed checkpoint: it is of no account, so webhooks bound to some do not get it. */
export const CHECKPOINT_TYPE = 'checkpoint.signed';

/** What a webhook may ask for: a fact, a kind of notice, all notices, or everything. */
export const WEBHOOK_TYPES = [
  '*',
  'notice.*',
  ...Object.values(FACT_TYPES),
  CHECKPOINT_TYPE,
  'notice.pack_low',
  'notice.pack_exhausted',
  'notice.pack_expiring',
  'notice.bill_issued',
  'notice.freeze_failed',
  'notice.suspended',
  'notice.resumed',
  'notice.price_not_agreed',
] as const;

/** Whether a webhook asked for a type of an account. */
export const wants = ({ types, accounts }: Webhook, type: string, account: string | null): boolean =>
  (accounts === null || (account !== null && accounts.includes(account))) &&
  types.some((own) => own === '*' || own === type || (own === 'notice.*' && type.startsWith('notice.')));

/** What is wrong with a target's address; null when it may be one. Where it leads is looked at when it is called. */
export const urlProblem = (text: string): string | null => {
  if (!URL.canParse(text)) return 'is no address';
  const { protocol, username, password, hash } = new URL(text);
  if (protocol !== 'https:' && protocol !== 'http:') return 'must be https: or http:';
  if (username !== '' || password !== '') return 'must have no user or password in it';
  return hash === '' ? null : 'must have no fragment';
};

/** Adds a webhook whose signing secret is `whsec_` and base64; false where there is one of that id. */
export const addWebhook = async (
  store: EventStore,
  webhook: Webhook,
  at: Instant,
  recordedAt: string,
  serverKey: Buffer,
): Promise<boolean> => {
  const stored = { ...webhook, secret: encrypted(webhook.secret, serverKey) };
  // The same request at another server, at the same time, has added it already.
  const unlessAdded = async () =>
    (await listWebhooks(store)).some((one) => one.webhook === webhook.webhook) ? [] : [stored];
  return (await appendSide(store, WEBHOOKS, 'WebhookAdded', at, recordedAt, unlessAdded)) !== null;
};

export const removeWebhook = async (
  store: EventStore,
  webhook: string,
  at: Instant,
  recordedAt: string,
): Promise<void> => {
  await appendSide(store, WEBHOOKS, 'WebhookRemoved', at, recordedAt, async () => [{ webhook }]);
};

/** The webhooks there are now, their secrets encrypted. */
export const listWebhooks = async (store: EventStore): Promise<Webhook[]> => {
  const all = new Map<string, Webhook>();
  for (const { type, data } of await readSide(store, WEBHOOKS)) {
    if (type === 'WebhookAdded') all.set(data.webhook, data);
    if (type === 'WebhookRemoved') all.delete(data.webhook);
  }
  return [...all.values()];
};
