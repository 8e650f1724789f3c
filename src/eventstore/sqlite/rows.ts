/** The statements of the embedded engine, prepared once, and rows as the port's events. */
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { APPEND_BYTES_MAX, type RecordedEvent } from '../event-store.ts';

export type Row = Record<string, SQLOutputValue>;
export type Statements = ReturnType<typeof prepareStatements>;

/** No append is larger: a larger row is not an event, and is not loaded. */
const bounded = (column: string): string =>
  `CASE WHEN octet_length(${column}) <= ${APPEND_BYTES_MAX} THEN ${column} END`;
const EVENT_BOUNDED = `e.position, s.name AS stream, e.revision, ${bounded('e.header')} AS header,
  ${bounded('e.data')} AS data, e.hash, e.place, ${bounded('e.records')} AS records`;
const EVENT = 'e.position, s.name AS stream, e.revision, e.header, e.data, e.hash, e.place';

export const prepareStatements = (db: DatabaseSync) => {
  const page = (columns: string) =>
    db.prepare(
      `SELECT ${columns} FROM events e JOIN streams s ON s.id = e.stream
       WHERE s.name = ? AND e.revision BETWEEN ? AND ? ORDER BY e.revision`,
    );
  const all = (columns: string) =>
    db.prepare(
      `SELECT ${columns} FROM events e LEFT JOIN streams s ON s.id = e.stream
       WHERE e.position > ? ORDER BY e.position LIMIT ?`,
    );
  return {
    streamId: db.prepare('SELECT id FROM streams WHERE name = ?'),
    newStream: db.prepare('INSERT INTO streams(name) VALUES (?)'),
    last: db.prepare('SELECT revision, hash FROM events WHERE stream = ? ORDER BY revision DESC LIMIT 1'),
    one: db.prepare('SELECT position, hash FROM events WHERE stream = ? AND revision = ?'),
    insert: db.prepare(
      'INSERT INTO events(stream, revision, header, hash, data, records, place) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    light: page(EVENT),
    whole: page(`${EVENT}, e.records`),
    allLight: all(EVENT),
    allWhole: all(EVENT_BOUNDED),
    lastPlace: db.prepare('SELECT place FROM events ORDER BY position DESC LIMIT 1'),
    names: db.prepare(
      'SELECT name FROM streams WHERE name > ? AND name >= ? AND name < ? ORDER BY name LIMIT ?',
    ),
    heads: db.prepare(
      `SELECT s.name, e.revision, e.hash FROM streams s CROSS JOIN events e
       ON e.stream = s.id AND e.revision = (SELECT max(revision) FROM events WHERE stream = s.id)
       WHERE s.name > ? ORDER BY s.name LIMIT ?`,
    ),
    end: db.prepare('SELECT max(position) AS position FROM events'),
    /** Changes when another connection has committed. */
    dataVersion: db.prepare('PRAGMA data_version'),
  };
};

/** Stands for the name of a stream whose row is gone: no stream has such a name. */
const NAMELESS = '(a stream without a name)';
/** Stands for a revision of another type; no event has it. */
const NO_REVISION = -1;

export const recordedOf = (row: Row): RecordedEvent => ({
  position: String(row['position']),
  stream: typeof row['stream'] === 'string' ? row['stream'] : NAMELESS,
  revision: typeof row['revision'] === 'number' ? row['revision'] : NO_REVISION,
  header: String(row['header']),
  data: String(row['data']),
  records: row['records'] instanceof Uint8Array ? row['records'] : null,
  hash: bytesOf(row, 'hash'),
  // Every event of a file has one: where it is gone, none is equal to it.
  place: bytesOf(row, 'place'),
});

/** The bytes of a column; empty if it has another type. */
export const bytesOf = (row: Row, column: string): Uint8Array => {
  const value = row[column];
  return value instanceof Uint8Array ? value : new Uint8Array();
};
