/**
 * Who writes the embedded engine's file: the thread that asks, or one of its own (`write-worker.ts`), so that
 * deciding and answering go on while a commit is synced.
 */
import type { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { type Append, openGroupCommit, type Written } from './group-commit.ts';
import { openMarker } from './head-mark.ts';
import { openHeads } from './heads.ts';
import type { Statements } from './rows.ts';
import { packedGroup } from './write-message.ts';
import type { WriteRequest } from './write-worker.ts';

export interface Writer {
  /** Writes a group, durably; the next one only after this. */
  write(group: readonly Append[]): Promise<Written>;
  /** Bounds the file, in pages. */
  limitPages(pages: number): void;
  close(): Promise<void>;
}

/** Writes over a connection in this thread; `marked` is the ledger that a mark is kept beside, null: none is. */
export const writerHere = (db: DatabaseSync, sql: Statements, marked: string | null): Writer => {
  const marker = marked === null ? null : openMarker(marked);
  const commit = openGroupCommit(db, sql, openHeads(sql), marker);
  return {
    write: async (group) => commit(group),
    limitPages: (pages) => db.exec(`PRAGMA max_page_count = ${Math.trunc(pages)}`),
    close: async () => marker?.close(),
  };
};

const WORKER = import.meta.url.endsWith('.ts') ? './write-worker.ts' : './write-worker.js';

/** What is being written, and whom to tell. */
interface Task {
  readonly group: readonly Append[];
  readonly tell: (written: Written) => void;
  /** It was given to a thread that ended before it answered. */
  isAgain: boolean;
}

/**
 * Writes in a thread over a connection of its own, started by the first group. One that ends by itself is started
 * again. The group in progress is retried; a commit that had succeeded is detected as an identical append.
 */
export const writerThread = (path: string, marked: string | null): Writer => {
  let worker: Worker | null = null;
  let task: Task | null = null;
  let pages: number | null = null;

  const done = (written: Written): void => {
    if (!task) return;
    const { tell, isAgain } = task;
    task = null;
    // Another thread may have recorded it before it ended.
    tell(isAgain && 'failed' in written ? { ...written, recorded: 'unknown' } : written);
  };

  const start = (): Worker => {
    const started = new Worker(new URL(WORKER, import.meta.url), { workerData: { path, marked } });
    let why = 'it ended';
    started.on('message', done);
    started.on('error', (error) => {
      why = error instanceof Error ? error.message : String(error);
    });
    started.on('exit', () => {
      if (worker === started) worker = null;
      if (task) again(task, why);
    });
    if (pages !== null) started.postMessage({ type: 'limit', pages } satisfies WriteRequest);
    worker = started;
    return started;
  };

  const again = (asked: Task, why: string): void => {
    const isLast = asked.isAgain;
    asked.isAgain = true;
    try {
      if (isLast) throw new Error(why);
      send(asked.group);
    } catch (error) {
      const failed = `the thread that writes failed (${error instanceof Error ? error.message : error})`;
      done({ failed, recorded: 'unknown' });
    }
  };

  const send = (group: readonly Append[]): void => {
    const message = packedGroup(group);
    (worker ?? start()).postMessage({ type: 'write', ...message } satisfies WriteRequest, [
      message.bytes.buffer,
    ]);
  };

  return {
    write: (group) =>
      new Promise((resolve) => {
        send(group);
        task = { group, tell: resolve, isAgain: false };
      }),
    limitPages: (most) => {
      pages = Math.trunc(most);
      worker?.postMessage({ type: 'limit', pages } satisfies WriteRequest);
    },
    close: () =>
      new Promise((resolve) => {
        if (!worker) return resolve();
        worker.once('exit', () => resolve());
        worker.postMessage({ type: 'close' } satisfies WriteRequest);
      }),
  };
};
