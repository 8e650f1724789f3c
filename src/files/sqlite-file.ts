/** SQLite files: connections, accompanying files, and transactions. */
import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { makeOwnFile } from './own-file.ts';

/** How long, in milliseconds, a connection waits for a lock. */
const BUSY_MS = 5_000;

/** Suffixes of a database's files: none, and SQLite's logs. */
const ENDS = ['', '-wal', '-shm', '-journal'] as const;

/** A database's file and its accompanying files. */
export const databaseFiles = (path: string): string[] => ENDS.map((end) => `${path}${end}`);

/** A database's write-ahead log. */
export const walPath = (path: string): string => `${path}-wal`;

/** Deletes a database's file (or a folder) with its logs; nothing may have it open. */
export const removeDatabase = (path: string): void => {
  for (const file of databaseFiles(path)) rmSync(file, { recursive: true, force: true });
};

/** A connection to a database, which is created unless opened read-only. */
export const connect = (path: string, readOnly = false): DatabaseSync =>
  new DatabaseSync(path, { timeout: BUSY_MS, readOnly });

/** Works in a database that is closed afterwards. */
export const inDatabase = <Result>(path: string, work: (db: DatabaseSync) => Result): Result => {
  const db = connect(path);
  try {
    return work(db);
  } finally {
    db.close();
  }
};

/**
 * Durability of a derived file in a machine crash. `NORMAL`: a committed state, perhaps not the last; `OFF`: the file
 * may be damaged. A killed process loses nothing in either mode.
 */
export type Sync = 'NORMAL' | 'OFF';

/** Opens or creates a private derived file; closes it again if `over` throws. */
export const openDerived = <Opened>(path: string, sync: Sync, over: (db: DatabaseSync) => Opened): Opened => {
  makeOwnFile(path);
  const db = connect(path);
  try {
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${sync}`);
    return over(db);
  } catch (error) {
    db.close();
    throw error;
  }
};

/** The schema version that a file was created with; 0 for a new one. */
export const formatOf = (db: DatabaseSync): number =>
  Number(db.prepare('PRAGMA user_version').get()?.['user_version']);

/** Sets the schema version, within the open transaction. */
export const setFormat = (db: DatabaseSync, format: number): void =>
  db.exec(`PRAGMA user_version = ${Math.trunc(format)}`);

/** Runs work in a transaction: all of it, or nothing. `DEFERRED`: for reading one state. */
export const inTransaction = <Result>(
  db: DatabaseSync,
  work: () => Result,
  kind: 'IMMEDIATE' | 'DEFERRED' = 'IMMEDIATE',
): Result => {
  db.exec(`BEGIN ${kind}`);
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    rollBack(db);
    throw error;
  }
};

const rollBack = (db: DatabaseSync): void => {
  try {
    if (db.isTransaction) db.exec('ROLLBACK');
  } catch {
    // SQLite has already rolled back.
  }
};

/** Deletes all rows of tables in one transaction; `also` runs in the same transaction. */
export const emptyTables = (
  db: DatabaseSync,
  tables: readonly string[],
  also: () => unknown = () => undefined,
): void =>
  inTransaction(db, () => {
    for (const table of tables) db.exec(`DELETE FROM ${table}`);
    also();
  });
