/**
 * Who writes the embedded engine's file: the thread that asks, or one of its own (`write-worker.ts`), so that
 * deciding and answering go on while a commit is synced.
 */
import type { DatabaseSync } from 'node:sqlite';
import { type CalledThread, startThread } from '../../async/worker-rpc.ts';
import { fileAt, openInPlace } from './file-in-place.ts';
import { type Append, openGroupCommit, type Written } from './group-commit.ts';
import { openHeads } from './head-cache.ts';
import type { Statements } from './rows.ts';
import { openWatermark } from './watermark.ts';
import { packedGroup } from './write-message.ts';
import type { WriteOrder, WriteReply, WriteRequest } from './write-worker.ts';

export interface Writer {
  /** Writes a group, durably; the next one only after this. */
  write(group: readonly Append[]): Promise<Written>;
  /** Bounds the file, in pages. */
  limitPages(pages: number): void;
  close(): Promise<void>;
}

/** Writes over a connection in this thread; `marked` is the ledger with a watermark, null: none. */
export const writerHere = (
  path: string,
  db: DatabaseSync,
  sql: Statements,
  marked: string | null,
): Writer => {
  const watermark = marked === null ? null : openWatermark(marked);
  const commit = openGroupCommit(db, sql, openHeads(sql), watermark, openInPlace(path));
  return {
    write: async (group) => commit(group),
    limitPages: (pages) => db.exec(`PRAGMA max_page_count = ${Math.trunc(pages)}`),
    close: async () => watermark?.close(),
  };
};

type WriteThread = CalledThread<WriteRequest, WriteReply>;

const sent = async (thread: WriteThread, group: readonly Append[]): Promise<Written> => {
  const message = packedGroup(group);
  const { written } = await thread.ask(message, [message.bytes.buffer]);
  return written;
};

/**
 * Writes in a thread over its own connection, started by the first group and restarted if it ends. The group in
 * progress is retried; a commit that had succeeded is detected as an identical append.
 */
export const writerThread = (path: string, marked: string | null): Writer => {
  const file = fileAt(path);
  let thread: WriteThread | null = null;
  let pages: number | null = null;

  const running = (): WriteThread => {
    if (thread && !thread.failed()) return thread;
    thread = startThread(import.meta.url, './write-worker', {
      data: { path, marked, file },
      ended: (why) => new Error(why),
    });
    if (pages !== null) thread.tell({ type: 'limit', pages } satisfies WriteOrder);
    return thread;
  };

  const again = async (group: readonly Append[]): Promise<Written> => {
    try {
      const written = await sent(running(), group);
      // The thread that ended may have recorded it before.
      return 'failed' in written ? { ...written, recorded: 'unknown' } : written;
    } catch (error) {
      const failed = `the thread that writes failed (${error instanceof Error ? error.message : error})`;
      return { failed, recorded: 'unknown' };
    }
  };

  return {
    write: async (group) => {
      // A thread that could not be started has recorded nothing; one that ended is retried once.
      const first = running();
      return sent(first, group).catch(() => again(group));
    },
    limitPages: (most) => {
      pages = Math.trunc(most);
      thread?.tell({ type: 'limit', pages } satisfies WriteOrder);
    },
    close: async () => {
      if (!thread || thread.failed()) return;
      thread.tell({ type: 'close' } satisfies WriteOrder);
      await thread.exited;
    },
  };
};
