/**
 * A map that may exceed memory: beyond a number of entries it uses a temporary database, which is deleted when the map
 * is closed. Recently used entries are cached in memory.
 */
import { join } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { connect, inTransaction } from '../../files/sqlite-file.ts';

export interface SpillingMap<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
  /** Number of entries. */
  size(): number;
  close(): void;
}

const IN_MEMORY = 50_000;
/** The database does not outlive the process, so it needs neither fsync nor rollback. */
const FOR_NOW = `PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16384;
  CREATE TABLE entries(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID`;

interface Spilled {
  readonly db: DatabaseSync;
  readonly get: StatementSync;
  readonly put: StatementSync;
}

/** A map of JSON values; `folder` is called when it exceeds memory. */
export const openSpillingMap = <Value>(
  name: string,
  folder: () => string,
  inMemory = IN_MEMORY,
): SpillingMap<Value> => {
  let near = new Map<string, Value>();
  let size = 0;
  let spilled: Spilled | null = null;

  const far = (): Spilled => {
    if (spilled) return spilled;
    const db = connect(join(folder(), `${name}.db`));
    db.exec(FOR_NOW);
    spilled = {
      db,
      get: db.prepare('SELECT value FROM entries WHERE key = ?'),
      put: db.prepare('INSERT OR REPLACE INTO entries VALUES (?, ?)'),
    };
    return spilled;
  };

  const spill = (): void => {
    const { db, put } = far();
    inTransaction(db, () => {
      for (const [key, value] of near) put.run(key, JSON.stringify(value));
    });
    near = new Map();
  };

  const get = (key: string): Value | undefined => {
    const known = near.get(key);
    if (known !== undefined || !spilled) return known;
    const text = spilled.get.get(key)?.['value'];
    return typeof text === 'string' ? (JSON.parse(text) as Value) : undefined;
  };

  return {
    get,
    set: (key, value) => {
      if (!near.has(key)) {
        if (get(key) === undefined) size += 1;
        if (near.size >= inMemory) spill();
      }
      near.set(key, value);
    },
    size: () => size,
    close: () => spilled?.db.close(),
  };
};
