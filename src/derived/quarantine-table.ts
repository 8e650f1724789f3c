/**
 * Events that the views could not process; they quarantine what they belong to. Stored and dropped together with the
 * views. Their bytes are stored too, so that a release that can read them detects it automatically.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { RecordedEvent } from '../eventstore/event-store.ts';

/** An event that cannot be read, or that contradicts the state before it. */
export interface Quarantined {
  readonly stream: string;
  readonly revision: number;
  /** Null if only its stream was read. */
  readonly position: string | null;
  readonly why: string;
}

type Bytes = Pick<RecordedEvent, 'stream' | 'revision' | 'position' | 'header' | 'data'>;

export interface QuarantineTable {
  /** In the order of streams. */
  list(): Quarantined[];
  /** The first quarantined event of each stream. */
  firsts(): Map<string, number>;
  /**
   * Quarantines an event, within the open transaction; idempotent. `isRead`: it was readable, but contradicts the state
   * before it.
   */
  add(event: Bytes, why: string, isRead: boolean): void;
  /** The bytes of those that could not be read. */
  unread(): Bytes[];
  /** Lets one go. */
  release(stream: string, revision: number): void;
  /** Number of quarantined events. */
  count(): number;
}

/** Opens the quarantine of a views database; creates its table if missing. */
export const quarantineTable = (db: DatabaseSync): QuarantineTable => {
  db.exec(`CREATE TABLE IF NOT EXISTS quarantine(
    stream TEXT, revision INTEGER, position TEXT, why TEXT, header TEXT, data TEXT, is_read INTEGER,
    PRIMARY KEY(stream, revision))`);
  const select = db.prepare(
    'SELECT stream, revision, position, why FROM quarantine ORDER BY stream, revision',
  );
  const firsts = db.prepare('SELECT stream, min(revision) AS revision FROM quarantine GROUP BY stream');
  const put = db.prepare('INSERT OR IGNORE INTO quarantine VALUES (?, ?, ?, ?, ?, ?, ?)');
  const bytes = db.prepare(
    'SELECT stream, revision, position, header, data FROM quarantine WHERE is_read = 0',
  );
  const remove = db.prepare('DELETE FROM quarantine WHERE stream = ? AND revision = ?');
  const count = db.prepare('SELECT count(*) AS n FROM quarantine');
  const textOf = (row: Record<string, unknown>, name: string): string => String(row[name]);
  return {
    list: () =>
      select.all().map((row) => ({
        stream: textOf(row, 'stream'),
        revision: Number(row['revision']),
        position: textOf(row, 'position'),
        why: textOf(row, 'why'),
      })),
    firsts: () => new Map(firsts.all().map((row) => [textOf(row, 'stream'), Number(row['revision'])])),
    add: ({ stream, revision, position, header, data }, why, isRead) =>
      void put.run(stream, revision, position, why, header, data, isRead ? 1 : 0),
    unread: () =>
      bytes.all().map((row) => ({
        stream: textOf(row, 'stream'),
        revision: Number(row['revision']),
        position: textOf(row, 'position'),
        header: textOf(row, 'header'),
        data: textOf(row, 'data'),
      })),
    release: (stream, revision) => void remove.run(stream, revision),
    count: () => Number(count.get()?.['n']),
  };
};
