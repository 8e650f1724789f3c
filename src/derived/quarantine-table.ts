/**
 * Events that could not be taken into the views, and stop what they belong to: kept beside the views, and forgotten
 * with them. Their bytes are kept too, so that a release that can read them finds it out by itself.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { RecordedEvent } from '../eventstore/event-store.ts';

/** An event that cannot be read (or does not follow from what was before). */
export interface Quarantined {
  readonly stream: string;
  readonly revision: number;
  /** Null where it was met by its stream alone. */
  readonly position: string | null;
  readonly why: string;
}

type Bytes = Pick<RecordedEvent, 'stream' | 'revision' | 'position' | 'header' | 'data'>;

export interface QuarantineTable {
  /** In the order of streams. */
  list(): Quarantined[];
  /** The first event of each stream that is held. */
  firsts(): Map<string, number>;
  /**
   * Holds an event, within whatever transaction is open; the same again is a no-op. `isRead`: it could be read, and
   * does not follow from what was before.
   */
  add(event: Bytes, why: string, isRead: boolean): void;
  /** The bytes of those that could not be read. */
  unread(): Bytes[];
  /** Lets one go. */
  release(stream: string, revision: number): void;
  /** How many there are. */
  count(): number;
}

/** Where a database of views keeps what it could not take; the table is made when it is missing. */
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
