/** The SQLite tables of the log's tree: complete nodes, leaf indexes by stream, and signed checkpoints. */
import type { DatabaseSync } from 'node:sqlite';
import { openSound } from '../files/sound-database.ts';
import { emptyTables, formatOf, inTransaction, openDerived, setFormat } from '../files/sqlite-file.ts';

const FORMAT = 4;
const SCHEMA = `
  CREATE TABLE nodes(level INTEGER, i INTEGER, hash BLOB, PRIMARY KEY(level, i)) WITHOUT ROWID;
  CREATE TABLE leaves(stream TEXT, revision INTEGER, i INTEGER, head TEXT, PRIMARY KEY(stream, revision, i)) WITHOUT ROWID;
  CREATE TABLE signed(revision INTEGER PRIMARY KEY, size INTEGER, root TEXT, key TEXT, note TEXT,
    command TEXT, hash TEXT);
  CREATE INDEX signed_by_command ON signed(command) WHERE command IS NOT NULL;
  CREATE TABLE reached(one INTEGER PRIMARY KEY, length INTEGER, size INTEGER, head TEXT, signed INTEGER);
  INSERT INTO reached VALUES (1, 0, 0, '', 0);
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
  reached: db.prepare('SELECT length, size, head, signed FROM reached'),
  reach: db.prepare('UPDATE reached SET length = ?, size = ?, head = ?, signed = ?'),
  node: db.prepare('SELECT hash FROM nodes WHERE level = ? AND i = ?'),
  putNode: db.prepare('INSERT OR REPLACE INTO nodes VALUES (?, ?, ?)'),
  putLeaf: db.prepare('INSERT OR REPLACE INTO leaves VALUES (?, ?, ?, ?)'),
  putSigned: db.prepare('INSERT OR REPLACE INTO signed VALUES (?, ?, ?, ?, ?, ?, ?)'),
  latest: db.prepare(
    'SELECT revision, i, head FROM leaves WHERE stream = ? ORDER BY revision DESC, i DESC LIMIT 1',
  ),
  covering: db.prepare(
    'SELECT revision, i, head FROM leaves WHERE stream = ? AND revision >= ? ORDER BY revision, i LIMIT 1',
  ),
  counted: db.prepare('SELECT (SELECT count(*) FROM leaves) leaves, (SELECT count(*) FROM signed) signed'),
  version: db.prepare('PRAGMA data_version'),
  signed: db.prepare('SELECT * FROM signed WHERE size >= ? ORDER BY size, revision LIMIT ?'),
  signedFrom: db.prepare('SELECT * FROM signed WHERE revision >= ? ORDER BY revision LIMIT ?'),
  askedBy: db.prepare('SELECT * FROM signed WHERE command = ? LIMIT 1'),
  last: db.prepare('SELECT * FROM signed ORDER BY revision DESC LIMIT 1'),
});

/** How far the log is read. */
export interface Reached {
  /** Number of its events. */
  readonly length: number;
  /** Number of leaves. */
  readonly size: number;
  /** The hash of the last event; empty before any. */
  readonly head: string;
  /** Number of checkpoints. */
  readonly signed: number;
}

export const reachedIn = (tables: LogTables): Reached => {
  const row = tables.reached.get();
  const [length, size, signed] = ['length', 'size', 'signed'].map((name) => Number(row?.[name]));
  return { length: length ?? 0, size: size ?? 0, head: String(row?.['head']), signed: signed ?? 0 };
};

/** Whether no leaf and no checkpoint is missing. Reads all of them; a lost row would otherwise look like none. */
export const isComplete = (tables: LogTables): boolean => {
  const { size, signed } = reachedIn(tables);
  const counted = tables.counted.get();
  return Number(counted?.['leaves']) === size && Number(counted?.['signed']) === signed;
};

/** Deletes everything, so that the log is read again. */
export const forgetLog = (tables: LogTables): void => {
  emptyTables(tables.db, ['nodes', 'leaves', 'signed'], () => tables.reach.run(0, 0, '', 0));
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
