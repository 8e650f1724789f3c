/**
 * The embedded store: one file with a write-ahead log; every commit is fsynced (`group-commit.ts`), and the file is
 * checked if it was not closed cleanly (`open.ts`). Reads see committed events only.
 */
import { statSync } from 'node:fs';
import { walPath } from '../../files/sqlite-file.ts';
import { checkAppend, type EventStore, StoreUnavailable } from '../event-store.ts';
import { carryKey } from './backup-extras.ts';
import { type CommitListener, type CommitMetrics, enqueue, flush, openCommitQueue } from './commit-queue.ts';
import { storedHead } from './head-cache.ts';
import { closeDatabase, type Opening, openDatabase } from './open.ts';
import { bytesOf, prepareStatements, recordedOf, type Statements } from './rows.ts';
import { schemaTroubles } from './schema.ts';
import { writerHere, writerThread } from './writer.ts';

export interface SqliteOptions {
  /** Opens beside a writer; appends are refused. */
  readonly readOnly?: boolean;
  /** False: a reader looks at pages alone, because its writer checked events and seals, or it will look at all itself. */
  readonly checksSeals?: boolean;
  /** Commits in a separate thread, so that a long-running process is not blocked. */
  readonly writesInThread?: boolean;
  /** Opens it although something beside it knows of further events. */
  readonly acceptLoss?: boolean;
  /** False: no watermark, for a file that is still being built. */
  readonly marks?: boolean;
  /** False: one commit per append; only for benchmarks. */
  readonly groupCommit?: boolean;
}

export interface SqliteStore extends EventStore {
  readonly metrics: Readonly<CommitMetrics>;
  /** The result of opening it. */
  readonly opening: Opening;
  /** Calls back after each commit. */
  onCommitted(listener: CommitListener): void;
  /** Deletes the key from a restored backup, once it is stored beside it. */
  dropCarriedKey(): void;
  /** Closes it without the clean-shutdown marker, because a problem was found beside it. */
  abandon(): Promise<void>;
  /** Problems of the file's tables and indexes, a sentence each. */
  schemaTroubles(): string[];
  /** Size of the write-ahead log; it grows without limit if a reader never ends its transaction. */
  walBytes(): number;
  /** Bounds the file, in pages: appends beyond it are refused as on a full disk. */
  limitPages(pages: number): void;
}

/** Opens the ledger at a path. Throws LedgerDamaged if it cannot be trusted. */
export const openSqliteStore = (path: string, options: SqliteOptions = {}): SqliteStore => {
  const { readOnly = false, acceptLoss = false, checksSeals = true, groupCommit = true } = options;
  const { db, opening } = openDatabase(path, { readOnly, acceptLoss, checksSeals });
  const sql = prepareStatements(db);
  const marked = readOnly || path === ':memory:' || options.marks === false ? null : path;
  const isThread = (options.writesInThread ?? false) && !readOnly;
  const writer = isThread ? writerThread(path, marked) : writerHere(path, db, sql, marked);
  const last = readOnly ? undefined : lastPosition(sql);
  const queue = openCommitQueue({ writer, isThread, isGrouped: groupCommit, last });
  let closing: Promise<void> | null = null;
  let isWanting = false;
  const close = async (): Promise<void> => {
    await flush(queue);
    await writer.close();
    if (readOnly) db.close();
    else closeDatabase(db, { isClean: !isWanting });
  };
  return {
    ...readingOf(sql),
    metrics: queue.metrics,
    opening,
    onCommitted: (listener) => void queue.committed.add(listener),
    schemaTroubles: () => schemaTroubles(db),
    walBytes: () => statSync(walPath(path), { throwIfNoEntry: false })?.size ?? 0,
    limitPages: (pages) => writer.limitPages(pages),
    append: (stream, expected, events) =>
      new Promise((resolve, reject) => {
        if (closing || readOnly)
          throw new StoreUnavailable(closing ? 'the ledger is closed' : 'the ledger is open for reading');
        checkAppend(stream, expected, events);
        enqueue(queue, { stream, expected, events, resolve, reject });
      }),
    onAppended: (listener) => {
      queue.listeners.add(listener);
      return () => queue.listeners.delete(listener);
    },
    end: async () => {
      const end = queue.last === undefined ? lastPosition(sql) : queue.last;
      if (!readOnly) queue.last = end;
      return end === null ? null : String(end);
    },
    dropCarriedKey: () => carryKey(db, null),
    abandon: () => {
      isWanting = true;
      closing ??= close();
      return closing;
    },
    close: () => {
      closing ??= close();
      return closing;
    },
  };
};

/** Reads of committed events. */
const readingOf = (sql: Statements): Pick<EventStore, 'head' | 'read' | 'readAll' | 'streams' | 'heads'> => ({
  head: async (stream) => storedHead(sql, stream),
  read: async (stream, { from, limit, direction, records }) => {
    const page = records ? sql.whole : sql.light;
    const least = direction === 'forwards' ? from : Math.max(0, from + 1 - limit);
    const most = direction === 'forwards' ? from + limit - 1 : from;
    const events = page.all(stream, least, most).map(recordedOf);
    return direction === 'forwards' ? events : events.reverse();
  },
  readAll: async ({ after, limit, records }) =>
    (records ? sql.allWhole : sql.allLight).all(after === null ? 0 : Number(after), limit).map(recordedOf),
  streams: async ({ after, prefix, limit }) =>
    sql.names
      .all(after ?? '', prefix, `${prefix}\u{10ffff}`, limit)
      .flatMap(({ name }) => (typeof name === 'string' ? [name] : [])),
  heads: async ({ after, limit }) =>
    sql.heads.all(after ?? '', limit).map((row) => ({
      stream: String(row['name']),
      length: Number(row['revision']) + 1,
      hash: bytesOf(row, 'hash'),
    })),
});

const lastPosition = (sql: Statements): number | null => {
  const last = sql.end.get()?.['position'];
  return typeof last === 'number' ? last : null;
};
