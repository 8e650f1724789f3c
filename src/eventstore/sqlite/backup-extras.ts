/** What a backup contains besides the events: the key of the ledger's secrets, and a mark that it is self-contained. */
import type { DatabaseSync } from 'node:sqlite';

const KEY = 'key';

/** The key in a file, as text; null: none. */
export const carriedKey = (db: DatabaseSync): string | null => {
  const value = db.prepare('SELECT value FROM ledger_meta WHERE key = ?').get(KEY)?.['value'];
  return typeof value === 'string' ? value : null;
};

/** Stores a key in a file; null deletes it, leaving no trace in the file's free space. */
export const carryKey = (db: DatabaseSync, key: string | null): void => {
  db.exec('PRAGMA secure_delete = ON');
  db.prepare('DELETE FROM ledger_meta WHERE key = ?').run(KEY);
  if (key !== null) db.prepare('INSERT INTO ledger_meta(key, value) VALUES (?, ?)').run(KEY, key);
};

/** Marks a file as self-contained, like one that was closed cleanly. */
export const markWhole = (db: DatabaseSync): void =>
  void db.prepare("INSERT OR REPLACE INTO ledger_meta(key, value) VALUES ('clean', '1')").run();
