/**
 * Runs rounds sequentially: soon after a nudge, when something is due, and periodically; after a failed round only
 * after a pause, however much is due.
 */
import { openSerialQueue } from '../async/serial-queue.ts';

export interface Scheduler {
  /** Requests a round soon. */
  nudge(): void;
  /** Runs a round now; rejects if it fails. */
  now(): Promise<void>;
  /** Waits for the round in progress, and starts no other. */
  stop(): Promise<void>;
}

export interface SchedulerOf {
  readonly round: () => Promise<void>;
  /** Milliseconds until something is due; Infinity when nothing is. */
  readonly dueIn: () => number;
  readonly failed: (error: unknown) => void;
}

const POLL_MS = 5_000;
const NUDGE_MS = 100;

export const openScheduler = ({ round, dueIn, failed }: SchedulerOf): Scheduler => {
  const queue = openSerialQueue();
  let timer: NodeJS.Timeout | null = null;
  let wakeAt = Number.POSITIVE_INFINITY;
  let isOpen = true;
  let restUntil = 0;

  const now = (): Promise<void> =>
    queue.run(async () => {
      try {
        await round();
      } catch (error) {
        restUntil = performance.now() + POLL_MS;
        failed(error);
        throw error;
      }
    });

  /** Schedules a round, unless an earlier one is scheduled. */
  const wakeIn = (ms: number): void => {
    const rest = Math.max(ms, restUntil - performance.now());
    const at = performance.now() + rest;
    if (!isOpen || at >= wakeAt) return;
    if (timer) clearTimeout(timer);
    wakeAt = at;
    timer = setTimeout(async () => {
      wakeAt = Number.POSITIVE_INFINITY;
      await now().catch(() => undefined);
      if (isOpen) wakeIn(Math.max(NUDGE_MS, Math.min(POLL_MS, dueIn())));
    }, rest);
    timer.unref();
  };

  return {
    nudge: () => wakeIn(NUDGE_MS),
    now,
    stop: async () => {
      isOpen = false;
      if (timer) clearTimeout(timer);
      await queue.settled();
    },
  };
};
