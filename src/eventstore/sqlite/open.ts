/**
 * Opening the ledger's file. A file that was not closed cleanly is checked before it is used (`check.ts`):
 * SQLite opens some damaged files without a word (a write-ahead log whose beginning is lost after part of it was
 * copied back).
 */
import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { makeOwnFile } from '../../files/own-file.ts';
import { connect, inTransaction } from '../../files/sqlite-file.ts';
import { LedgerDamaged, LedgerShorter, StoreUnavailable } from '../event-store.ts';
import { carriedKey } from './backup-extras.ts';
import { findDamage } from './check.ts';
import { earlierText, headOf, lostInLog, shorterText, shorterThan } from './detect-lost-end.ts';
import { isDiskFull } from './disk-trouble.ts';
import { isPartial, missingIndexes, missingTables, SCHEMA } from './schema.ts';
import { readMark, resetMark } from './watermark.ts';

const FORMAT = '2';
/** How many of the last events have their seals checked after a crash. */
const TAIL = 5_000;
/** A reader cannot tell a crash from a writer at work; it checks what costs little: every page of a small file only. */
const READER_TAIL = 200;
const READER_PAGES = 8_192;

export interface OpenWay {
  readonly readOnly: boolean;
  /** Goes on without what is missing at the end, where something beside the file knows of it. */
  readonly acceptLoss: boolean;
  /** False: a reader looks at no seals. Its writer did, or the reader checks every one by itself. */
  readonly checksSeals: boolean;
}

/** What was found when a file was opened. */
export interface Opening {
  /** Unclean shutdown: its process was killed, or the machine crashed. */
  readonly afterCrash: boolean;
  /** What an operator should know although it was opened; null: nothing. */
  readonly notice: string | null;
  /** The key of the ledger's secrets, in a file that was a backup. */
  readonly carried: string | null;
}

/**
 * Opens a ledger's file and makes sure that what it holds may be trusted. Throws LedgerDamaged, LedgerShorter where
 * its end is missing, and StoreUnavailable where the disk is full.
 */
export const openDatabase = (path: string, way: OpenWay): { db: DatabaseSync; opening: Opening } => {
  if (way.readOnly && path !== ':memory:' && !existsSync(path))
    throw new LedgerDamaged(`${path}: there is no ledger`);
  let db: DatabaseSync | null = null;
  try {
    if (!way.readOnly) makeLedgerFile(path, way);
    db = connect(path, way.readOnly);
    const opening = way.readOnly ? prepareForReading(db, path, way) : prepareForWriting(db, path, way);
    return { db, opening };
  } catch (error) {
    db?.close();
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof LedgerShorter) throw new LedgerShorter(`${path} ${message}`);
    // Nothing is wrong with the ledger.
    if (isDiskFull(error))
      throw new StoreUnavailable(`${path} cannot be opened: the disk is full: make room, and try again`);
    throw new LedgerDamaged(
      `${path} ${error instanceof LedgerDamaged ? '' : 'cannot be opened: '}${message}`,
    );
  }
};

/** A new file is its owner's alone; what SQLite puts beside it gets the same mode. */
const makeLedgerFile = (path: string, { acceptLoss }: OpenWay): void => {
  if (path === ':memory:' || existsSync(path)) return;
  const mark = readMark(path);
  if (mark && !acceptLoss) throw new LedgerShorter(shorterText({ end: 0, mark }));
  makeOwnFile(path);
};

/** Settings of every writing connection: nothing is acknowledged before fsync. */
const DURABLE = 'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864';

/** Another connection for writing, beside one that `openDatabase` opened and checked. */
export const openForCommits = (path: string): DatabaseSync => {
  const db = connect(path);
  db.exec(DURABLE);
  return db;
};

const prepareForWriting = (db: DatabaseSync, path: string, { acceptLoss }: OpenWay): Opening => {
  const lost = acceptLoss ? null : lostInLog(db, path);
  if (lost !== null) throw new LedgerShorter(lost);
  db.exec(DURABLE);
  checkTables(db);
  const isNew = missingTables(db).length > 0;
  const indexes = isNew ? [] : missingIndexes(db);
  db.exec(SCHEMA);
  const isMarked = metaOf(db, 'format') !== undefined;
  if (isMarked) checkFormat(db);
  const isClean = metaOf(db, 'clean') === '1';
  // A file that is just made is checked too, which costs nothing; one that lost its marks is checked like any other.
  if (!isClean) {
    const damage = findDamage(db, { everyPage: true, tail: TAIL });
    if (damage) throw new LedgerDamaged(`is damaged: ${damage}; put back a backup`);
  }
  const shorter = shorterThan(db, readMark(path));
  if (shorter !== null) {
    if (!(isClean || acceptLoss)) throw new LedgerShorter(shorterText(shorter));
    resetMark(path, headOf(db));
  }
  if (!isMarked) setMeta(db, 'format', FORMAT);
  setMeta(db, 'clean', '0');
  // In the file itself, not only in its log: a log that is lost must not make it look as it was when it was closed.
  db.exec('PRAGMA wal_checkpoint(PASSIVE)');
  return {
    afterCrash: isMarked && !isClean,
    notice: shorter ? earlierText(shorter) : madeAgain(indexes),
    carried: carriedKey(db),
  };
};

const prepareForReading = (db: DatabaseSync, path: string, { checksSeals }: OpenWay): Opening => {
  // Before the ledger: a writer at work moves both on.
  const mark = readMark(path);
  checkTables(db);
  checkFormat(db);
  if (metaOf(db, 'clean') === '1') return { afterCrash: false, notice: null, carried: null };
  // One transaction: a writer at work must not move what is counted.
  const look = () => {
    const pages = Number(db.prepare('PRAGMA page_count').get()?.['page_count']);
    const damage = findDamage(db, { everyPage: pages <= READER_PAGES, tail: checksSeals ? READER_TAIL : 0 });
    return { damage, shorter: damage === null ? shorterThan(db, mark) : null };
  };
  const { damage, shorter } = inTransaction(db, look, 'DEFERRED');
  if (damage) throw new LedgerDamaged(`is damaged: ${damage}; put back a backup`);
  if (shorter) throw new LedgerShorter(shorterText(shorter));
  return { afterCrash: false, notice: null, carried: null };
};

/** A dropped table would be recreated empty: what is left is not a ledger. */
const checkTables = (db: DatabaseSync): void => {
  const missing = missingTables(db);
  if (isPartial(missing)) throw new LedgerDamaged(`is damaged: missing tables: ${missing.join(', ')}`);
};

const madeAgain = (indexes: readonly string[]): string | null =>
  indexes.length === 0 ? null : `${indexes.join(', ')}, and was rebuilt`;

const checkFormat = (db: DatabaseSync): void => {
  const format = metaOf(db, 'format');
  if (format !== FORMAT) throw new LedgerDamaged(`has format ${format}; this release reads ${FORMAT}`);
};

/** Moves the write-ahead log into the file, and marks it as closed cleanly unless it is found wanting. */
export const closeDatabase = (db: DatabaseSync, { isClean }: { readonly isClean: boolean }): void => {
  try {
    if (isClean) setMeta(db, 'clean', '1');
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
