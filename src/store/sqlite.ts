/**
 * The embedded engine: one file, write-ahead logged, every commit synced (`sqlite-group-commit.ts`), and checked when
 * it was not closed cleanly (`sqlite-open.ts`).
 */
import { statSync } from 'node:fs';
import { checkAppend, type EventStore, StoreUnavailable } from './event-store.ts';
import {
  type CommitListener,
  type CommitMetrics,
  openGroupCommit,
  type Waiting,
} from './sqlite-group-commit.ts';
import { openHeads, storedHead } from './sqlite-heads.ts';
import { closeDatabase, openDatabase } from './sqlite-open.ts';
import { bytesOf, prepareStatements, recordedOf } from './sqlite-rows.ts';

export interface SqliteOptions {
  /** Opens beside a writer; appends are refused. */
  readonly readOnly?: boolean;
  /** False commits every append by itself; only a benchmark wants that. */
  readonly groupCommit?: boolean;
}

export interface SqliteStore extends EventStore {
  readonly metrics: Readonly<CommitMetrics>;
  /** Calls back after each commit. */
  onCommitted(listener: CommitListener): void;
  /** Size of the write-ahead log; one that grows without end is held by a reader that does not stop. */
  walBytes(): number;
  /** Bounds the file, in pages: appends beyond it are refused as on a full disk. */
  limitPages(pages: number): void;
}

/** Turns of the event loop that an append waits for others at most. */
const TURNS = 30;

/** Opens the ledger at a path. Throws LedgerDamaged when what is there cannot be trusted. */
export const openSqliteStore = (path: string, options: SqliteOptions = {}): SqliteStore => {
  const readOnly = options.readOnly ?? false;
  const db = openDatabase(path, readOnly);
  const sql = prepareStatements(db);
  const heads = openHeads(sql);
  const committed = new Set<CommitListener>();
  const { commit, metrics } = openGroupCommit(db, sql, heads, committed);
  const listeners = new Set<() => void>();
  let queue: Waiting[] = [];
  let open = true;

  /** Waits for a turn of the event loop that brings nothing new, so that as many as may share a sync. */
  const gather = (seen: number, turns: number): void => {
    const now = queue.length;
    if (now === seen || turns === 0) flush();
    else setImmediate(() => gather(now, turns - 1));
  };

  const flush = (): void => {
    const group = queue;
    queue = [];
    if (group.length === 0) return;
    if (options.groupCommit === false) for (const waiting of group) commit([waiting]);
    else commit(group);
    for (const listener of listeners) listener();
  };

  return {
    metrics,
    onCommitted: (listener) => void committed.add(listener),
    walBytes: () => statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0,
    limitPages: (pages) => db.exec(`PRAGMA max_page_count = ${Math.trunc(pages)}`),
    append: (stream, expected, events) =>
      new Promise((resolve, reject) => {
        if (!open || readOnly)
          throw new StoreUnavailable(open ? 'the ledger is open for reading' : 'the ledger is closed');
        checkAppend(stream, expected, events);
        queue.push({ stream, expected, events, resolve, reject });
        if (queue.length === 1) setImmediate(() => gather(0, TURNS));
      }),
    head: async (stream) => {
      const head = readOnly ? storedHead(sql, stream) : heads.of(stream);
      return { length: head?.length ?? 0, hash: head?.hash ?? null };
    },
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
    end: async () => {
      const last = sql.end.get()?.['position'];
      return typeof last === 'number' ? String(last) : null;
    },
    onAppended: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {
      if (!open) return;
      flush();
      open = false;
      if (readOnly) db.close();
      else closeDatabase(db);
    },
  };
};
