/**
 * A ledger copied to another engine: the same events in the same order, every text, record and hash as it was. What the
 * copy holds is always the beginning of the ledger, so whatever ends it, the next run goes on from there.
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

/** What is to become a copy holds something else; it was left as it is. */
export class NoCopy extends RangeError {
  constructor(events: number, { stream, revision, what, expected, found }: Difference) {
    const same = events === 0 ? '' : `after ${events} events that are the same: `;
    super(`${same}event ${revision} of ${stream}: ${what}: expected ${expected}, found ${found}`);
  }
}

/** Another process writes to the copy while it is made. */
export class CopyDisturbed extends RangeError {
  constructor({ message }: VersionConflict) {
    super(`another process writes there: ${message}`);
  }
}

export interface CopyOptions {
  /**
   * How many appends may be on their way together. 1 where an engine orders appends of different streams as they
   * arrive; more where it keeps the order in which they were asked for.
   */
  readonly together: number;
  readonly onProgress: (events: number, what: 'compared' | 'copied' | 'verified') => void;
  /** Stops between two appends; what was copied stays. */
  readonly signal: AbortSignal;
}

export interface Copied {
  /** Events in the copy, and how many of them this run brought. */
  readonly events: number;
  readonly copied: number;
  readonly streams: number;
  readonly records: number;
  /** The chain over all hashes in their order, in hex: the same for the ledger and its copy. */
  readonly order: string;
  /** Whether the ledger has got more events since; the same again brings them. */
  readonly isBehind: boolean;
}

const PAGE = 256;

/**
 * Brings a copy up to a ledger's end and verifies it. Rejects with NoCopy when there is something else, CopyDisturbed,
 * CopyBroken (see `copy-check.ts`), or the signal's reason.
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

/** Copies until the ledger has no more, also what it gets meanwhile. */
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
