/** The SQLite tables of the log's tree: complete nodes, leaf indexes by stream, and signed checkpoints. */
import type { DatabaseSync } from 'node:sqlite';
import { openSound } from '../files/sound-database.ts';
import { emptyTables, formatOf, inTransaction, openDerived, setFormat } from '../files/sqlite-file.ts';

const FORMAT = 3;
const SCHEMA = `
  CREATE TABLE nodes(level INTEGER, i INTEGER, hash BLOB, PRIMARY KEY(level, i)) WITHOUT ROWID;
  CREATE TABLE leaves(stream TEXT, revision INTEGER, i INTEGER, head TEXT, PRIMARY KEY(stream, revision)) WITHOUT ROWID;
  CREATE TABLE signed(revision INTEGER PRIMARY KEY, size INTEGER, root TEXT, key TEXT, note TEXT,
    command TEXT, hash TEXT);
  CREATE INDEX signed_by_command ON signed(command) WHERE command IS NOT NULL;
  CREATE TABLE reached(one INTEGER PRIMARY KEY, length INTEGER, size INTEGER, head TEXT);
  INSERT INTO reached VALUES (1, 0, 0, '');
`;
const TABLES = ['nodes', 'leaves', 'signed', 'reached'];

/** Opens or creates the tables at a path; a damaged file is rebuilt. */
export const openLogTables = (path: string): LogTables => openSound(path, opened);

const opened = (path: string): LogTables =>
  openDerived(path, 'OFF', (db) => {
    if (formatOf(db) !== FORMAT) makeTables(db);
    return { db, ...statements(db) };
  });

const makeTables = (db: DatabaseSync): void =>
  inTransaction(db, () => {
    for (const table of TABLES) db.exec(`DROP TABLE IF EXISTS ${table}`);
    db.exec(SCHEMA);
    setFormat(db, FORMAT);
  });

export type LogTables = ReturnType<typeof statements> & { readonly db: DatabaseSync };

const statements = (db: DatabaseSync) => ({
  reached: db.prepare('SELECT length, size, head FROM reached'),
  reach: db.prepare('UPDATE reached SET length = ?, size = ?, head = ?'),
  node: db.prepare('SELECT hash FROM nodes WHERE level = ? AND i = ?'),
  putNode: db.prepare('INSERT OR REPLACE INTO nodes VALUES (?, ?, ?)'),
  putLeaf: db.prepare('INSERT OR REPLACE INTO leaves VALUES (?, ?, ?, ?)'),
  putSigned: db.prepare('INSERT OR REPLACE INTO signed VALUES (?, ?, ?, ?, ?, ?, ?)'),
  latest: db.prepare('SELECT max(revision) AS revision FROM leaves WHERE stream = ?'),
  covering: db.prepare(
    'SELECT revision, i, head FROM leaves WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT 1',
  ),
  signed: db.prepare('SELECT * FROM signed WHERE size >= ? ORDER BY size, revision LIMIT ?'),
  signedFrom: db.prepare('SELECT * FROM signed WHERE revision >= ? ORDER BY revision LIMIT ?'),
  askedBy: db.prepare('SELECT * FROM signed WHERE command = ? LIMIT 1'),
  last: db.prepare('SELECT * FROM signed ORDER BY revision DESC LIMIT 1'),
});

/** How far the log is read: number of events and leaves, and the hash of the last event (empty before any). */
export interface Reached {
  readonly length: number;
  readonly size: number;
  readonly head: string;
}

export const reachedIn = (tables: LogTables): Reached => {
  const row = tables.reached.get();
  return { length: Number(row?.['length']), size: Number(row?.['size']), head: String(row?.['head']) };
};

/** Deletes everything, so that the log is read again. */
export const forgetLog = (tables: LogTables): void => {
  emptyTables(tables.db, ['nodes', 'leaves', 'signed'], () => tables.reach.run(0, 0, ''));
};

export interface Signed {
  readonly size: number;
  readonly root: string;
  /** The verifier key that signed it. */
  readonly key: string;
  readonly note: string;
}

export const signedOf = (row: Record<string, unknown>): Signed => ({
  size: Number(row['size']),
  root: String(row['root']),
  key: String(row['key']),
  note: String(row['note']),
});
