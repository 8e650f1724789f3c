/** Checks a ledger's file for damage by a crash, before anything in it is trusted. */
import type { DatabaseSync } from 'node:sqlite';
import { payloadDigest, sealOf } from '../../integrity/hash-chain.ts';
import { recordLines } from '../../integrity/record-block.ts';
import { hexOf } from '../../integrity/seal-events.ts';
import type { Row } from './rows.ts';

/** Bytes of packed records among the last events that are checked: about fifty thousand records. */
const TAIL_BYTES = 2 * 1024 * 1024;

export interface Extent {
  /** Looks at every page of the file: exact, and as slow as reading it. */
  readonly everyPage: boolean;
  /** Looks for missing events and missing columns; a reader of every event finds these anyway. */
  readonly contents: boolean;
  /** Number of the last events whose seals are recomputed. */
  readonly tail: number;
}

/** The first damage found, in one line; null if none. */
export const findDamage = (db: DatabaseSync, { everyPage, contents, tail }: Extent): string | null =>
  (everyPage ? brokenPage(db, contents) : null) ??
  (contents ? missingEvents(db) : null) ??
  brokenSeal(db, tail);

/** SQLite's words for a column that is NULL although its table says NOT NULL. */
const EMPTY = /^NULL value in events\.(\w+)$/;

const brokenPage = (db: DatabaseSync, contents: boolean): string | null => {
  for (const row of db.prepare('PRAGMA integrity_check').iterate()) {
    const found = String(row['integrity_check']);
    const [, column] = EMPTY.exec(found) ?? [];
    if (found === 'ok') return null;
    if (column === undefined) return found;
    if (contents) return emptyText(db, column);
  }
  return null;
};

const emptyText = (db: DatabaseSync, column: string): string => {
  const { position, revision, name } =
    db
      .prepare(
        `SELECT e.position, e.revision, s.name FROM events e LEFT JOIN streams s ON s.id = e.stream
         WHERE e.${column} IS NULL ORDER BY e.position LIMIT 1`,
      )
      .get() ?? {};
  return `event ${revision} of ${name} (position ${position}) has no ${column}`;
};

/** Positions run from 1 without a gap, and so do the revisions of every stream. */
const missingEvents = (db: DatabaseSync): string | null => {
  const span = db.prepare('SELECT count(*) AS n, coalesce(max(position), 0) AS last FROM events').get();
  if (span?.['n'] !== span?.['last']) return `${span?.['n']} events where ${span?.['last']} should be`;
  const gap = db
    .prepare(
      `SELECT name, e.stream, n, last FROM
         (SELECT stream, count(*) AS n, max(revision) AS last FROM events GROUP BY stream) e
       LEFT JOIN streams s ON s.id = e.stream WHERE name IS NULL OR n <> last + 1 LIMIT 1`,
    )
    .get();
  if (!gap) return null;
  return typeof gap['name'] === 'string'
    ? `${gap['n']} events of ${gap['name']} where ${Number(gap['last']) + 1} should be`
    : `stream ${gap['stream']} has no name`;
};

const brokenSeal = (db: DatabaseSync, tail: number): string | null => {
  const rows = db
    .prepare(
      `SELECT e.position, s.name, e.revision, e.header, e.data, e.hash, e.records, p.hash AS previous
       FROM events e LEFT JOIN streams s ON s.id = e.stream
       LEFT JOIN events p ON p.stream = e.stream AND p.revision = e.revision - 1
       ORDER BY e.position DESC LIMIT ?`,
    )
    .iterate(tail);
  let bytes = 0;
  for (const row of rows) {
    // A packed record costs as much to check as an event without any.
    if (bytes > TAIL_BYTES) return null;
    bytes += row['records'] instanceof Uint8Array ? row['records'].length : 0;
    if (!sealHolds(row))
      return `the seal of event ${row['revision']} of ${row['name']} (position ${row['position']}) does not hold`;
  }
  return null;
};

const sealHolds = ({ name, revision, header, data, hash, records, previous }: Row): boolean => {
  if (typeof name !== 'string' || typeof header !== 'string' || typeof data !== 'string') return false;
  if (!(hash instanceof Uint8Array) || typeof revision !== 'number') return false;
  let lines: string[] | null = null;
  try {
    if (records instanceof Uint8Array) lines = recordLines(records);
  } catch {
    return false;
  }
  const sealed = sealOf({
    previous: hexOf(previous instanceof Uint8Array ? previous : null),
    stream: name,
    revision,
    header,
    payload: payloadDigest(data, lines),
  });
  return sealed.hash === hexOf(hash);
};
