/** The views as they are at one moment, read beside their writer: rows in the order of projection and key. */
import type { DatabaseSync } from 'node:sqlite';
import { type Anchor, anchorTable } from '../eventstore/anchor.ts';
import type { Position } from '../eventstore/event-store.ts';
import { connect } from '../files/sqlite-file.ts';

export interface ViewRow {
  readonly projection: string;
  readonly key: string;
  /** As it is stored: JSON. */
  readonly value: string;
}

export interface ViewsSnapshot {
  readonly anchor: Anchor | null;
  /** How far each projection has read, and of which version it is. */
  readonly followed: readonly {
    readonly projection: string;
    readonly version: number;
    readonly position: Position;
  }[];
  rows(): Iterable<ViewRow>;
  close(): void;
}

/** Opens a read-only snapshot of the views at a path, isolated from concurrent writes. Throws SQLite's errors. */
export const openViewsSnapshot = (path: string): ViewsSnapshot => {
  const db = connect(path, true);
  try {
    db.exec('BEGIN');
    const followed = db
      .prepare('SELECT projection, version, position FROM followed')
      .all()
      .map((row) => ({
        projection: String(row['projection']),
        version: Number(row['version']),
        position: String(row['position']),
      }));
    return { anchor: anchorIn(db), followed, rows: () => rowsOf(db), close: () => db.close() };
  } catch (error) {
    db.close();
    throw error;
  }
};

/** Views of an earlier release have no such table. */
const anchorIn = (db: DatabaseSync): Anchor | null => {
  const has = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'anchor'").get() !== undefined;
  return has ? anchorTable(db).last() : null;
};

function* rowsOf(db: DatabaseSync): Generator<ViewRow> {
  for (const row of db.prepare('SELECT projection, key, value FROM views ORDER BY projection, key').iterate())
    yield { projection: String(row['projection']), key: String(row['key']), value: String(row['value']) };
}
