/**
 * Opening the ledger's file. A file that was not closed cleanly is checked before it is used: SQLite opens some
 * damaged files without a word (a write-ahead log whose beginning is lost after part of it was copied back).
 */
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { LedgerDamaged } from './event-store.ts';
import { recordLines } from './record-block.ts';
import { hexOf, payloadDigest, sealOf } from './seal.ts';

const FORMAT = '1';
/** How many of the last events have their seals checked when the file was not closed cleanly. */
const TAIL = 5_000;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS ledger_meta(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS streams(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE IF NOT EXISTS events(
    position INTEGER PRIMARY KEY, stream INTEGER NOT NULL, revision INTEGER NOT NULL,
    header TEXT NOT NULL, hash BLOB NOT NULL, data TEXT NOT NULL, records BLOB);
  CREATE UNIQUE INDEX IF NOT EXISTS events_by_stream ON events(stream, revision);
`;

/** Opens a ledger's file and makes sure that what it holds may be trusted. Throws LedgerDamaged. */
export const openDatabase = (path: string, readOnly: boolean): DatabaseSync => {
  if (readOnly && path !== ':memory:' && !existsSync(path))
    throw new LedgerDamaged(`${path}: there is no ledger`);
  try {
    const db = new DatabaseSync(path, { timeout: 5_000, readOnly });
    if (readOnly) return db;
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864');
    db.exec(SCHEMA);
    if (metaOf(db, 'clean') !== '1' && metaOf(db, 'format') !== undefined) checkAfterCrash(db, path);
    const format = metaOf(db, 'format') ?? FORMAT;
    if (format !== FORMAT)
      throw new LedgerDamaged(`${path} has format ${format}; this release reads ${FORMAT}`);
    setMeta(db, 'format', FORMAT);
    setMeta(db, 'clean', '0');
    return db;
  } catch (error) {
    if (error instanceof LedgerDamaged) throw error;
    throw new LedgerDamaged(`${path} cannot be opened: ${error instanceof Error ? error.message : error}`);
  }
};

/** Marks the file as closed cleanly and moves the write-ahead log into it. */
export const closeDatabase = (db: DatabaseSync): void => {
  setMeta(db, 'clean', '1');
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
};

const metaOf = (db: DatabaseSync, key: string): string | undefined => {
  const value = db.prepare('SELECT value FROM ledger_meta WHERE key = ?').get(key)?.['value'];
  return typeof value === 'string' ? value : undefined;
};

const setMeta = (db: DatabaseSync, key: string, value: string): void =>
  void db.prepare('INSERT OR REPLACE INTO ledger_meta(key, value) VALUES (?, ?)').run(key, value);

const checkAfterCrash = (db: DatabaseSync, path: string): void => {
  const found = db.prepare('PRAGMA integrity_check(1)').get()?.['integrity_check'];
  if (found !== 'ok') throw new LedgerDamaged(`${path} is damaged: ${found}`);
  const span = db.prepare('SELECT count(*) AS n, coalesce(max(position), 0) AS last FROM events').get();
  if (span?.['n'] !== span?.['last']) {
    throw new LedgerDamaged(`${path} is damaged: ${span?.['n']} events where ${span?.['last']} should be`);
  }
  const gap = db
    .prepare('SELECT stream FROM events GROUP BY stream HAVING count(*) <> max(revision) + 1 LIMIT 1')
    .get();
  if (gap) throw new LedgerDamaged(`${path} is damaged: a stream has a gap`);
  checkTail(db, path);
};

const checkTail = (db: DatabaseSync, path: string): void => {
  const rows = db
    .prepare(
      `SELECT e.position, s.name, e.revision, e.header, e.data, e.hash, e.records, p.hash AS previous
       FROM events e LEFT JOIN streams s ON s.id = e.stream
       LEFT JOIN events p ON p.stream = e.stream AND p.revision = e.revision - 1
       ORDER BY e.position DESC LIMIT ?`,
    )
    .iterate(TAIL);
  for (const { position, name, revision, header, data, hash, records, previous } of rows) {
    const intact =
      typeof name === 'string' &&
      typeof header === 'string' &&
      typeof data === 'string' &&
      hash instanceof Uint8Array &&
      hexOf(hash) ===
        sealOf({
          previous: hexOf(previous instanceof Uint8Array ? previous : null),
          stream: name,
          revision: Number(revision),
          header,
          payload: payloadDigest(data, records instanceof Uint8Array ? recordLines(records) : null),
        }).hash;
    if (!intact)
      throw new LedgerDamaged(`${path} is damaged: event ${revision} of ${name} (position ${position})`);
  }
};
