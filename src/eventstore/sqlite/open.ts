/**
 * Opens the ledger's file. A file that was not closed cleanly is checked before use (`check.ts`), because SQLite
 * silently opens some damaged files (a write-ahead log whose beginning was lost after part of it was checkpointed).
 */
import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { makeOwnFile } from '../../files/own-file.ts';
import { connect, inTransaction } from '../../files/sqlite-file.ts';
import { LedgerDamaged, LedgerShorter, StoreUnavailable } from '../event-store.ts';
import { carriedKey } from './backup-extras.ts';
import { findDamage } from './check.ts';
import { earlierText, headOf, lostInLog, shorterText, shorterThan } from './detect-lost-end.ts';
import { diskTrouble, isDiskFull } from './disk-trouble.ts';
import { foreign, isPartial, missingIndexes, missingTables, SCHEMA } from './schema.ts';
import { readWatermark, resetWatermark } from './watermark.ts';

const FORMAT = '2';
/** How many of the last events have their seals checked after a crash. */
const TAIL = 5_000;
/** A reader cannot distinguish a crash from an active writer; it makes only cheap checks: all pages of a small file. */
const READER_TAIL = 200;
const READER_PAGES = 8_192;

export interface OpenWay {
  readonly readOnly: boolean;
  /** Continues without missing events at the end, if something beside the file knows of them. */
  readonly acceptLoss: boolean;
  /** False: a reader looks at pages alone, because its writer checked events and seals, or it will look at all itself. */
  readonly checksSeals: boolean;
}

/** The result of opening a file. */
export interface Opening {
  /** Unclean shutdown: its process was killed, or the machine crashed. */
  readonly afterCrash: boolean;
  /** A warning for the operator; null: none. */
  readonly notice: string | null;
  /** The key of the ledger's secrets, in a file that was a backup. */
  readonly carried: string | null;
}

const NEXT = 'name the right --store, or put back a backup (suanpan restore)';

/**
 * Opens a ledger's file and checks that it can be trusted. Throws LedgerDamaged, LedgerShorter if its end is missing,
 * and StoreUnavailable if the disk is full.
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
    if (error instanceof LedgerDamaged) throw new LedgerDamaged(`${path} ${message}`);
    // Nothing is wrong with the ledger.
    if (isDiskFull(error))
      throw new StoreUnavailable(`${path} cannot be opened: the disk is full: make room, and try again`);
    const trouble = diskTrouble(error);
    if (trouble !== null)
      throw new StoreUnavailable(`${path} cannot be opened: ${trouble}: see to its disk and permissions`);
    throw new LedgerDamaged(`${path} cannot be opened: ${message}; ${NEXT}`);
  }
};

/** A new file is private; SQLite gives its accompanying files the same mode. */
const makeLedgerFile = (path: string, { acceptLoss }: OpenWay): void => {
  if (path === ':memory:' || existsSync(path)) return;
  const watermark = readWatermark(path);
  if (watermark && !acceptLoss) throw new LedgerShorter(shorterText({ end: 0, watermark }));
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
  // Before anything is written: the file may be another program's.
  checkTables(db);
  db.exec(DURABLE);
  const isNew = missingTables(db).length > 0;
  const indexes = isNew ? [] : missingIndexes(db);
  // In one transaction: a process that is killed here leaves a new file without tables, never with some of them.
  inTransaction(db, () => db.exec(SCHEMA));
  const isMarked = metaOf(db, 'format') !== undefined;
  if (isMarked) checkFormat(db);
  const isClean = metaOf(db, 'clean') === '1';
  // A new file is checked too, which costs nothing; one that lost its marker is checked like any other.
  if (!isClean) {
    const damage = findDamage(db, { everyPage: true, contents: true, tail: TAIL });
    if (damage) throw new LedgerDamaged(`is damaged: ${damage}; put back a backup`);
  }
  const shorter = shorterThan(db, readWatermark(path));
  if (shorter !== null) {
    if (!(isClean || acceptLoss)) throw new LedgerShorter(shorterText(shorter));
    resetWatermark(path, headOf(db));
  }
  if (!isMarked) setMeta(db, 'format', FORMAT);
  setMeta(db, 'clean', '0');
  // Clears the marker in the file itself, not only in the log: if the log is lost, the file must not look cleanly
  // closed.
  db.exec('PRAGMA wal_checkpoint(PASSIVE)');
  return {
    afterCrash: isMarked && !isClean,
    notice: shorter ? earlierText(shorter) : madeAgain(indexes),
    carried: carriedKey(db),
  };
};

const prepareForReading = (db: DatabaseSync, path: string, { checksSeals }: OpenWay): Opening => {
  // Before the ledger: a writer at work moves both on.
  const watermark = readWatermark(path);
  checkTables(db);
  if (watermark && missingTables(db).length > 0) throw new LedgerShorter(shorterText({ end: 0, watermark }));
  checkFormat(db);
  if (metaOf(db, 'clean') === '1') return { afterCrash: false, notice: null, carried: null };
  // One transaction, so that a concurrent writer does not change the counts.
  const look = () => {
    const pages = Number(db.prepare('PRAGMA page_count').get()?.['page_count']);
    const damage = findDamage(db, {
      everyPage: pages <= READER_PAGES,
      contents: checksSeals,
      tail: checksSeals ? READER_TAIL : 0,
    });
    return { damage, shorter: damage === null ? shorterThan(db, watermark) : null };
  };
  const { damage, shorter } = inTransaction(db, look, 'DEFERRED');
  if (damage) throw new LedgerDamaged(`is damaged: ${damage}; put back a backup`);
  if (shorter) throw new LedgerShorter(shorterText(shorter));
  return { afterCrash: false, notice: null, carried: null };
};

/** A dropped table would be recreated empty: the file is not a complete ledger. */
const checkTables = (db: DatabaseSync): void => {
  const missing = missingTables(db);
  if (isPartial(missing))
    throw new LedgerDamaged(`is damaged: missing tables: ${missing.join(', ')}; put back a backup`);
  const [other] = missing.length > 0 ? foreign(db) : [];
  if (other !== undefined) throw new LedgerDamaged(`is a database, but not a ledger (${other}); ${NEXT}`);
};

const madeAgain = (indexes: readonly string[]): string | null =>
  indexes.length === 0 ? null : `${indexes.join(', ')}, and was rebuilt`;

const checkFormat = (db: DatabaseSync): void => {
  const format = metaOf(db, 'format');
  if (format === undefined)
    throw new LedgerDamaged('is damaged: its table ledger_meta does not say its format; put back a backup');
  if (format !== FORMAT) throw new LedgerDamaged(`has format ${format}; this release reads ${FORMAT}`);
};

/** Checkpoints the write-ahead log, and marks the file as closed cleanly unless problems were found. */
export const closeDatabase = (db: DatabaseSync, { isClean }: { readonly isClean: boolean }): void => {
  try {
    if (isClean) setMeta(db, 'clean', '1');
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } catch {
    // A full disk: without the marker the file is checked at the next opening; nothing acknowledged is lost.
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
