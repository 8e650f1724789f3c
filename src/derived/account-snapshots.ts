/**
 * Snapshots of accounts in the derived database: they change cost, never meaning, and may be deleted at any time. They
 * are written without syncs, so a machine that goes down may damage them: what does not match its digest is not there,
 * and a file that cannot be used is rebuilt.
 */
import { hash as digest } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { makeRoom } from '../files/sound-database.ts';
import { formatOf, openDerived, setFormat } from '../files/sqlite-file.ts';
import { hexOf } from '../integrity/seal-events.ts';

export interface Snapshot {
  readonly stream: string;
  /** Events folded into it. */
  readonly length: number;
  /** Of the last of them. */
  readonly hash: Uint8Array;
  readonly state: string;
}

export interface Snapshots {
  get(stream: string): Snapshot | null;
  /** Keeps a stream's snapshot in place of its earlier one, or (on a full disk) does not. */
  put(snapshot: Snapshot): void;
  deleteAll(): void;
  close(): void;
}

const FORMAT = 4;

/** Opens (and makes) the snapshots of a ledger. */
export const openSnapshots = (path: string): Snapshots => {
  let db = openOrMake(path);
  let sql = statements(db);

  /** Whatever SQLite has against the file, the streams are there to fold again. */
  const anew = (): void => {
    if (db.isOpen) db.close();
    try {
      db = made(path);
      sql = statements(db);
    } catch {
      // A disk that cannot be written: there are none until the next time one is asked for.
    }
  };

  return {
    get: (stream) => {
      try {
        const { length, hash, state, proof } = sql.select.get(stream) ?? {};
        if (typeof length !== 'number' || typeof state !== 'string' || !(hash instanceof Uint8Array))
          return null;
        const snapshot = { stream, length, hash, state };
        return proof === proofOf(snapshot) ? snapshot : null;
      } catch {
        anew();
        return null;
      }
    },
    put: (snapshot) => {
      const { stream, length, hash, state } = snapshot;
      try {
        sql.insert.run(stream, length, hash, state, proofOf(snapshot));
      } catch {
        // What it is of is recorded; that must not be answered with an error.
      }
    },
    deleteAll: () => db.exec('DELETE FROM snapshots'),
    close: () => {
      if (db.isOpen) db.close();
    },
  };
};

const proofOf = ({ stream, length, hash, state }: Snapshot): string =>
  digest('sha256', `${stream}\n${length}\n${hexOf(hash)}\n${state}`, 'hex');

const openOrMake = (path: string): DatabaseSync => {
  try {
    return opened(path);
  } catch {
    return made(path);
  }
};

const made = (path: string): DatabaseSync => {
  if (path !== ':memory:') makeRoom(path);
  return opened(path);
};

const opened = (path: string): DatabaseSync => openDerived(path, 'OFF', prepared);

const prepared = (db: DatabaseSync): DatabaseSync => {
  if (formatOf(db) !== FORMAT) {
    db.exec('DROP TABLE IF EXISTS snapshots');
    setFormat(db, FORMAT);
  }
  db.exec(
    `CREATE TABLE IF NOT EXISTS snapshots(
       stream TEXT PRIMARY KEY, length INTEGER, hash BLOB, state TEXT, proof TEXT)`,
  );
  return db;
};

const statements = (db: DatabaseSync) => ({
  select: db.prepare('SELECT length, hash, state, proof FROM snapshots WHERE stream = ?'),
  insert: db.prepare(
    'INSERT OR REPLACE INTO snapshots(stream, length, hash, state, proof) VALUES (?, ?, ?, ?, ?)',
  ),
});
