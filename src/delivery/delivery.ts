/**
 * Delivers notifications of the ledger's events through the outbox to SMTP and webhooks, at least once, with retries
 * over days. Each final outcome is an event. Nothing is sent before the event it concerns is durable.
 */
import type { Buffer } from 'node:buffer';
import type { LookupFunction } from 'node:net';
import type { Instant } from '../domain/calendar.ts';
import type { Anchor } from '../eventstore/anchor.ts';
import type { EventStore } from '../eventstore/event-store.ts';
import { DELIVERIES } from '../eventstore/stream-names.ts';
import type { RequestMark } from '../ledger/system/request-mark.ts';
import { appendSystem } from '../ledger/system/streams.ts';
import { hostProblem } from './allowed-addresses.ts';
import type { Settled } from './attempts.ts';
import { type Dispatch, openDispatch } from './dispatch.ts';
import { type Feed, openFeed } from './feed.ts';
import type { Lease } from './lease.ts';
import { type Mailer, openMailer } from './mail.ts';
import { MAIL, type Outbox, openOutbox } from './outbox.ts';
import { type DeadLetter, deadLetters } from './outcomes.ts';
import type { ReceiverHealth } from './queues.ts';
import { mayResend, type Resent, resend } from './resend.ts';
import { openResolver } from './resolve-host.ts';
import { openScheduler } from './scheduler.ts';
import { sendMessages } from './send-messages.ts';
import { plannedTest, sendTest, type TestDelivery } from './test-delivery.ts';

export interface DeliverySettings {
  /** `smtp://user:password@host:port`; null: e-mail is not sent. */
  readonly smtp: string | null;
  readonly from: string;
  readonly allowPrivateTargets: boolean;
  readonly serverKey: Buffer;
  /** Older notices are not sent by e-mail. */
  readonly emailMaxAgeDays: number;
  readonly timeoutMs: number;
  /** `HOST:PORT` of name servers for webhooks' hosts; default: the system's. */
  readonly nameServers?: readonly string[] | null;
}

export interface DeliveryOf {
  readonly store: EventStore;
  /** File of the outbox. */
  readonly outbox: string;
  /** The real clock, for retries. */
  readonly now: () => number;
  /** The ledger's clock, for the age of notices. */
  readonly ledgerNow: () => Instant;
  readonly settings: DeliverySettings;
  /** The last event that the views have processed (see `feed.ts`). */
  readonly reached?: () => Anchor | null;
  /** Lease, if several servers may deliver; null for a single server. */
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
  /** Dead letters in this server's outbox, by channel. */
  readonly deadLetters: { readonly webhook: number; readonly email: number };
}

export interface Delivery {
  /** Starts delivering, until `stop`. */
  start(): void;
  /** Reads to the end of the ledger and attempts everything that is due. */
  settleNow(): Promise<void>;
  counts(): DeliveryCounts;
  /** The state of receivers, and dead letters. */
  health(): DeliveryHealth;
  /** Why a webhook's URL is forbidden, if its host is an address; null if it is allowed, or its host is a name. */
  targetProblem(url: string): string | null;
  deadLetters(): Promise<DeadLetter[]>;
  /** Resends a dead letter; idempotent for the same mark. */
  resend(delivery: string, mark: RequestMark | null): Promise<Resent>;
  /** Dry run of `resend`. */
  mayResend(delivery: string, mark: RequestMark | null): Promise<Resent>;
  /** Calls a webhook once with a test, of which nothing is recorded; null if there is no such webhook. */
  test(webhook: string): Promise<TestDelivery | null>;
  /** Dry run of `test`. */
  plannedTest(webhook: string): Promise<TestDelivery | null>;
  /** Stops deliveries, including those in progress. */
  stop(): Promise<void>;
}

const DAY_MS = 86_400_000;

/** The parts of a delivery, and its state. */
interface Delivering {
  readonly of: DeliveryOf;
  readonly outbox: Outbox;
  readonly feed: Feed;
  readonly mailer: Mailer | null;
  readonly lookup: LookupFunction;
  /** Aborts test deliveries. */
  readonly ending: AbortController;
  /** Whether all resent dead letters are due in the outbox again; derived from events, so it survives a crash. */
  isRevived: boolean;
  isOpen: boolean;
}

