/**
 * The embedded engine: one file, write-ahead logged, every commit synced. All appends that wait share one transaction;
 * each is acknowledged only after its commit, and the heads in memory change only after that.
 */
import { Buffer } from 'node:buffer';
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import {
  checkSize,
  type EventStore,
  type Position,
  type RecordedEvent,
  type SealedEvent,
  StoreUnavailable,
  type StreamHead,
  VersionConflict,
} from './event-store.ts';
import { closeDatabase, openDatabase } from './sqlite-open.ts';

export interface SqliteOptions {
  /** Opens beside a writer; appends are refused. */
  readonly readOnly?: boolean;
  /** False commits every append by itself; only a benchmark wants that. */
  readonly groupCommit?: boolean;
}

export interface SqliteMetrics {
  appends: number;
  events: number;
  commits: number;
}

export interface SqliteStore extends EventStore {
  readonly metrics: Readonly<SqliteMetrics>;
  /** Bounds the file, in pages: appends beyond it are refused as on a full disk. */
  limitPages(pages: number): void;
}

interface Waiting {
  readonly stream: string;
  readonly expected: number;
  readonly events: readonly SealedEvent[];
  readonly resolve: (position: Position) => void;
  readonly reject: (error: unknown) => void;
}

type Row = Record<string, SQLOutputValue>;
type Outcome = { readonly position: number } | { readonly conflict: VersionConflict };

interface Known extends StreamHead {
  readonly id: number;
}

const HEADS_KEPT = 200_000;
const EVENT = 'e.position, s.name AS stream, e.revision, e.header, e.data, e.hash';

