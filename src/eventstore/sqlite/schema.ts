/** The tables and indexes of a ledger's file, and detection of missing, changed and foreign ones. */
import type { DatabaseSync } from 'node:sqlite';

export const SCHEMA = `
  CREATE TABLE IF NOT EXISTS ledger_meta(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS streams(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE IF NOT EXISTS events(
    position INTEGER PRIMARY KEY, stream INTEGER NOT NULL, revision INTEGER NOT NULL,
    header TEXT NOT NULL, hash BLOB NOT NULL, data TEXT NOT NULL, records BLOB,
    place BLOB NOT NULL);
  CREATE UNIQUE INDEX IF NOT EXISTS events_by_stream ON events(stream, revision);
`;

const TABLES: Readonly<Record<string, readonly string[]>> = {
  ledger_meta: ['key', 'value'],
  streams: ['id', 'name'],
  events: ['position', 'stream', 'revision', 'header', 'hash', 'data', 'records', 'place'],
};
/** Unique, each over some columns of its table. */
const INDEXES = [
  { name: 'events_by_stream', table: 'events', columns: ['stream', 'revision'] },
  { name: 'of the names of streams', table: 'streams', columns: ['name'] },
] as const;

/** The ledger's tables that a file lacks; all of them for a file without a ledger. */
export const missingTables = (db: DatabaseSync): string[] => {
  const there = new Set(
    db
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
      .all()
      .map(({ name }) => String(name)),
  );
  return Object.keys(TABLES).filter((name) => !there.has(name));
};

/** Whether a file has only part of a ledger's tables. */
export const isPartial = (missing: readonly string[]): boolean =>
  missing.length > 0 && missing.length < Object.keys(TABLES).length;

/** Problems of a ledger's tables and indexes, a sentence each. */
export const schemaTroubles = (db: DatabaseSync): string[] => [
  ...missingTables(db).map((name) => `the table ${name} is missing`),
  ...changedTables(db),
  ...missingIndexes(db),
  ...foreign(db),
];

const changedTables = (db: DatabaseSync): string[] =>
  Object.entries(TABLES).flatMap(([table, expected]) => {
    const found = columnsOf(db, `SELECT name FROM pragma_table_info('${table}') ORDER BY cid`);
    if (found.length === 0 || found.join() === expected.join()) return [];
    return [`the table ${table} has the columns ${found.join(', ')}, not ${expected.join(', ')}`];
  });

/** Indexes that are missing: reads still find everything, and cost more with every event. */
export const missingIndexes = (db: DatabaseSync): string[] =>
  INDEXES.flatMap(({ name, table, columns }) => {
    const unique = columnsOf(db, `SELECT name FROM pragma_index_list('${table}') WHERE "unique" = 1`);
    const isThere = unique.some(
      (index) =>
        columnsOf(
          db,
          `SELECT name FROM pragma_index_info('${index.replaceAll("'", "''")}') ORDER BY seqno`,
        ).join() === columns.join(),
    );
    return isThere ? [] : [`the index ${name} is missing`];
  });

interface Part {
  readonly type: string;
  readonly name: string;
}

/**
 * Objects that would change what is written, hide what is stored, or are foreign; SQLite's internal ones are not
 * listed.
 */
const foreignParts = (db: DatabaseSync): Part[] =>
  db
    .prepare("SELECT type, name FROM sqlite_schema WHERE name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name")
    .all()
    .map(({ type, name }) => ({ type: String(type), name: String(name) }))
    .filter(({ type, name }) => type !== 'index' && !(type === 'table' && Object.hasOwn(TABLES, name)));

/** A sentence for each object of a file that is not part of a ledger. */
export const foreign = (db: DatabaseSync): string[] => foreignParts(db).map(foreignText);

const foreignText = ({ type, name }: Part): string => `the ${type} ${name} is not part of a ledger`;

/** Drops foreign objects from a copy; returns a sentence for each. A trigger would change later writes. */
export const dropForeign = (db: DatabaseSync): string[] => {
  const parts = foreignParts(db);
  // Triggers before the tables they watch; dropping a table may drop its own objects.
  for (const { type, name } of parts.toSorted((a, b) => ORDER.indexOf(a.type) - ORDER.indexOf(b.type)))
    if (foreignParts(db).some((left) => left.name === name))
      db.exec(`DROP ${type} IF EXISTS "${name.replaceAll('"', '""')}"`);
  return parts.map(foreignText);
};

const ORDER = ['trigger', 'view', 'table'];

const columnsOf = (db: DatabaseSync, sql: string): string[] =>
  db
    .prepare(sql)
    .all()
    .map(({ name }) => String(name));