/** Opens delivery; nothing is read or sent before `start` or `settleNow`. */
export const openDelivery = (of: DeliveryOf): Delivery => {
  const delivering = openedOver(of);
  const { outbox, feed } = delivering;
  const { store, now, settings, log } = of;
  const dispatch = openDispatch({
    outbox,
    now,
    send: (messages, signal) => sendMessages(delivering, messages, signal),
    isReceiver: (receiver) => receiver === MAIL || feed.webhook(receiver) !== undefined,
    mayDeliver: () => mayDeliver(delivering),
    record: (deliveries) => record(of, deliveries),
    log,
  });
  const scheduler = openScheduler({
    round: () => round(delivering, dispatch),
    dueIn: () => {
      const next = outbox.nextAfter(dispatch.lookedAt()) ?? Number.POSITIVE_INFINITY;
      return Math.max(next, of.lease?.othersUntil() ?? 0) - now();
    },
    failed: (error) => log('error', 'delivering failed', { err: error }),
  });
  const resending = { store, now, outbox, feed, lease: of.lease ?? null };
  let quiet: () => void = () => undefined;
  return {
    start: () => {
      quiet = store.onAppended(scheduler.nudge);
      scheduler.nudge();
    },
    settleNow: async () => {
      await scheduler.now();
      await dispatch.settle();
    },
    counts: () => ({ ...dispatch.counts(), pending: delivering.isOpen ? outbox.pending() : 0 }),
    health: () => ({
      receivers: dispatch.health(),
      deadLetters: delivering.isOpen ? outbox.dead() : { webhook: 0, email: 0 },
    }),
    targetProblem: (url) => (settings.allowPrivateTargets ? null : hostProblem(new URL(url).hostname)),
    deadLetters: () => deadLetters(store),
    mayResend: (delivery, command) => mayResend(resending, delivery, command),
    resend: async (delivery, command) => {
      const resent = await resend(resending, delivery, command);
      if (resent === 'resent') delivering.isRevived = false;
      return resent;
    },
    test: (webhook) => sendTest(delivering, webhook, delivering.ending.signal),
    plannedTest: (webhook) => plannedTest(delivering, webhook),
    stop: async () => {
      if (!delivering.isOpen) return;
      delivering.isOpen = false;
      delivering.ending.abort();
      quiet();
      await Promise.all([scheduler.stop(), dispatch.stop()]);
      await of.lease?.release().catch(() => undefined);
      outbox.close();
      delivering.mailer?.close();
    },
  };
};

const openedOver = (of: DeliveryOf): Delivering => {
  const { store, now, ledgerNow, reached, settings } = of;
  const { allowPrivateTargets, timeoutMs } = settings;
  const outbox = openOutbox(of.outbox);
  const mailer = settings.smtp === null ? null : openMailer(settings.smtp, settings.from, timeoutMs);
  const lookup = openResolver({ allowPrivateTargets, nameServers: settings.nameServers ?? null });
  const emailMaxAge = settings.emailMaxAgeDays * DAY_MS;
  const sendsEmail = mailer !== null;
  const feed = openFeed({ store, outbox, now, ledgerNow, sendsEmail, reached, emailMaxAge });
  const ending = new AbortController();
  return { of, outbox, feed, mailer, lookup, ending, isRevived: false, isOpen: true };
};

const revive = async (delivering: Delivering): Promise<void> => {
  const { of, outbox } = delivering;
  if (delivering.isRevived) return;
  delivering.isRevived = true;
  const buried = outbox.buried();
  if (buried.length === 0) return;
  const dead = new Set((await deadLetters(of.store)).map(({ delivery }) => delivery));
  for (const delivery of buried) if (!dead.has(delivery)) outbox.revive(delivery, of.now());
};

/** Takes or renews the lease. After taking it over, reads the outcomes that its previous holder recorded. */
const mayDeliver = async ({ of, feed }: Delivering): Promise<boolean> => {
  const held = (await of.lease?.hold()) ?? 'held';
  if (held === 'taken') await feed.fill();
  return held !== 'others';
};

const record = async ({ store, now }: DeliveryOf, deliveries: readonly Settled[]): Promise<void> => {
  const at = new Date(now()).toISOString();
  await appendSystem(store, DELIVERIES, 'DeliveriesSettled', now(), at, async () => [
    { deliveries: [...deliveries] },
  ]);
};

const round = async (delivering: Delivering, dispatch: Dispatch): Promise<void> => {
  // Pending outcomes come first: while they cannot be persisted, nothing is read or sent.
  await dispatch.writeDown();
  await revive(delivering).catch((error) => {
    delivering.isRevived = false;
    throw error;
  });
  await delivering.feed.fill();
  await dispatch.step();
};
