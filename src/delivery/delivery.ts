/**
 * Delivery: notifications of the ledger's events go through the outbox to SMTP and webhooks, at least once, with
 * tries over days. The outcome of each is an event; nothing is sent before the event it is about is durable.
 */
import type { Buffer } from 'node:buffer';
import type { Instant } from '../domain/calendar.ts';
import type { Anchor } from '../eventstore/anchor.ts';
import type { EventStore } from '../eventstore/event-store.ts';
import { decrypted } from '../ledger/secrets/encryption.ts';
import type { RequestMark } from '../ledger/system/events.ts';
import { appendSystem } from '../ledger/system/streams.ts';
import { openDispatch } from './dispatch.ts';
import { openFeed } from './feed.ts';
import type { Lease } from './lease.ts';
import { openMailer } from './mail.ts';
import { MAIL, openOutbox, type Pending } from './outbox.ts';
import { DELIVERIES, type DeadLetter, deadLetters, resentUnder } from './outcomes.ts';
import type { ReceiverHealth } from './queues.ts';
import { openResolver } from './resolve-host.ts';
import { openScheduler } from './scheduler.ts';
import { callWebhook, type Sent } from './send-webhook.ts';
import { hostProblem } from './targets.ts';
import { signed } from './webhook-signature.ts';
import { secretsAt } from './webhooks.ts';

export interface DeliverySettings {
  /** `smtp://user:password@host:port`; null: e-mail is not sent. */
  readonly smtp: string | null;
  readonly from: string;
  readonly allowPrivateTargets: boolean;
  readonly serverKey: Buffer;
  /** Notices older than that are not worth an e-mail. */
  readonly emailMaxAgeDays: number;
  readonly timeoutMs: number;
  /** `HOST:PORT` of name servers for webhooks' hosts; default: the system's. */
  readonly nameServers?: readonly string[] | null;
}

export interface DeliveryOf {
  readonly store: EventStore;
  /** File of the outbox. */
  readonly outbox: string;
  /** The real instant: when to try again. */
  readonly now: () => number;
  /** The ledger's instant: how old a notice is. */
  readonly ledgerNow: () => Instant;
  readonly settings: DeliverySettings;
  /** The last event that the views have followed to (see `feed.ts`). */
  readonly reached?: () => Anchor | null;
  /** Where several servers deliver; null for the only one. */
  readonly lease?: Lease | null;
  readonly log: (level: 'info' | 'warn' | 'error', message: string, fields: object) => void;
}

export interface DeliveryCounts {
  readonly delivered: number;
  readonly failed: number;
  readonly dead: number;
  readonly pending: number;
}

export interface DeliveryHealth {
  readonly receivers: readonly ReceiverHealth[];
  /** Dead letters that this server keeps, by channel. */
  readonly deadLetters: { readonly webhook: number; readonly email: number };
}

export interface Delivery {
  /** Delivers from now on, until it is stopped. */
  start(): void;
  /** Reads to the end of the ledger and tries everything that is due. */
  settleNow(): Promise<void>;
  counts(): DeliveryCounts;
  /** How receivers answer, and what was given up. */
  health(): DeliveryHealth;
  /** Why a webhook may not lead to a URL whose host is an address; null where it may, or its host is a name. */
  targetProblem(url: string): string | null;
  deadLetters(): Promise<DeadLetter[]>;
  /** Puts a dead letter back; the same mark again finds that it did. */
  resend(delivery: string, mark: RequestMark | null): Promise<Resent>;
  /** What `resend` would come to now; nothing is put back. */
  mayResend(delivery: string, mark: RequestMark | null): Promise<Resent>;
  /** Ends what is in progress. */
  stop(): Promise<void>;
}

/** Put back now, or by an earlier request of the same key; there is no such dead letter; the key had other content. */
export type Resent = 'resent' | 'repeated' | 'unknown' | 'reused';

const DAY_MS = 86_400_000;

