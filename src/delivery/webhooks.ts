/** Webhooks: target, subscribed types, and signing secret (encrypted), stored as events. */
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

/** The state of a webhook; `secret` is the newest, `earlier` ones still sign for some time. All are encrypted. */
export interface Webhook extends Readonly<SystemEventData['WebhookAdded']> {
  readonly earlier: readonly { readonly secret: string; readonly until: string }[];
}

/** Events that are sent to webhooks, with their webhook type. */
export const WEBHOOK_EVENTS = {
  AccountOpened: 'account.opened',
  ServiceActivated: 'service.activated',
  FundsDeposited: 'funds.deposited',
  CreditGranted: 'credit.granted',
  PackPurchased: 'pack.purchased',
  PackExpired: 'pack.expired',
  PackVoided: 'pack.voided',
  PackGranted: 'pack.granted',
  PackReturned: 'pack.returned',
  UsageCorrected: 'usage.corrected',
  MonthClosed: 'bill.issued',
  FreezeFailed: 'freeze.failed',
  AccountSuspended: 'account.suspended',
  SuspensionLifted: 'account.resumed',
  DisputeOpened: 'dispute.opened',
  DisputeResolved: 'dispute.resolved',
} as const satisfies { readonly [Type in EventType]?: string };

/** A signed checkpoint. It belongs to no account, so webhooks bound to accounts do not receive it. */
export const CHECKPOINT_TYPE = 'checkpoint.signed';

/** Of a test delivery: it is sent on request alone, and no webhook chooses it. */
export const TEST_TYPE = 'webhook.test';

/** Types that a webhook may subscribe to: an event, a kind of notice, all notices, or everything. */
export const WEBHOOK_TYPES = [
  '*',
  'notice.*',
  ...Object.values(WEBHOOK_EVENTS),
  CHECKPOINT_TYPE,
  'notice.pack_low',
  'notice.pack_exhausted',
  'notice.pack_expiring',
  'notice.bill_issued',
  'notice.freeze_failed',
  'notice.suspended',
  'notice.resumed',
  'notice.price_not_agreed',
  'notice.spend_reached',
  'notice.balance_low',
] as const;

/** Whether a webhook subscribes to a type of an account. */
export const wants = ({ types, accounts }: Webhook, type: string, account: string | null): boolean =>
  (accounts === null || (account !== null && accounts.includes(account))) &&
  types.some((own) => own === '*' || own === type || (own === 'notice.*' && type.startsWith('notice.')));

/** Stands for a webhook that was removed, whose subscription is not known any more. */
export const anyWebhook = (webhook: string): Webhook => ({
  ...{ webhook, url: '', types: ['*'], accounts: null, secret: '', earlier: [] },
});

/** What is wrong with a target's URL; null if it is valid. Its address is checked when it is called. */
export const urlProblem = (text: string): string | null => {
  // URL parsers strip these, so the effective URL would differ from the one shown.
  if (/[\s\p{Cc}]/u.test(text)) return 'must have no blank or control character in it';
  if (!URL.canParse(text)) return 'is not a valid URL';
  const { protocol, username, password, hash } = new URL(text);
  if (protocol !== 'https:' && protocol !== 'http:') return 'must be https: or http:';
  if (username !== '' || password !== '') return 'must have no user or password in it';
  return hash === '' ? null : 'must have no fragment';
};

/** Adds a webhook, whose signing secret is `whsec_` and base64; false if its id is already used. */
export const addWebhook = async (
  store: EventStore,
  webhook: SystemEventData['WebhookAdded'],
  at: Instant,
  recordedAt: string,
  serverKey: Buffer,
): Promise<boolean> => {
  const stored = { ...webhook, secret: encrypted(webhook.secret, serverKey) };
  // The same request may have been handled concurrently by another server.
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

/** A webhook as added, even if removed since; null if the id was never used. */
export const webhookEverAdded = async (
  store: EventStore,
  webhook: string,
): Promise<SystemEventData['WebhookAdded'] | null> => {
  for (const { type, data } of await readSystem(store, WEBHOOKS))
    if (type === 'WebhookAdded' && data.webhook === webhook) return data;
  return null;
};

/** The current webhooks. */
export const listWebhooks = async (store: EventStore): Promise<Webhook[]> => {
  const all = new Map<string, Webhook>();
  for (const event of await readSystem(store, WEBHOOKS)) applyToWebhooks(all, event);
  return [...all.values()];
};

/** Events after which a webhook still exists. */
const GOES_ON = ['WebhookAdded', 'WebhookSecretRotated'] as const;

/**
 * Applies an event to the current webhooks. A webhook that an unreadable event may have removed is treated as removed.
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

/** The encrypted secrets that sign at a real instant (milliseconds), newest first. */
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
  /** The real instant, in milliseconds, until which the previous secret also signs. */
  readonly previousUntil: number;
  readonly command: RequestMark | null;
}

/** Gives a webhook a new secret; idempotent if another server has handled the same request. */
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

/** The rotation with this idempotency key; null if none. */
export const rotatedUnder = async (
  store: EventStore,
  webhook: string,
  key: string,
): Promise<SystemEventData['WebhookSecretRotated'] | null> => {
  for (const { type, data } of await readSystem(store, WEBHOOKS))
    if (type === 'WebhookSecretRotated' && data.webhook === webhook && data.command?.key === key) return data;
  return null;
};
