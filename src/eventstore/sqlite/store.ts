/**
 * The embedded engine: one file, write-ahead logged, every commit fsynced (`group-commit.ts`), and checked when
 * it was not closed cleanly (`open.ts`). What is read here is what was committed.
 */
import { statSync } from 'node:fs';
import { walPath } from '../../files/sqlite-file.ts';
import {
  checkAppend,
  type EventStore,
  type Position,
  StoreUnavailable,
  VersionConflict,
} from '../event-store.ts';
import { carryKey } from './carried.ts';
import type { Append, Written } from './group-commit.ts';
import { storedHead } from './heads.ts';
import { closeDatabase, type Opening, openDatabase } from './open.ts';
import { bytesOf, prepareStatements, recordedOf } from './rows.ts';
import { schemaTroubles } from './schema.ts';
import { writerHere, writerThread } from './writer.ts';

export interface SqliteOptions {
  /** Opens beside a writer; appends are refused. */
  readonly readOnly?: boolean;
  /** False: a reader that looks at no seals, since its writer did, or since it checks every one itself. */
  readonly checksSeals?: boolean;
  /** Commits in a thread of its own: for a ledger that has more to do meanwhile. */
  readonly writesInThread?: boolean;
  /** Opens it although something beside it knows of more events than it has. */
  readonly acceptLoss?: boolean;
  /** False keeps no mark beside it: for a file that is still being made. */
  readonly marks?: boolean;
  /** False commits every append by itself; only a benchmark wants that. */
  readonly groupCommit?: boolean;
}

export interface CommitMetrics {
  /** Appends that were acknowledged, repeats included. */
  appends: number;
  events: number;
  commits: number;
  /** How long the last commit took with its fsync, in milliseconds. */
  lastCommitMs: number;
}

/** Called after each commit: the events it made durable, and how long it took with its fsync, in milliseconds. */
export type CommitListener = (events: number, ms: number) => void;

export interface SqliteStore extends EventStore {
  readonly metrics: Readonly<CommitMetrics>;
  /** What was found when it was opened. */
  readonly opening: Opening;
  /** Calls back after each commit. */
  onCommitted(listener: CommitListener): void;
  /** Takes the key out of a file that was a backup; it lies beside it by now. */
  dropCarriedKey(): void;
  /** Closes it without the mark of a clean close: what was found beside it speaks against it. */
  abandon(): Promise<void>;
  /** What of the file's tables and indexes is not as it should be, a sentence each. */
  schemaTroubles(): string[];
  /** Size of the write-ahead log; one that grows without end is held by a reader that does not stop. */
  walBytes(): number;
  /** Bounds the file, in pages: appends beyond it are refused as on a full disk. */
  limitPages(pages: number): void;
}

interface Waiting extends Append {
  readonly resolve: (position: Position) => void;
  readonly reject: (error: unknown) => void;
}

/** Turns of the event loop that an append waits for others at most. */
const TURNS = 30;
/** A thread of its own begins with a group of so many at once: while it is synced, the next ones are decided. */
const GROUP_APPENDS = 16;
const GROUP_BYTES = 16 * 1024;

const RECORDED = {
  nothing: 'nothing was recorded',
  unknown: 'it is not known whether this was recorded',
} as const;

/** A listener that throws ends the process, as ever, and not what is being written. */
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

const lastPosition = (sql: ReturnType<typeof prepareStatements>): number | null => {
  const last = sql.end.get()?.['position'];
  return typeof last === 'number' ? last : null;
};

/** Opens the ledger at a path. Throws LedgerDamaged when what is there cannot be trusted. */
export const openSqliteStore = (path: string, options: SqliteOptions = {}): SqliteStore => {
  const readOnly = options.readOnly ?? false;
  const { acceptLoss = false, checksSeals = true } = options;
  const { db, opening } = openDatabase(path, { readOnly, acceptLoss, checksSeals });
  const sql = prepareStatements(db);
  const marked = readOnly || path === ':memory:' || options.marks === false ? null : path;
  const writer =
    options.writesInThread && !readOnly ? writerThread(path, marked) : writerHere(db, sql, marked);
  const metrics: CommitMetrics = { appends: 0, events: 0, commits: 0, lastCommitMs: 0 };
  const committed = new Set<CommitListener>();
  const listeners = new Set<() => void>();
  let queue: Waiting[] = [];
  /** Bytes of records that wait. */
  let queuedBytes = 0;
  let isWriting = false;
  /** Resolves when what was being written is. */
  let written = Promise.resolve();
  let closing: Promise<void> | null = null;
  /** Position of the last event; undefined where it must be looked up: another process writes, or a commit failed. */
  let end = readOnly ? undefined : lastPosition(sql);
  let isWanting = false;

  /** Waits for a turn of the event loop that brings nothing new, so that as many as may share a sync. */
  const gather = (seen: number, turns: number): void => {
    const now = queue.length;
    if (now === seen || turns === 0) flush();
    else setImmediate(() => gather(now, turns - 1));
  };

  /** Writes what waits, and what comes meanwhile behind it. */
  const flush = (): Promise<void> => {
    if (!isWriting) written = writeQueue();
    return written;
  };
  const writeQueue = async (): Promise<void> => {
    isWriting = true;
    while (queue.length > 0) {
      const group = queue;
      queue = [];
      queuedBytes = 0;
      if (options.groupCommit === false) for (const one of group) await write([one]);
      else await write(group);
    }
    isWriting = false;
  };

  const write = async (group: readonly Waiting[]): Promise<void> => {
    const appends = group.map(({ stream, expected, events }) => ({ stream, expected, events }));
    const written = await writer.write(appends).catch(notWritten);
    if ('failed' in written) {
      end = undefined;
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
        if (end !== undefined) end = Math.max(end ?? 0, outcome.position);
        resolve(String(outcome.position));
      } else reject(new VersionConflict(stream, expected, outcome?.actual ?? 0));
    }
    const events = metrics.events - before;
    for (const listener of committed) guarded(() => listener(events, written.ms));
    for (const listener of listeners) guarded(listener);
  };

  const close = async (): Promise<void> => {
    await flush();
    await writer.close();
    if (readOnly) db.close();
    else closeDatabase(db, { isClean: !isWanting });
  };

  return {
    metrics,
    opening,
    onCommitted: (listener) => void committed.add(listener),
    schemaTroubles: () => schemaTroubles(db),
    walBytes: () => statSync(walPath(path), { throwIfNoEntry: false })?.size ?? 0,
    limitPages: (pages) => writer.limitPages(pages),
    append: (stream, expected, events) =>
      new Promise((resolve, reject) => {
        if (closing || readOnly)
          throw new StoreUnavailable(closing ? 'the ledger is closed' : 'the ledger is open for reading');
        checkAppend(stream, expected, events);
        queue.push({ stream, expected, events, resolve, reject });
        if (isWriting) return;
        for (const { records } of events) queuedBytes += records?.length ?? 0;
        if (options.writesInThread && (queue.length >= GROUP_APPENDS || queuedBytes >= GROUP_BYTES))
          void flush();
        else if (queue.length === 1) setImmediate(() => gather(0, TURNS));
      }),
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
    end: async () => {
      const last = end === undefined ? lastPosition(sql) : end;
      if (!readOnly) end = last;
      return last === null ? null : String(last);
    },
    onAppended: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
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
