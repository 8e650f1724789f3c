/** Snapshots of accounts in the derived database: they change cost, never meaning, and may be deleted at any time. */
import { DatabaseSync } from 'node:sqlite';

export interface Snapshot {
  readonly stream: string;
  /** Events folded into it. */
  readonly length: number;
  readonly hash: Uint8Array;
  readonly state: string;
}

export interface Snapshots {
  get(stream: string): Snapshot | null;
  put(snapshot: Snapshot): void;
  deleteAll(): void;
  close(): void;
}

/** Opens (and makes) the snapshots of a ledger. */
export const openSnapshots = (path: string): Snapshots => {
  const db = new DatabaseSync(path, { timeout: 5_000 });
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF');
  db.exec(
    'CREATE TABLE IF NOT EXISTS snapshots(stream TEXT PRIMARY KEY, length INTEGER, hash BLOB, state TEXT)',
  );
  const select = db.prepare('SELECT length, hash, state FROM snapshots WHERE stream = ?');
  const insert = db.prepare(
    'INSERT OR REPLACE INTO snapshots(stream, length, hash, state) VALUES (?, ?, ?, ?)',
  );
  return {
    get: (stream) => {
      const row = select.get(stream);
      if (!row) return null;
      const { length, hash, state } = row;
      if (typeof length !== 'number' || typeof state !== 'string' || !(hash instanceof Uint8Array))
        return null;
      return { stream, length, hash, state };
    },
    put: ({ stream, length, hash, state }) => void insert.run(stream, length, hash, state),
    deleteAll: () => db.exec('DELETE FROM snapshots'),
    close: () => {
      if (db.isOpen) db.close();
    },
  };
};
