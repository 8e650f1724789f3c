/** SQLite files: how they are connected to, what lies beside them, and how one is written all or nothing. */
import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { makeOwnFile } from './own-file.ts';

/** How long a connection waits for another one's lock, in milliseconds. */
const BUSY_MS = 5_000;

/** What follows the name of a database: nothing, and the logs that SQLite puts beside it. */
const ENDS = ['', '-wal', '-shm', '-journal'] as const;

/** A database's file and all that SQLite puts beside it. */
export const databaseFiles = (path: string): string[] => ENDS.map((end) => `${path}${end}`);

/** A database's write-ahead log. */
export const walPath = (path: string): string => `${path}-wal`;

/** Deletes a database's file (or a folder) with its logs; nothing may have it open. */
export const removeDatabase = (path: string): void => {
  for (const file of databaseFiles(path)) rmSync(file, { recursive: true, force: true });
};

/** A connection to a database, which is made unless it is opened for reading. */
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
 * Of a derived file, what is left when the machine goes down. `NORMAL`: a state that was committed, perhaps not the last.
 * `OFF`: perhaps a damaged file. A process that is killed loses nothing of either.
 */
export type Sync = 'NORMAL' | 'OFF';

/** Opens (and makes) a derived file, its owner's alone; closed again where `over` throws. */
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

/** The number of the release's tables that a file was made with; 0 in a new one. */
export const formatOf = (db: DatabaseSync): number =>
  Number(db.prepare('PRAGMA user_version').get()?.['user_version']);

/** Notes the number of the tables, within whatever transaction is open. */
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
    // The engine has rolled back by itself.
  }
};

/** Deletes the rows of tables, all of them or none; `also` is work of the same transaction. */
export const emptyTables = (
  db: DatabaseSync,
  tables: readonly string[],
  also: () => unknown = () => undefined,
): void =>
  inTransaction(db, () => {
    for (const table of tables) db.exec(`DELETE FROM ${table}`);
    also();
  });
