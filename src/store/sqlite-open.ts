/**
 * Opening the ledger's file. A file that was not closed cleanly is checked before it is used (`sqlite-check.ts`):
 * SQLite opens some damaged files without a word (a write-ahead log whose beginning is lost after part of it was
 * copied back).
 */
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { LedgerDamaged } from './event-store.ts';
import { findDamage } from './sqlite-check.ts';

const FORMAT = '2';
/** How many of the last events have their seals checked after a crash. */
const TAIL = 5_000;
/** A reader cannot tell a crash from a writer at work; it checks what costs little: every page of a small file only. */
const READER_TAIL = 200;
const READER_PAGES = 8_192;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS ledger_meta(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS streams(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE IF NOT EXISTS events(
    position INTEGER PRIMARY KEY, stream INTEGER NOT NULL, revision INTEGER NOT NULL,
    header TEXT NOT NULL, hash BLOB NOT NULL, data TEXT NOT NULL, records BLOB,
    place BLOB NOT NULL);
  CREATE UNIQUE INDEX IF NOT EXISTS events_by_stream ON events(stream, revision);
`;

/** Opens a ledger's file and makes sure that what it holds may be trusted. Throws LedgerDamaged. */
export const openDatabase = (path: string, readOnly: boolean): DatabaseSync => {
  if (readOnly && path !== ':memory:' && !existsSync(path))
    throw new LedgerDamaged(`${path}: there is no ledger`);
  let db: DatabaseSync | null = null;
  try {
    db = new DatabaseSync(path, { timeout: BUSY_MS, readOnly });
    if (readOnly) prepareForReading(db);
    else prepareForWriting(db);
    return db;
  } catch (error) {
    db?.close();
    const what = error instanceof LedgerDamaged ? '' : 'cannot be opened: ';
    throw new LedgerDamaged(`${path} ${what}${error instanceof Error ? error.message : error}`);
  }
};

/** How every connection that writes is set: nothing is acknowledged before it is synced. */
const DURABLE = 'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864';
const BUSY_MS = 5_000;

/** Another connection for writing, beside one that `openDatabase` opened and checked. */
export const openForCommits = (path: string): DatabaseSync => {
  const db = new DatabaseSync(path, { timeout: BUSY_MS });
  db.exec(DURABLE);
  return db;
};

const prepareForWriting = (db: DatabaseSync): void => {
  db.exec(DURABLE);
  db.exec(SCHEMA);
  const isMarked = metaOf(db, 'format') !== undefined;
  if (isMarked) checkFormat(db);
  // A file that is just made is checked too, which costs nothing; one that lost its marks is checked like any other.
  if (metaOf(db, 'clean') !== '1') {
    const damage = findDamage(db, { everyPage: true, tail: TAIL });
    if (damage) throw new LedgerDamaged(`is damaged: ${damage}`);
  }
  if (!isMarked) setMeta(db, 'format', FORMAT);
  setMeta(db, 'clean', '0');
};

const prepareForReading = (db: DatabaseSync): void => {
  checkFormat(db);
  if (metaOf(db, 'clean') === '1') return;
  // One transaction: a writer at work must not move what is counted.
  db.exec('BEGIN');
  const pages = Number(db.prepare('PRAGMA page_count').get()?.['page_count']);
  const damage = findDamage(db, { everyPage: pages <= READER_PAGES, tail: READER_TAIL });
  db.exec('COMMIT');
  if (damage) throw new LedgerDamaged(`is damaged: ${damage}`);
};

const checkFormat = (db: DatabaseSync): void => {
  const format = metaOf(db, 'format');
  if (format !== FORMAT) throw new LedgerDamaged(`has format ${format}; this release reads ${FORMAT}`);
};

/** Marks the file as closed cleanly and moves the write-ahead log into it. */
export const closeDatabase = (db: DatabaseSync): void => {
  try {
    setMeta(db, 'clean', '1');
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } catch {
    // A full disk: what is not marked is checked on the next opening, and nothing acknowledged is lost.
  } finally {
    db.close();
  }
};

const metaOf = (db: DatabaseSync, key: string): string | undefined => {
  const value = db.prepare('SELECT value FROM ledger_meta WHERE key = ?').get(key)?.['value'];
  return typeof value === 'string' ? value : undefined;
};

const setMeta = (db: DatabaseSync, key: string, value: string): void =>
  void db.prepare('INSERT OR REPLACE INTO ledger_meta(key, value) VALUES (?, ?)').run(key, value);
