/**
 * Delivery: what the ledger's facts ask to be told goes through the outbox to SMTP and webhooks, at least once, with
 * tries over days. What became of each is a fact; nothing is sent before the fact it tells of is durable.
 */
import type { Buffer } from 'node:buffer';
import { createTransport } from 'nodemailer';
import type { Instant } from '../domain/calendar.ts';
import type { RequestMark, SideData } from '../ledger/side-events.ts';
import { appendSide } from '../ledger/side-streams.ts';
import type { EventStore } from '../store/event-store.ts';
import { decrypted } from '../store/secrets.ts';
import { openFeed } from './feed.ts';
import type { Lease } from './lease.ts';
import { openOutbox, type Pending } from './outbox.ts';
import { callWebhook, type Sent } from './send-webhook.ts';
import { DELIVERIES, type DeadLetter, deadLetters, resentUnder } from './settled.ts';
import { signed } from './sign.ts';
import { openWaker } from './waker.ts';

export interface DeliverySettings {
  /** `smtp://user:password@host:port`; null: e-mail is not sent. */
  readonly smtp: string | null;
  readonly from: string;
  readonly allowPrivateTargets: boolean;
  readonly serverKey: Buffer;
  /** Notices older than that are not worth an e-mail. */
  readonly emailMaxAgeDays: number;
  readonly timeoutMs: number;
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

export interface Delivery {
  /** Delivers from now on, until it is stopped. */
  start(): void;
  /** Reads to the end of the ledger and tries everything that is due. */
  settleNow(): Promise<void>;
  counts(): DeliveryCounts;
  deadLetters(): Promise<DeadLetter[]>;
  /** Puts a dead letter back; the same mark again finds that it did. */
  resend(delivery: string, mark: RequestMark | null): Promise<Resent>;
  /** Ends what is under way. */
  stop(): Promise<void>;
}

/** Put back now, or by an earlier request of the same key; there is no such dead letter; the key had other content. */
export type Resent = 'resent' | 'repeated' | 'unknown' | 'reused';

interface Tried {
  /** The fact to be recorded; null where it is tried again later, or the fact is recorded. */
  readonly settled: SideData['DeliveriesSettled']['deliveries'][number] | null;
  /** Notes it in the outbox. */
  readonly note: () => void;
}

const TOGETHER = 16;
const DAY_MS = 86_400_000;
const SECOND_MS = 1_000;
const ERROR_SHOWN = 300;
/** Seconds until the next try; after the last a letter is dead. About three and a half days. */
export const RETRIES = [5, 30, 120, 600, 3_600, 10_800, 21_600, 43_200, 86_400, 86_400] as const;

/** Delivery over a store; nothing is read or sent before `start` or `settleNow`. */
export const openDelivery = (of: DeliveryOf): Delivery => {
  const { store, now, ledgerNow, settings, log } = of;
  const outbox = openOutbox(of.outbox);
  const transport = settings.smtp === null ? null : createTransport(settings.smtp);
  const emailMaxAge = settings.emailMaxAgeDays * DAY_MS;
  const feed = openFeed({ store, outbox, now, ledgerNow, sendsEmail: transport !== null, emailMaxAge });
  const counts = { delivered: 0, failed: 0, dead: 0 };

  const mailed = async ({ delivery, target, payload }: Pending): Promise<Sent> => {
    const { subject, text } = JSON.parse(payload) as { subject: string; text: string };
    const messageId = `<${delivery.replaceAll('/', '.')}@suanpan>`;
    await transport?.sendMail({ from: settings.from, to: target, subject, text, messageId });
    return { outcome: 'delivered' };
  };

  const called = async ({ delivery, target, payload }: Pending): Promise<Sent> => {
    const webhook = feed.webhook(target);
    if (!webhook) return { outcome: 'failed', error: 'the webhook was removed', final: true };
    const headers = signed(decrypted(webhook.secret, settings.serverKey), delivery, now(), payload);
    const { allowPrivateTargets, timeoutMs } = settings;
    return callWebhook({ url: webhook.url, headers, body: payload, allowPrivateTargets, timeoutMs });
  };

  /** Tries a letter, and says what follows from it. */
  const tried = async (letter: Pending): Promise<Tried> => {
    const { delivery, channel } = letter;
    const sent = await (channel === 'email' ? mailed(letter) : called(letter)).catch(
      (error: unknown): Sent => ({ outcome: 'failed', error: String(error), final: false }),
    );
    const attempts = letter.attempts + 1;
    if (sent.outcome === 'delivered') {
      counts.delivered += 1;
      const settled = { delivery, outcome: 'delivered', attempts, error: null } as const;
      return { settled, note: () => outbox.remove([delivery]) };
    }
    counts.failed += 1;
    log('warn', 'a delivery failed', { delivery, channel, attempts, error: sent.error });
    const wait = RETRIES[letter.attempts];
    if (wait === undefined || sent.final) {
      counts.dead += 1;
      const settled = {
        delivery,
        outcome: 'dead',
        attempts,
        error: sent.error.slice(0, ERROR_SHOWN),
      } as const;
      return { settled, note: () => outbox.bury(delivery) };
    }
    const at = now() + jittered(wait * SECOND_MS, delivery);
    return { settled: null, note: () => outbox.later(delivery, attempts, at) };
  };

  /** Tried, and not yet written down: on a disk that cannot be written nothing is sent again before it is. */
  let owed: Tried[] = [];
  const writeDown = async (): Promise<void> => {
    const deliveries = owed.flatMap(({ settled }) => settled ?? []);
    if (deliveries.length > 0) {
      const at = new Date(now()).toISOString();
      await appendSide(store, DELIVERIES, 'DeliveriesSettled', now(), at, async () => [{ deliveries }]);
      owed = owed.map(({ note }) => ({ settled: null, note }));
    }
    for (const { note } of owed) note();
    owed = [];
  };

  /** Whether every letter that is to be tried again is back in the outbox; the facts say which, also after a crash. */
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

  const round = async (): Promise<void> => {
    await writeDown();
    await revive().catch((error) => {
      isRevived = false;
      throw error;
    });
    await feed.fill();
    // What is left when it is stopped stays in the outbox.
    while (isOpen) {
      if (outbox.due(now(), 1).length === 0) return;
      if (!(await mayDeliver())) return;
      const due = outbox.due(now(), TOGETHER);
      owed = await Promise.all(due.map(tried));
      await writeDown();
    }
  };

  const waker = openWaker({
    round,
    dueIn: () => Math.max(outbox.nextAt() ?? Number.POSITIVE_INFINITY, of.lease?.othersUntil() ?? 0) - now(),
    failed: (error) => log('error', 'delivering failed', { err: error }),
  });
  let quiet: () => void = () => undefined;
  let isOpen = true;
  return {
    start: () => {
      quiet = store.onAppended(waker.nudge);
      waker.nudge();
    },
    settleNow: waker.now,
    counts: () => ({ ...counts, pending: isOpen ? outbox.pending() : 0 }),
    deadLetters: () => deadLetters(store),
    resend: async (delivery, command) => {
      const before = command && (await resentUnder(store, command.key));
      if (before) return before.hash === command.hash ? 'repeated' : 'reused';
      const isDead = (await deadLetters(store)).some((letter) => letter.delivery === delivery);
      // Another server may have given it up just now.
      if (isDead && of.lease) await feed.fill();
      if (!isDead || !outbox.buried().includes(delivery)) return 'unknown';
      const at = new Date(now()).toISOString();
      const resent = async () =>
        command && (await resentUnder(store, command.key)) ? [] : [{ delivery, command }];
      await appendSide(store, DELIVERIES, 'DeliveryResent', now(), at, resent);
      isRevived = false;
      return 'resent';
    },
    stop: async () => {
      if (!isOpen) return;
      isOpen = false;
      quiet();
      await waker.stop();
      await of.lease?.release().catch(() => undefined);
      outbox.close();
      transport?.close();
    },
  };
};

const JITTER = 0.1;
/** Spread by a tenth, always the same for a letter, so that many that failed together do not come back together. */
const jittered = (ms: number, name: string): number => {
  let hash = 0;
  for (let i = 0; i < name.length; i++) hash = (Math.imul(hash, 31) + name.charCodeAt(i)) >>> 0;
  return Math.round(ms * (1 - JITTER + (2 * JITTER * (hash % 1_000)) / 1_000));
};
