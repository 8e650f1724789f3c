/**
 * Views: JSON by (projection, key), saved together with the position in one transaction. Independent of the
 * projections.
 */
import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { type Anchor, anchorTable } from '../eventstore/anchor.ts';
import type { Position } from '../eventstore/event-store.ts';
import { emptyTables, inTransaction, openDerived } from '../files/sqlite-file.ts';
import { type QuarantineTable, quarantineTable } from './quarantine-table.ts';

export interface Views {
  get(projection: string, key: string): unknown;
  /** Rows whose key starts with a prefix, ordered by key. */
  list(
    projection: string,
    prefix: string,
    after: string | null,
    limit: number,
  ): { key: string; value: unknown }[];
  /** The same rows from the last one back: those before a key. */
  listBackwards(
    projection: string,
    prefix: string,
    before: string,
    limit: number,
  ): { key: string; value: unknown }[];
  /** How far a projection of a version has read; null from nothing (or from another version). */
  position(projection: string, version: number): Position | null;
  /** Forgets a projection. */
  reset(projection: string): void;
  /** Forgets every projection, and which ledger they were of. */
  resetAll(): void;
  /** The last event that the most advanced projection has read; null if none, or not recorded by an earlier release. */
  anchor(): Anchor | null;
  /** Notes the event up to which projections have read, in the transaction that saves them. */
  note(event: Anchor): void;
  /** Events that they could not process. */
  readonly quarantine: QuarantineTable;
  /** Names of the projections that have read something. */
  projections(): readonly string[];
  /** Whether no projection has read anything. */
  isEmpty(): boolean;
  /** Applies changes (a key whose value is undefined is deleted) and the position reached, both or neither. */
  save(
    projection: { readonly name: string; readonly version: number },
    changes: ReadonlyMap<string, unknown>,
    position: Position,
  ): void;
  /** SHA-256 over every row, in order. */
  digest(): string;
  /** Removes what was deleted from the file and its log, where no reader is in the way. */
  purge(): void;
  /** Runs several saves in one transaction. */
  together(work: () => void): void;
  close(): void;
}

/** A row does not match its projection's schema: the views' file is damaged, and can be rebuilt. */
export class ViewUnreadable extends Error {
  constructor(projection: string, key: string, why: string) {
    super(`the view ${projection} cannot be read at ${key} (${why})`);
  }
}

/** Opens or creates the views at a path. */
export const openViews = (path: string): Views => openDerived(path, 'NORMAL', viewsOver);

const viewsOver = (db: DatabaseSync): Views => {
  // The name of a person who was erased must not stay in the file.
  db.exec(`
    PRAGMA secure_delete = ON;
    CREATE TABLE IF NOT EXISTS views(projection TEXT, key TEXT, value TEXT, PRIMARY KEY(projection, key)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS followed(projection TEXT PRIMARY KEY, version INTEGER, position TEXT) WITHOUT ROWID;
  `);
  const anchor = anchorTable(db);
  const quarantine = quarantineTable(db);
  const one = db.prepare('SELECT value FROM views WHERE projection = ? AND key = ?');
  const page = db.prepare(
    'SELECT key, value FROM views WHERE projection = ? AND key >= ? AND key < ? AND key > ? ORDER BY key LIMIT ?',
  );
  const pageBackwards = db.prepare(
    'SELECT key, value FROM views WHERE projection = ? AND key >= ? AND key < ? ORDER BY key DESC LIMIT ?',
  );
  const put = db.prepare('INSERT OR REPLACE INTO views(projection, key, value) VALUES (?, ?, ?)');
  const remove = db.prepare('DELETE FROM views WHERE projection = ? AND key = ?');
  const followed = db.prepare('SELECT version, position FROM followed WHERE projection = ?');
  const follow = db.prepare(
    'INSERT OR REPLACE INTO followed(projection, version, position) VALUES (?, ?, ?)',
  );
  const parsed = (projection: string, key: string, value: unknown): unknown => {
    if (value === undefined) return undefined;
    try {
      return JSON.parse(String(value));
    } catch {
      throw new ViewUnreadable(projection, key, 'not JSON');
    }
  };
  const rowIn =
    (projection: string) =>
    ({ key, value }: Record<string, unknown>) => ({
      key: String(key),
      value: parsed(projection, String(key), value),
    });
  return {
    get: (projection, key) => parsed(projection, key, one.get(projection, key)?.['value']),
    list: (projection, prefix, after, limit) =>
      page.all(projection, prefix, `${prefix}\u{10ffff}`, after ?? '', limit).map(rowIn(projection)),
    listBackwards: (projection, prefix, before, limit) =>
      pageBackwards.all(projection, prefix, before, limit).map(rowIn(projection)),
    position: (projection, version) => {
      const row = followed.get(projection);
      return row?.['version'] === version && typeof row['position'] === 'string' ? row['position'] : null;
    },
    reset: (projection) => {
      db.prepare('DELETE FROM views WHERE projection = ?').run(projection);
      db.prepare('DELETE FROM followed WHERE projection = ?').run(projection);
    },
    resetAll: () => emptyTables(db, ['views', 'followed', 'anchor', 'quarantine']),
    anchor: anchor.last,
    note: anchor.note,
    quarantine,
    projections: () =>
      db
        .prepare('SELECT projection FROM followed')
        .all()
        .map((row) => String(row['projection'])),
    isEmpty: () => db.prepare('SELECT 1 FROM followed LIMIT 1').get() === undefined,
    save: ({ name, version }, changes, position) => {
      for (const [key, value] of changes)
        if (value === undefined) remove.run(name, key);
        else put.run(name, key, JSON.stringify(value));
      follow.run(name, version, position);
    },
    digest: () => {
      const hash = createHash('sha256');
      for (const { projection, key, value } of db
        .prepare('SELECT * FROM views ORDER BY projection, key')
        .iterate()) {
        hash.update(`${projection}\n${key}\n${value}\n`);
      }
      return hash.digest('hex');
    },
    purge: () => db.exec('PRAGMA wal_checkpoint(TRUNCATE)'),
    together: (work) => inTransaction(db, work),
    close: () => db.close(),
  };
};
