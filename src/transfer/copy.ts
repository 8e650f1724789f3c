/**
 * Copies a ledger to another store: the same events in the same order, with every byte and hash unchanged. The copy is
 * always a prefix of the ledger, so an interrupted run is resumed by the next.
 */

import { type EventStore, VersionConflict } from '../eventstore/event-store.ts';
import { logPages } from '../eventstore/reading.ts';
import { hexOf } from '../integrity/seal-events.ts';
import type { SealedEvent } from '../integrity/sealed-event.ts';
import { openChecker } from './copy-check.ts';
import { compareOrder, type Difference, type Reached } from './copy-order.ts';
import { runsOf } from './copy-runs.ts';
import { readUntil } from './copy-stopping.ts';
import { verifyCopy } from './copy-verify.ts';

/** The target holds other events; it was not changed. */
export class NoCopy extends RangeError {
  constructor(events: number, { stream, revision, what, expected, found }: Difference) {
    const same = events === 0 ? '' : `after ${events} events that are the same: `;
    super(`${same}event ${revision} of ${stream}: ${what}: expected ${expected}, found ${found}`);
  }
}

/** Another process is writing to the copy. */
export class CopyDisturbed extends RangeError {
  constructor({ message }: VersionConflict) {
    super(`another process writes there: ${message}`);
  }
}

export interface CopyOptions {
  /**
   * Maximum number of concurrent appends: 1 where an engine orders appends to different streams by arrival; more where
   * the store keeps the order in which they were requested.
   */
  readonly together: number;
  readonly onProgress: (events: number, what: 'compared' | 'copied' | 'verified') => void;
  /** Aborts between two appends; copied events stay. */
  readonly signal: AbortSignal;
}

export interface Copied {
  /** Events in the copy, and how many of them this run added. */
  readonly events: number;
  readonly copied: number;
  readonly streams: number;
  readonly records: number;
  /** The global chain over all hashes, in hex; the same for the ledger and its copy. */
  readonly order: string;
  /** Whether the ledger has new events meanwhile; running the copy again adds them. */
  readonly isBehind: boolean;
}

const PAGE = 256;

/**
 * Copies a ledger up to its end and verifies the copy. Rejects with NoCopy if the target holds other events,
 * CopyDisturbed, CopyBroken (see `copy-check.ts`), or the signal's reason.
 */
export const copyLedger = async (
  ledger: EventStore,
  target: EventStore,
  options: CopyOptions,
): Promise<Copied> => {
  const { signal, onProgress } = options;
  const [from, to] = [readUntil(ledger, signal), readUntil(target, signal)];
  const { difference, ...held } = await compareOrder(from, to, (events) => onProgress(events, 'compared'));
  if (difference) throw new NoCopy(held.events, difference);
  const reached = await copyRest(from, to, held, options);
  const { events, streams, records } = await verifyCopy(from, to, reached, (n) => onProgress(n, 'verified'));
  return {
    events,
    copied: events - held.events,
    streams,
    records,
    order: hexOf(reached.place),
    isBehind: (await from.end()) !== reached.after,
  };
};

/** Copies up to the ledger's end, including events recorded meanwhile. */
const copyRest = async (
  from: EventStore,
  to: EventStore,
  held: Reached,
  { together, onProgress, signal }: CopyOptions,
): Promise<Reached> => {
  const checker = openChecker(to, held.place);
  let { events, after }: Reached = held;
  for await (const page of logPages(from, { after, records: true, page: PAGE })) {
    const checked: SealedEvent[] = [];
    for (const event of page) checked.push(await checker.check(event));
    const runs = runsOf(checked);
    for (let i = 0; i < runs.length; i += together) {
      signal.throwIfAborted();
      const group = runs.slice(i, i + together);
      await appendAll(to, group);
      events += group.reduce((sum, run) => sum + run.length, 0);
      onProgress(events, 'copied');
    }
    after = page.at(-1)?.position ?? after;
  }
  return { events, after, place: checker.place() };
};

const appendAll = async (to: EventStore, runs: readonly (readonly SealedEvent[])[]): Promise<void> => {
  try {
    await Promise.all(
      runs.flatMap((run) => (run[0] ? [to.append(run[0].stream, run[0].revision, run)] : [])),
    );
  } catch (error) {
    throw error instanceof VersionConflict ? new CopyDisturbed(error) : error;
  }
};