/** Delivery over a store; nothing is read or sent before `start` or `settleNow`. */
export const openDelivery = (of: DeliveryOf): Delivery => {
  const { store, now, ledgerNow, settings, log } = of;
  const outbox = openOutbox(of.outbox);
  const { allowPrivateTargets, timeoutMs } = settings;
  const mailer = settings.smtp === null ? null : openMailer(settings.smtp, settings.from, timeoutMs);
  const lookup = openResolver({ allowPrivateTargets, nameServers: settings.nameServers ?? null });
  const emailMaxAge = settings.emailMaxAgeDays * DAY_MS;
  const sendsEmail = mailer !== null;
  const feed = openFeed({ store, outbox, now, ledgerNow, sendsEmail, reached: of.reached, emailMaxAge });

  const called = async ({ delivery, target, payload }: Pending, signal: AbortSignal): Promise<Sent> => {
    const webhook = feed.webhook(target);
    if (!webhook) return { outcome: 'failed', error: 'the webhook was removed', final: true };
    const secrets = secretsAt(webhook, now()).map((secret) => decrypted(secret, settings.serverKey));
    const headers = signed(secrets, delivery, now(), payload);
    const { url } = webhook;
    return callWebhook({ url, headers, body: payload, allowPrivateTargets, lookup, timeoutMs, signal });
  };
  const send = async (letters: readonly Pending[], signal: AbortSignal): Promise<Sent> => {
    const [first] = letters;
    if (first?.channel === 'webhook') return called(first, signal);
    if (!mailer) return { outcome: 'failed', error: 'no SMTP server is set (SUANPAN_SMTP)', final: false };
    await mailer.send(letters, signal);
    return { outcome: 'delivered' };
  };

  /**
   * Whether every message that is to be tried again is back in the outbox; the events say which, also after a crash.
   */
  let isRevived = false;
  const revive = async (): Promise<void> => {
    if (isRevived) return;
    isRevived = true;
    const buried = outbox.buried();
    if (buried.length === 0) return;
    const dead = new Set((await deadLetters(store)).map(({ delivery }) => delivery));
    for (const delivery of buried) if (!dead.has(delivery)) outbox.revive(delivery, now());
  };

  /** One server delivers at a time; what another one delivered before is read before it is this one's turn. */
  const mayDeliver = async (): Promise<boolean> => {
    const held = (await of.lease?.hold()) ?? 'held';
    if (held === 'taken') await feed.fill();
    return held !== 'others';
  };

  const dispatch = openDispatch({
    outbox,
    now,
    send,
    isReceiver: (receiver) => receiver === MAIL || feed.webhook(receiver) !== undefined,
    mayDeliver,
    record: async (deliveries) => {
      const at = new Date(now()).toISOString();
      await appendSystem(store, DELIVERIES, 'DeliveriesSettled', now(), at, async () => [
        { deliveries: [...deliveries] },
      ]);
    },
    log,
  });

  const round = async (): Promise<void> => {
    // What is owed comes first: nothing is read or sent on a disk that cannot be written.
    await dispatch.writeDown();
    await revive().catch((error) => {
      isRevived = false;
      throw error;
    });
    await feed.fill();
    await dispatch.step();
  };

  const mayResend: Delivery['mayResend'] = async (delivery, command) => {
    const before = command && (await resentUnder(store, command.key));
    if (before) return before.hash === command.hash ? 'repeated' : 'reused';
    const isDead = (await deadLetters(store)).some((letter) => letter.delivery === delivery);
    // Another server may have given it up just now.
    if (isDead && of.lease) await feed.fill();
    return isDead && outbox.buried().includes(delivery) ? 'resent' : 'unknown';
  };

  const scheduler = openScheduler({
    round,
    dueIn: () => {
      const next = outbox.nextAfter(dispatch.lookedAt()) ?? Number.POSITIVE_INFINITY;
      return Math.max(next, of.lease?.othersUntil() ?? 0) - now();
    },
    failed: (error) => log('error', 'delivering failed', { err: error }),
  });
  let quiet: () => void = () => undefined;
  let isOpen = true;
  return {
    start: () => {
      quiet = store.onAppended(scheduler.nudge);
      scheduler.nudge();
    },
    settleNow: async () => {
      await scheduler.now();
      await dispatch.settle();
    },
    counts: () => ({ ...dispatch.counts(), pending: isOpen ? outbox.pending() : 0 }),
    health: () => ({
      receivers: dispatch.health(),
      deadLetters: isOpen ? outbox.dead() : { webhook: 0, email: 0 },
    }),
    targetProblem: (url) => (allowPrivateTargets ? null : hostProblem(new URL(url).hostname)),
    deadLetters: () => deadLetters(store),
    mayResend,
    resend: async (delivery, command) => {
      const may = await mayResend(delivery, command);
      if (may !== 'resent') return may;
      const at = new Date(now()).toISOString();
      const resent = async () =>
        command && (await resentUnder(store, command.key)) ? [] : [{ delivery, command }];
      await appendSystem(store, DELIVERIES, 'DeliveryResent', now(), at, resent);
      isRevived = false;
      return 'resent';
    },
    stop: async () => {
      if (!isOpen) return;
      isOpen = false;
      quiet();
      await Promise.all([scheduler.stop(), dispatch.stop()]);
      await of.lease?.release().catch(() => undefined);
      outbox.close();
      mailer?.close();
    },
  };
};