/** Opens the ledger at a path. Throws LedgerDamaged when what is there cannot be trusted. */
export const openSqliteStore = (path: string, options: SqliteOptions = {}): SqliteStore => {
  const readOnly = options.readOnly ?? false;
  const db = openDatabase(path, readOnly);
  const sql = statements(db);
  const heads = new Map<string, Known>();
  const listeners = new Set<() => void>();
  const metrics: SqliteMetrics = { appends: 0, events: 0, commits: 0 };
  let queue: Waiting[] = [];
  let scheduled = false;
  let open = true;

  const stored = (stream: string): Known | null => {
    const id = sql.streamId.get(stream)?.['id'];
    if (typeof id !== 'number') return null;
    const last = sql.last.get(id);
    return { id, length: last ? Number(last['revision']) + 1 : 0, hash: last ? bytes(last, 'hash') : null };
  };

  const headIn = (changed: Map<string, Known>, stream: string): Known | null =>
    changed.get(stream) ?? heads.get(stream) ?? stored(stream);

  const write = ({ stream, expected, events }: Waiting, changed: Map<string, Known>): Outcome => {
    const head = headIn(changed, stream);
    const length = head?.length ?? 0;
    if (length !== expected) {
      const again = head && repeated(head.id, expected, events);
      return again ? { position: again } : { conflict: new VersionConflict(stream, expected, length) };
    }
    const id = head?.id ?? Number(sql.newStream.run(stream).lastInsertRowid);
    let position = 0;
    for (const event of events) {
      const { revision, header, hash, data, records } = event;
      position = Number(sql.insert.run(id, revision, header, hash, data, records).lastInsertRowid);
    }
    changed.set(stream, {
      id,
      length: expected + events.length,
      hash: events.at(-1)?.hash ?? head?.hash ?? null,
    });
    return { position };
  };

  /** The position of the last of these events if they are what lies there already. */
  const repeated = (id: number, from: number, events: readonly SealedEvent[]): number | null => {
    let position: number | null = null;
    for (const [i, event] of events.entries()) {
      const row = sql.one.get(id, from + i);
      if (!row || Buffer.compare(bytes(row, 'hash'), event.hash) !== 0) return null;
      position = Number(row['position']);
    }
    return position;
  };

  const commit = (group: readonly Waiting[]): void => {
    const changed = new Map<string, Known>();
    let outcomes: Outcome[];
    try {
      db.exec('BEGIN IMMEDIATE');
      outcomes = group.map((waiting) => write(waiting, changed));
      db.exec('COMMIT');
    } catch (error) {
      rollBack(db);
      heads.clear();
      const why = error instanceof Error ? error.message : String(error);
      for (const { reject } of group)
        reject(new StoreUnavailable(`nothing was recorded: ${why}`, { cause: error }));
      return;
    }
    if (heads.size > HEADS_KEPT) heads.clear();
    for (const [stream, head] of changed) heads.set(stream, head);
    metrics.commits += 1;
    for (const [i, waiting] of group.entries()) {
      const outcome = outcomes[i];
      if (outcome && 'position' in outcome) {
        metrics.appends += 1;
        metrics.events += waiting.events.length;
        waiting.resolve(String(outcome.position));
      } else {
        heads.delete(waiting.stream);
        waiting.reject(outcome?.conflict);
      }
    }
    for (const listener of listeners) listener();
  };

  const flush = (): void => {
    scheduled = false;
    const group = queue;
    queue = [];
    if (group.length === 0) return;
    if (options.groupCommit === false) for (const waiting of group) commit([waiting]);
    else commit(group);
  };

  return {
    metrics,
    limitPages: (pages) => db.exec(`PRAGMA max_page_count = ${Math.trunc(pages)}`),
    append: (stream, expected, events) =>
      new Promise((resolve, reject) => {
        if (!open || readOnly)
          throw new StoreUnavailable(open ? 'the ledger is open for reading' : 'the ledger is closed');
        checkSize(stream, events);
        queue.push({ stream, expected, events, resolve, reject });
        if (scheduled) return;
        scheduled = true;
        setImmediate(flush);
      }),
    head: async (stream) => {
      const head = readOnly ? stored(stream) : (heads.get(stream) ?? stored(stream));
      if (head && !readOnly) heads.set(stream, head);
      return { length: head?.length ?? 0, hash: head?.hash ?? null };
    },
    read: async (stream, { from, limit, direction, records }) => {
      const page = records ? sql.whole : sql.light;
      const least = direction === 'forwards' ? from : Math.max(0, from + 1 - limit);
      const most = direction === 'forwards' ? from + limit - 1 : from;
      const events = page.all(stream, least, most).map(recorded);
      return direction === 'forwards' ? events : events.reverse();
    },
    readAll: async ({ after, limit, records }) =>
      (records ? sql.allWhole : sql.allLight).all(after === null ? 0 : Number(after), limit).map(recorded),
    streams: async ({ after, prefix, limit }) =>
      sql.names
        .all(after ?? '', prefix, `${prefix}\u{10ffff}`, limit)
        .flatMap(({ name }) => (typeof name === 'string' ? [name] : [])),
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

const rollBack = (db: DatabaseSync): void => {
  try {
    if (db.isTransaction) db.exec('ROLLBACK');
  } catch {
    // The engine has rolled back by itself.
  }
};

const statements = (db: DatabaseSync) => {
  const page = (columns: string) =>
    db.prepare(
      `SELECT ${columns} FROM events e JOIN streams s ON s.id = e.stream
       WHERE s.name = ? AND e.revision BETWEEN ? AND ? ORDER BY e.revision`,
    );
  const all = (columns: string) =>
    db.prepare(
      `SELECT ${columns} FROM events e LEFT JOIN streams s ON s.id = e.stream
       WHERE e.position > ? ORDER BY e.position LIMIT ?`,
    );
  return {
    streamId: db.prepare('SELECT id FROM streams WHERE name = ?'),
    newStream: db.prepare('INSERT INTO streams(name) VALUES (?)'),
    last: db.prepare('SELECT revision, hash FROM events WHERE stream = ? ORDER BY revision DESC LIMIT 1'),
    one: db.prepare('SELECT position, hash FROM events WHERE stream = ? AND revision = ?'),
    insert: db.prepare(
      'INSERT INTO events(stream, revision, header, hash, data, records) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    light: page(EVENT),
    whole: page(`${EVENT}, e.records`),
    allLight: all(EVENT),
    allWhole: all(`${EVENT}, e.records`),
    names: db.prepare(
      'SELECT name FROM streams WHERE name > ? AND name >= ? AND name < ? ORDER BY name LIMIT ?',
    ),
    end: db.prepare('SELECT max(position) AS position FROM events'),
  };
};

const recorded = (row: Row): RecordedEvent => ({
  position: String(row['position']),
  stream: String(row['stream']),
  revision: Number(row['revision']),
  header: String(row['header']),
  data: String(row['data']),
  records: row['records'] instanceof Uint8Array ? row['records'] : null,
  hash: bytes(row, 'hash'),
});

const bytes = (row: Row, column: string): Uint8Array => {
  const value = row[column];
  return value instanceof Uint8Array ? value : new Uint8Array();
};
