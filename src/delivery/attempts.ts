/** What follows an attempt to deliver: the message is delivered, retried later, or becomes a dead letter. */
import type { SystemEventData } from '../ledger/system/events.ts';
import type { Outbox, Pending } from './outbox.ts';
import type { Sent } from './send-webhook.ts';

export type Settled = SystemEventData['DeliveriesSettled']['deliveries'][number];

/** Seconds until each retry, about three days in all; after the last a message becomes a dead letter. */
export const RETRIES = [5, 30, 120, 600, 3_600, 10_800, 21_600, 43_200, 86_400, 86_400] as const;
const SECOND_MS = 1_000;
const ERROR_SHOWN = 300;

export interface Tried {
  /** Final outcomes to record; empty if it is retried later, or they are already recorded. */
  readonly settled: readonly Settled[];
  /** Updates the outbox. */
  readonly note: () => void;
}

export interface AttemptsOf {
  readonly outbox: Pick<Outbox, 'remove' | 'bury' | 'later'>;
  readonly counts: { delivered: number; failed: number; dead: number };
  readonly log: (level: 'warn' | 'error', message: string, fields: object) => void;
}

/** Decides what follows an attempt, and counts and logs it. */
export const afterAttempt = (
  { outbox, counts, log }: AttemptsOf,
  message: Pending,
  sent: Sent,
  at: number,
): Tried => {
  const { delivery, channel, target, attempts: before } = message;
  const attempts = before + 1;
  if (sent.outcome === 'delivered') {
    counts.delivered += 1;
    const settled = [{ delivery, outcome: 'delivered', attempts, error: null } as const];
    return { settled, note: () => outbox.remove([delivery]) };
  }
  counts.failed += 1;
  const wait = RETRIES[before];
  if (wait === undefined || sent.final) {
    counts.dead += 1;
    log('error', 'a delivery was given up', { delivery, channel, attempts, error: sent.error });
    const error = sent.error.slice(0, ERROR_SHOWN);
    const settled = [{ delivery, outcome: 'dead', attempts, error } as const];
    return { settled, note: () => outbox.bury(delivery) };
  }
  log('warn', 'a delivery failed', { delivery, channel, attempts, error: sent.error });
  // Messages that failed as one mail get the same jitter, so that they are due together again.
  const next = at + jittered(wait * SECOND_MS, channel === 'email' ? target : delivery);
  return { settled: [], note: () => outbox.later(delivery, attempts, next) };
};

const JITTER = 0.1;
/**
 * Adds up to a tenth, derived from a name, so that receivers that failed together are not retried together.
 */
const jittered = (ms: number, name: string): number => {
  let hash = 0;
  for (let i = 0; i < name.length; i++) hash = (Math.imul(hash, 31) + name.charCodeAt(i)) >>> 0;
  return Math.round(ms * (1 - JITTER + (2 * JITTER * (hash % 1_000)) / 1_000));
};
