/** Group commit: appends that arrive within a turn of the event loop share one commit. */
import { type Position, StoreUnavailable, VersionConflict } from '../event-store.ts';
import type { Append, Written } from './group-commit.ts';
import type { Writer } from './writer.ts';

export interface CommitMetrics {
  /** Appends that were acknowledged, repeats included. */
  appends: number;
  events: number;
  commits: number;
  /** How long the last commit took with its fsync, in milliseconds. */
  lastCommitMs: number;
}

/** Called after each commit with its events, and its duration with fsync, in milliseconds. */
export type CommitListener = (events: number, ms: number) => void;

export interface Waiting extends Append {
  readonly resolve: (position: Position) => void;
  readonly reject: (error: unknown) => void;
}

/** The group being written, and the waiting appends. */
export interface CommitQueue {
  readonly writer: Writer;
  /** The writer is a thread of its own. */
  readonly isThread: boolean;
  /** Whether waiting appends share a commit. */
  readonly isGrouped: boolean;
  readonly metrics: CommitMetrics;
  readonly committed: Set<CommitListener>;
  readonly listeners: Set<() => void>;
  /** Position of the last event; undefined if it must be looked up: another process writes, or a commit failed. */
  last: number | null | undefined;
  waiting: Waiting[];
  /** Bytes of records that wait. */
  bytes: number;
  isWriting: boolean;
  /** Resolves when the group in progress is written. */
  written: Promise<void>;
}

export const openCommitQueue = (
  of: Pick<CommitQueue, 'writer' | 'isThread' | 'isGrouped' | 'last'>,
): CommitQueue => ({
  ...of,
  metrics: { appends: 0, events: 0, commits: 0, lastCommitMs: 0 },
  committed: new Set(),
  listeners: new Set(),
  waiting: [],
  bytes: 0,
  isWriting: false,
  written: Promise.resolve(),
});

/** Maximum turns of the event loop that an append waits for others. */
const TURNS = 30;
/** With a writer thread, the size at which a group is started: while it is synced, the next appends are decided. */
const GROUP_APPENDS = 16;
const GROUP_BYTES = 16 * 1024;

/** Queues an append; it is written together with others that arrive soon. */
export const enqueue = (queue: CommitQueue, append: Waiting): void => {
  queue.waiting.push(append);
  if (queue.isWriting) return;
  for (const { records } of append.events) queue.bytes += records?.length ?? 0;
  if (queue.isThread && (queue.waiting.length >= GROUP_APPENDS || queue.bytes >= GROUP_BYTES))
    void flush(queue);
  else if (queue.waiting.length === 1) setImmediate(gather, queue, 0, TURNS);
};

/** Waits for a turn of the event loop without new appends, so that as many as possible share an fsync. */
const gather = (queue: CommitQueue, seen: number, turns: number): void => {
  const now = queue.waiting.length;
  if (now === seen || turns === 0) void flush(queue);
  else setImmediate(gather, queue, now, turns - 1);
};

/** Writes the waiting appends, and then those that arrived meanwhile. */
export const flush = (queue: CommitQueue): Promise<void> => {
  if (!queue.isWriting) queue.written = writeAll(queue);
  return queue.written;
};

const writeAll = async (queue: CommitQueue): Promise<void> => {
  queue.isWriting = true;
  while (queue.waiting.length > 0) {
    const group = queue.waiting;
    queue.waiting = [];
    queue.bytes = 0;
    if (queue.isGrouped) await write(queue, group);
    else for (const one of group) await write(queue, [one]);
  }
  queue.isWriting = false;
};

const write = async (queue: CommitQueue, group: readonly Waiting[]): Promise<void> => {
  const { metrics } = queue;
  const appends = group.map(({ stream, expected, events }) => ({ stream, expected, events }));
  const written = await queue.writer.write(appends).catch(notWritten);
  if ('failed' in written) {
    queue.last = undefined;
    for (const { reject } of group)
      reject(new StoreUnavailable(`${RECORDED[written.recorded]}: ${written.failed}`));
    return;
  }
  metrics.commits += 1;
  metrics.lastCommitMs = written.ms;
  const before = metrics.events;
  for (const [i, { stream, expected, events, resolve, reject }] of group.entries()) {
    const outcome = written.outcomes[i];
    if (outcome && 'position' in outcome) {
      metrics.appends += 1;
      metrics.events += events.length;
      if (queue.last !== undefined) queue.last = Math.max(queue.last ?? 0, outcome.position);
      resolve(String(outcome.position));
    } else reject(new VersionConflict(stream, expected, outcome?.actual ?? 0));
  }
  const events = metrics.events - before;
  for (const listener of queue.committed) guarded(() => listener(events, written.ms));
  for (const listener of queue.listeners) guarded(listener);
};

const RECORDED = {
  nothing: 'nothing was recorded',
  unknown: 'it is not known whether this was recorded',
} as const;

/** A listener that throws crashes the process as usual, but does not affect the group being written. */
const guarded = (listener: () => void): void => {
  try {
    listener();
  } catch (error) {
    setImmediate(() => {
      throw error;
    });
  }
};

const notWritten = (error: unknown): Written => ({
  failed: error instanceof Error ? error.message : String(error),
  recorded: 'nothing',
});
