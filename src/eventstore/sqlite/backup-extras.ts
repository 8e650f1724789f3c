/** What a backup carries besides the events: the key of the ledger's secrets, and that it is whole in itself. */
import type { DatabaseSync } from 'node:sqlite';

const KEY = 'key';

/** The key that a file carries, as text; null: none. */
export const carriedKey = (db: DatabaseSync): string | null => {
  const value = db.prepare('SELECT value FROM ledger_meta WHERE key = ?').get(KEY)?.['value'];
  return typeof value === 'string' ? value : null;
};

/** Puts a key into a file; null takes it out, and leaves no trace of it in the file's free space. */
export const carryKey = (db: DatabaseSync, key: string | null): void => {
  db.exec('PRAGMA secure_delete = ON');
  db.prepare('DELETE FROM ledger_meta WHERE key = ?').run(KEY);
  if (key !== null) db.prepare('INSERT INTO ledger_meta(key, value) VALUES (?, ?)').run(KEY, key);
};

/** Says that a file needs nothing beside it, as one that was closed cleanly. */
export const markWhole = (db: DatabaseSync): void =>
  void db.prepare("INSERT OR REPLACE INTO ledger_meta(key, value) VALUES ('clean', '1')").run();
