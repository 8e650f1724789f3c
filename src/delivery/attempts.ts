/** What follows from the outcome of an attempt to deliver: it is delivered, tried again later, or given up. */
import type { SystemEventData } from '../ledger/system/events.ts';
import type { Outbox, Pending } from './outbox.ts';
import type { Sent } from './send-webhook.ts';

export type Settled = SystemEventData['DeliveriesSettled']['deliveries'][number];

/** Seconds until the next try; after the last a message is dead. About three days in all. */
export const RETRIES = [5, 30, 120, 600, 3_600, 10_800, 21_600, 43_200, 86_400, 86_400] as const;
const SECOND_MS = 1_000;
const ERROR_SHOWN = 300;

export interface Tried {
  /** The events to be recorded; none where it is tried again later, or they are recorded. */
  readonly settled: readonly Settled[];
  /** Notes it in the outbox. */
  readonly note: () => void;
}

export interface AttemptsOf {
  readonly outbox: Pick<Outbox, 'remove' | 'bury' | 'later'>;
  readonly counts: { delivered: number; failed: number; dead: number };
  readonly log: (level: 'warn' | 'error', message: string, fields: object) => void;
}

/** What follows from the outcome of a message at an instant; counts and logs it. */
export const cameTo = (
  { outbox, counts, log }: AttemptsOf,
  letter: Pending,
  sent: Sent,
  at: number,
): Tried => {
  const { delivery, channel, target, attempts: before } = letter;
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
  // What failed as one mail falls due as one again.
  const next = at + jittered(wait * SECOND_MS, channel === 'email' ? target : delivery);
  return { settled: [], note: () => outbox.later(delivery, attempts, next) };
};

const JITTER = 0.1;
/**
 * Spread by a tenth, always the same for a name, so that many receivers that failed together do not come back together.
 */
const jittered = (ms: number, name: string): number => {
  let hash = 0;
  for (let i = 0; i < name.length; i++) hash = (Math.imul(hash, 31) + name.charCodeAt(i)) >>> 0;
  return Math.round(ms * (1 - JITTER + (2 * JITTER * (hash % 1_000)) / 1_000));
};
