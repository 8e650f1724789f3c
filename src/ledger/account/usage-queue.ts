/**
 * Reported usage that waits for its account. Everything waiting is decided together and becomes one event; this
 * batching, and the store's group commit, provide the throughput.
 */
import type { SerialQueue } from '../../async/serial-queue.ts';
import { EventUnwritable } from '../../codec/reads-back.ts';
import type { Instant } from '../../domain/calendar.ts';
import type { UsageRecord } from '../../domain/usage.ts';
import { AppendTooLarge } from '../../eventstore/event-store.ts';
import { FACT_SIZE, type Part } from './split-usage.ts';
import type { Reported } from './usage-result.ts';

interface Usage extends Part {
  readonly at: Instant;
  readonly resolve: (reported: Reported | null) => void;
  readonly reject: (error: unknown) => void;
}

export interface UsageQueue {
  /** Meters a part of a report, together with whatever else waits. */
  add(part: Part, at: Instant): Promise<Reported | null>;
  isEmpty(): boolean;
}

/** `meter` decides a batch and records it as one event. */
export const openUsageQueue = (
  queue: SerialQueue,
  meter: (records: readonly UsageRecord[], at: Instant) => Promise<Reported | null>,
): UsageQueue => {
  let waiting: Usage[] = [];

  const meterWaiting = async (): Promise<void> => {
    const count = fitting(waiting);
    const batch = waiting.slice(0, count);
    waiting = waiting.slice(count);
    // Later arrivals, and what did not fit, are metered in the next batch.
    if (waiting.length > 0) void queue.run(meterWaiting);
    await meterTogether(batch);
  };

  const meterTogether = async (batch: readonly Usage[]): Promise<void> => {
    try {
      const records = batch.flatMap((usage) => usage.records);
      const at = batch.reduce((latest, usage) => Math.max(latest, usage.at), 0);
      share(await meter(records, at), batch);
    } catch (error) {
      // A part that cannot be written fails for its own reporter, not for others in the batch.
      const isOfOne = error instanceof EventUnwritable || error instanceof AppendTooLarge;
      if (isOfOne && batch.length > 1) for (const usage of batch) await meterTogether([usage]);
      else for (const { reject } of batch) reject(error);
    }
  };

  return {
    add: (part, at) =>
      new Promise((resolve, reject) => {
        waiting.push({ ...part, at, resolve, reject });
        if (waiting.length === 1) void queue.run(meterWaiting);
      }),
    isEmpty: () => waiting.length === 0,
  };
};

/** How many from the first on fit into one event; one at least. */
const fitting = (waiting: readonly Usage[]): number => {
  let count = 0;
  let size = 0;
  for (const next of waiting) {
    if (count > 0 && size + next.size > FACT_SIZE) break;
    size += next.size;
    count += 1;
  }
  return count;
};

/** Distributes the outcomes of a batch to its parts. */
const share = (reported: Reported | null, batch: readonly Usage[]): void => {
  let from = 0;
  for (const { records, resolve } of batch) {
    resolve(reported && { ...reported, outcomes: reported.outcomes.slice(from, from + records.length) });
    from += records.length;
  }
};
