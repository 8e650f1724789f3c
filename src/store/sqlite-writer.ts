/**
 * Who writes the embedded engine's file: the thread that asks, or one of its own (`sqlite-write-worker.ts`), so that
 * deciding and answering go on while a commit is synced.
 */
import type { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { type Append, openGroupCommit, type Written } from './sqlite-group-commit.ts';
import { openHeads } from './sqlite-heads.ts';
import type { Statements } from './sqlite-rows.ts';
import { packedGroup } from './sqlite-write-message.ts';
import type { WriteRequest } from './sqlite-write-worker.ts';

export interface Writer {
  /** Writes a group, durably; the next one only after this. Never rejects. */
  write(group: readonly Append[]): Promise<Written>;
  /** Bounds the file, in pages. */
  limitPages(pages: number): void;
  close(): Promise<void>;
}

/** Writes over a connection in this thread. */
export const writerHere = (db: DatabaseSync, sql: Statements): Writer => {
  const commit = openGroupCommit(db, sql, openHeads(sql));
  return {
    write: async (group) => commit(group),
    limitPages: (pages) => db.exec(`PRAGMA max_page_count = ${Math.trunc(pages)}`),
    close: async () => undefined,
  };
};

const WORKER = import.meta.url.endsWith('.ts') ? './sqlite-write-worker.ts' : './sqlite-write-worker.js';

/**
 * Writes in a thread over a connection of its own. One that ends by itself is started again by the next group; what it was
 * writing may be there or not, as after an engine that did not answer.
 */
export const writerThread = (path: string): Writer => {
  let worker: Worker | null = null;
  let told: ((written: Written) => void) | null = null;
  let pages: number | null = null;

  const tell = (written: Written): void => {
    const resolve = told;
    told = null;
    resolve?.(written);
  };
  const post = (to: Worker, request: WriteRequest): void => to.postMessage(request);
  const start = (): Worker => {
    const started = new Worker(new URL(WORKER, import.meta.url), { workerData: { path } });
    let why = 'it ended';
    started.on('message', tell);
    started.on('error', (error) => {
      why = error instanceof Error ? error.message : String(error);
    });
    started.on('exit', () => {
      if (worker === started) worker = null;
      tell({
        failed: `it is not known whether this was recorded, ask again: the thread that writes failed (${why})`,
      });
    });
    if (pages !== null) post(started, { type: 'limit', pages });
    worker = started;
    return started;
  };

  start();
  return {
    write: (group) =>
      new Promise((resolve) => {
        told = resolve;
        const message = packedGroup(group);
        (worker ?? start()).postMessage({ type: 'write', ...message } satisfies WriteRequest, [
          message.bytes.buffer,
        ]);
      }),
    limitPages: (most) => {
      pages = Math.trunc(most);
      if (worker) post(worker, { type: 'limit', pages });
    },
    close: () =>
      new Promise((resolve) => {
        if (!worker) return resolve();
        worker.once('exit', () => resolve());
        post(worker, { type: 'close' });
      }),
  };
};
