/** Webhooks as events: where events and notices are sent, which, and the secret that signs them (encrypted). */
import type { Buffer } from 'node:buffer';
import type { Instant } from '../domain/calendar.ts';
import type { EventType } from '../domain/events.ts';
import type { EventStore } from '../eventstore/event-store.ts';
import { encrypted } from '../ledger/secrets/encryption.ts';
import { endedBy, type ReadSystemEvent } from '../ledger/system/codec.ts';
import type { SystemEventData } from '../ledger/system/events.ts';
import type { RequestMark } from '../ledger/system/request-mark.ts';
import { appendSystem, readSystem } from '../ledger/system/streams.ts';

export const WEBHOOKS = 'webhooks';

/** A webhook as it stands; `secret` is the newest, `earlier` those that still sign for some time. All are encrypted. */
export interface Webhook extends Readonly<SystemEventData['WebhookAdded']> {
  readonly earlier: readonly { readonly secret: string; readonly until: string }[];
}

/** Events that webhooks carry, by the names they have there. */
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

/** What a webhook may ask for: an event, a kind of notice, all notices, or everything. */
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
  // A parser takes these out, so that the address would not be the one that is shown.
  if (/[\s\p{Cc}]/u.test(text)) return 'must have no blank or control character in it';
  if (!URL.canParse(text)) return 'is not a valid URL';
  const { protocol, username, password, hash } = new URL(text);
  if (protocol !== 'https:' && protocol !== 'http:') return 'must be https: or http:';
  if (username !== '' || password !== '') return 'must have no user or password in it';
  return hash === '' ? null : 'must have no fragment';
};

/** Adds a webhook whose signing secret is `whsec_` and base64; false where there is one of that id. */
export const addWebhook = async (
  store: EventStore,
  webhook: SystemEventData['WebhookAdded'],
  at: Instant,
  recordedAt: string,
  serverKey: Buffer,
): Promise<boolean> => {
  const stored = { ...webhook, secret: encrypted(webhook.secret, serverKey) };
  // The same request at another server, at the same time, has added it already.
  const unlessAdded = async () => ((await webhookEverAdded(store, webhook.webhook)) ? [] : [stored]);
  return (await appendSystem(store, WEBHOOKS, 'WebhookAdded', at, recordedAt, unlessAdded)) !== null;
};

export const removeWebhook = async (
  store: EventStore,
  webhook: string,
  at: Instant,
  recordedAt: string,
): Promise<void> => {
  await appendSystem(store, WEBHOOKS, 'WebhookRemoved', at, recordedAt, async () => [{ webhook }]);
};

/** A webhook as it was added, also one that was removed since; null where there never was one of that id. */
export const webhookEverAdded = async (
  store: EventStore,
  webhook: string,
): Promise<SystemEventData['WebhookAdded'] | null> => {
  for (const { type, data } of await readSystem(store, WEBHOOKS))
    if (type === 'WebhookAdded' && data.webhook === webhook) return data;
  return null;
};

/** The webhooks there are now. */
export const listWebhooks = async (store: EventStore): Promise<Webhook[]> => {
  const all = new Map<string, Webhook>();
  for (const event of await readSystem(store, WEBHOOKS)) applyToWebhooks(all, event);
  return [...all.values()];
};

/** Event types that a webhook can subscribe to. */
const GOES_ON = ['WebhookAdded', 'WebhookSecretRotated'] as const;

/**
 * Applies an event to the webhooks there are. A webhook that an unreadable event may have removed gets nothing more.
 */
export const applyToWebhooks = (all: Map<string, Webhook>, event: ReadSystemEvent): void => {
  if (event.type === 'Unreadable') {
    const removed = endedBy(event, 'WebhookRemoved', GOES_ON, 'webhook');
    if (removed === 'all') all.clear();
    else if (removed !== null) all.delete(removed);
    return;
  }
  const { type, data } = event;
  if (type === 'WebhookAdded') all.set(data.webhook, { ...data, earlier: [] });
  if (type === 'WebhookRemoved') all.delete(data.webhook);
  if (type !== 'WebhookSecretRotated') return;
  const before = all.get(data.webhook);
  if (!before) return;
  const earlier = [...before.earlier, { secret: before.secret, until: data.previousUntil }];
  all.set(data.webhook, { ...before, secret: data.secret, earlier });
};

/** The secrets that sign at a real instant in milliseconds, the newest first; encrypted. */
export const secretsAt = ({ secret, earlier }: Webhook, at: number): string[] => [
  secret,
  ...earlier
    .filter(({ until }) => at < Date.parse(until))
    .map((one) => one.secret)
    .reverse(),
];

export interface Rotation {
  readonly webhook: string;
  /** The new secret, in clear. */
  readonly secret: string;
  /** The real instant, in milliseconds, until which the secret before signs too. */
  readonly previousUntil: number;
  readonly command: RequestMark | null;
}

/** Gives a webhook a new secret; the same request at another server may have done so already. */
export const rotateSecret = async (
  store: EventStore,
  { webhook, secret, previousUntil, command }: Rotation,
  at: Instant,
  recordedAt: string,
  serverKey: Buffer,
): Promise<boolean> => {
  const data = {
    webhook,
    secret: encrypted(secret, serverKey),
    previousUntil: new Date(previousUntil).toISOString(),
    command,
  };
  const unlessRotated = async () =>
    command && (await rotatedUnder(store, webhook, command.key)) ? [] : [data];
  return (
    (await appendSystem(store, WEBHOOKS, 'WebhookSecretRotated', at, recordedAt, unlessRotated)) !== null
  );
};

/** The rotation that a request asked for under this key; null where none did. */
export const rotatedUnder = async (
  store: EventStore,
  webhook: string,
  key: string,
): Promise<SystemEventData['WebhookSecretRotated'] | null> => {
  for (const { type, data } of await readSystem(store, WEBHOOKS))
    if (type === 'WebhookSecretRotated' && data.webhook === webhook && data.command?.key === key) return data;
  return null;
};
