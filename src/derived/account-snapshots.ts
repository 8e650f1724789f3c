/**
 * Snapshots of accounts in the derived database: they change cost, never results, and may be deleted at any time. They
 * are written without fsync, so a machine crash may damage them: one whose digest does not match is ignored, and an
 * unusable file is rebuilt.
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
  /** Replaces a stream's snapshot; does nothing if it cannot be written (full disk). */
  put(snapshot: Snapshot): void;
  deleteAll(): void;
  close(): void;
}

const FORMAT = 4;

/** Opens or creates the snapshots of a ledger. */
export const openSnapshots = (path: string): Snapshots => {
  let db = openOrMake(path);
  let sql = statements(db);

  /** On any SQLite error the stream is folded instead. */
  const anew = (): void => {
    if (db.isOpen) db.close();
    try {
      db = made(path);
      sql = statements(db);
    } catch {
      // On an unwritable disk there are no snapshots until the next attempt.
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
        // The events are already recorded, so this failure must not be reported to the caller.
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
