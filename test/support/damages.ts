/** Ways to tamper with a ledger's files: one event, a table, an index or a column, in the ledger's or a derived file. */
import { existsSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Random } from '../../src/demo/random.ts';
import { DERIVED, DERIVED_KINDS, derivedPath } from '../../src/derived/files.ts';
import { placeAfter } from '../../src/integrity/global-chain.ts';
import { payloadDigest, sealOf } from '../../src/integrity/hash-chain.ts';
import { recordLines } from '../../src/integrity/record-block.ts';

export const LEDGER_FILE = 'ledger.db';

export interface StoredPlace {
  readonly position: number;
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
}

export interface Damage {
  /** What was done, and to what. */
  readonly name: string;
  /** The event that was tampered with; null: another part of a file. */
  readonly event: StoredPlace | null;
  /** The file, by the end of its name; empty: the ledger's own. */
  readonly file: string;
  /** Tampers with a ledger that is not open. */
  readonly apply: (folder: string) => void;
}

const inFile = <T>(path: string, work: (db: DatabaseSync) => T): T => {
  const db = new DatabaseSync(path);
  db.enableDefensive?.(false);
  try {
    return work(db);
  } finally {
    db.close();
  }
};

/** Every event of a ledger. */
export const eventsIn = (folder: string): StoredPlace[] =>
  inFile(join(folder, LEDGER_FILE), (db) =>
    db
      .prepare(
        `SELECT e.position, s.name AS stream, e.revision, json_extract(e.header, '$.type') AS type
         FROM events e JOIN streams s ON s.id = e.stream ORDER BY e.position`,
      )
      .all()
      .map((row) => ({
        position: Number(row['position']),
        stream: String(row['stream']),
        revision: Number(row['revision']),
        type: String(row['type']),
      })),
  );

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Path = readonly string[];

/** Paths to everything within a value. */
const pathsIn = (value: Json, path: Path = []): Path[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => [[...path, key], ...pathsIn(inner, [...path, key])])
    : [];

const GONE = Symbol('gone');
const changedAt = (value: Json, [key, ...rest]: Path, to: (was: Json) => Json | typeof GONE): Json => {
  if (key === undefined || typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).flatMap(([name, inner]): [string, Json][] => {
    if (name !== key) return [[name, inner]];
    const next = rest.length === 0 ? to(inner) : changedAt(inner, rest, to);
    return next === GONE ? [] : [[name, next]];
  });
  return Array.isArray(value) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries);
};

const otherType = (was: Json): Json => {
  if (typeof was === 'string') return 7;
  if (typeof was === 'number') return 'seven';
  return typeof was === 'boolean' ? null : true;
};

/** Text with one bit of one byte changed, such that it is another ASCII character. */
const flipped = (text: string, random: Random): string => {
  const at = random.between(0, Math.max(0, text.length - 1));
  const code = text.charCodeAt(at);
  return `${text.slice(0, at)}${String.fromCharCode(code < 128 ? code ^ 1 : 63)}${text.slice(at + 1)}`;
};

const spoiltJson = (text: string, random: Random, to: (was: Json) => Json | typeof GONE): string => {
  const value = JSON.parse(text) as Json;
  const paths = pathsIn(value);
  const [first, ...others] = paths;
  return first ? JSON.stringify(changedAt(value, random.pick([first, ...others]), to)) : '[]';
};

/** Ways to change what an event says. */
const SPOILS: Readonly<Record<string, (data: string, random: Random) => string>> = {
  'a bit flipped': flipped,
  'payload not JSON': (data) => data.slice(0, -1),
  'payload of another kind': () => '[null]',
  'empty payload': () => '{}',
  'a member removed': (data, random) => spoiltJson(data, random, () => GONE),
  'a member of another type': (data, random) => spoiltJson(data, random, otherType),
};

const setData = (db: DatabaseSync, { position }: StoredPlace, spoil: (data: string) => string): void => {
  const { data } = db.prepare('SELECT data FROM events WHERE position = ?').get(position) ?? {};
  db.prepare('UPDATE events SET data = ? WHERE position = ?').run(spoil(String(data)), position);
};

/** Computes the seals of a stream again, and the chain over all events: as one who knows the format would. */
const resealed = (db: DatabaseSync, stream: string): void => {
  let previous = '0'.repeat(64);
  const of = db.prepare(
    `SELECT e.position, e.revision, e.header, e.data, e.records FROM events e JOIN streams s ON s.id = e.stream
     WHERE s.name = ? ORDER BY e.revision`,
  );
  const setHash = db.prepare('UPDATE events SET hash = ? WHERE position = ?');
  for (const row of of.all(stream)) {
    const [revision, header, data] = [Number(row['revision']), String(row['header']), String(row['data'])];
    const lines = row['records'] instanceof Uint8Array ? recordLines(row['records']) : null;
    previous = sealOf({ previous, stream, revision, header, payload: payloadDigest(data, lines) }).hash;
    setHash.run(Buffer.from(previous, 'hex'), Number(row['position']));
  }
  let place: Uint8Array = Buffer.alloc(32);
  const setPlace = db.prepare('UPDATE events SET place = ? WHERE position = ?');
  for (const row of db.prepare('SELECT position, hash FROM events ORDER BY position').all()) {
    if (!(row['hash'] instanceof Uint8Array)) throw new Error(`no hash at ${row['position']}`);
    place = placeAfter(place, row['hash']);
    setPlace.run(place, Number(row['position']));
  }
};

/** Lets a column hold what its table forbids, for as long as `work` takes. */
const withoutRules = (db: DatabaseSync, table: string, work: () => void): void => {
  const { sql } = db.prepare('SELECT sql FROM sqlite_schema WHERE name = ?').get(table) ?? {};
  const set = (text: string): void => {
    db.exec('PRAGMA writable_schema = ON');
    db.prepare('UPDATE sqlite_schema SET sql = ? WHERE name = ?').run(text, table);
    db.exec('PRAGMA writable_schema = RESET');
  };
  set(String(sql).replaceAll(' NOT NULL', ''));
  work();
  set(String(sql));
};

type EventDamage = readonly [name: string, (db: DatabaseSync, event: StoredPlace, random: Random) => void];

const columnNulled = (column: string): EventDamage => [
  `${column} NULLed`,
  (db, { position }) =>
    withoutRules(db, 'events', () => {
      db.exec(`UPDATE events SET ${column} = NULL WHERE position = ${position}`);
    }),
];

const EVENT_DAMAGES: readonly EventDamage[] = [
  ...Object.entries(SPOILS).flatMap(([name, spoil]): EventDamage[] => [
    [name, (db, event, random) => setData(db, event, (data) => spoil(data, random))],
    [
      `${name}, sealed again`,
      (db, event, random) => {
        setData(db, event, (data) => spoil(data, random));
        resealed(db, event.stream);
      },
    ],
  ]),
  [
    'a bit of the header flipped',
    (db, { position }, random) => {
      const { header } = db.prepare('SELECT header FROM events WHERE position = ?').get(position) ?? {};
      const next = flipped(String(header), random);
      db.prepare('UPDATE events SET header = ? WHERE position = ?').run(next, position);
    },
  ],
  ['event deleted', (db, { position }) => db.exec(`DELETE FROM events WHERE position = ${position}`)],
  [
    'event deleted, sealed again',
    (db, { position, stream, revision }) => {
      const id = `(SELECT id FROM streams WHERE name = '${stream}')`;
      db.exec(`DELETE FROM events WHERE position = ${position};
        UPDATE events SET revision = -revision WHERE stream = ${id} AND revision > ${revision};
        UPDATE events SET revision = -revision - 1 WHERE stream = ${id} AND revision < 0;
        UPDATE events SET position = -position WHERE position > ${position};
        UPDATE events SET position = -position - 1 WHERE position < 0`);
      resealed(db, stream);
    },
  ],
  [
    'revision swapped with the one before',
    (db, { stream, revision }) => {
      const id = `(SELECT id FROM streams WHERE name = '${stream}')`;
      const other = revision === 0 ? 1 : revision - 1;
      db.exec(`UPDATE events SET revision = -1 WHERE stream = ${id} AND revision = ${revision};
        UPDATE events SET revision = ${revision} WHERE stream = ${id} AND revision = ${other};
        UPDATE events SET revision = ${other} WHERE stream = ${id} AND revision = -1`);
    },
  ],
  [
    'data of another kind of value',
    (db, { position }) => db.exec(`UPDATE events SET data = x'7b00ff7d' WHERE position = ${position}`),
  ],
  ...['header', 'hash', 'data', 'records', 'place', 'revision', 'stream'].map(columnNulled),
];

/** Every way to tamper with one event. */
export const eventDamages = (event: StoredPlace, random: () => Random): Damage[] =>
  EVENT_DAMAGES.map(([name, spoil]) => ({
    name: `${event.type} of ${event.stream}: ${name}`,
    event,
    file: '',
    apply: (folder) => inFile(join(folder, LEDGER_FILE), (db) => spoil(db, event, random())),
  }));

/** An event's row as it is stored, for telling whether a change changed anything; null: it is gone. */
export const rowOf = (folder: string, { position }: StoredPlace): string | null =>
  inFile(join(folder, LEDGER_FILE), (db) => {
    const row = db.prepare('SELECT * FROM events WHERE position = ?').get(position);
    return row ? JSON.stringify(Object.values(row).map((value) => String(value))) : null;
  });

interface Part {
  readonly type: string;
  readonly name: string;
}

const partsOf = (path: string): Part[] =>
  inFile(path, (db) =>
    db
      .prepare(
        "SELECT type, name FROM sqlite_schema WHERE name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name",
      )
      .all()
      .map((row) => ({ type: String(row['type']), name: String(row['name']) })),
  );

const columnsOf = (path: string, table: string): string[] =>
  inFile(path, (db) =>
    db
      .prepare(`SELECT name FROM pragma_table_info('${table}')`)
      .all()
      .map((row) => String(row['name'])),
  );

/** What SQLite itself lets no column hold by which rows lie, whatever the rules of the table are. */
const neverHeld = (path: string, table: string, column: string): readonly ('NULL' | 'a blob')[] =>
  inFile(path, (db) => {
    const of = db
      .prepare(
        'SELECT c.type, l.wr FROM pragma_table_list(?1) l, pragma_table_info(?1) c WHERE c.pk > 0 AND c.name = ?2',
      )
      .get(table, column);
    if (!of) return [];
    if (of['wr'] === 1) return ['NULL'];
    return of['type'] === 'INTEGER' ? ['NULL', 'a blob'] : [];
  });

const partDamages = (file: string, path: string): Damage[] => {
  const damage = (name: string, sql: string, table: string | null = null): Damage => ({
    ...{ name: `${name} of ledger.db${file}`, event: null, file },
    apply: (folder) =>
      inFile(join(folder, `${LEDGER_FILE}${file}`), (db) =>
        table === null ? db.exec(sql) : withoutRules(db, table, () => db.exec(sql)),
      ),
  });
  return partsOf(path).flatMap(({ type, name }) =>
    type === 'index'
      ? [damage(`index ${name} dropped`, `DROP INDEX ${name}`)]
      : [
          damage(`table ${name} dropped`, `DROP TABLE ${name}`),
          damage(`table ${name} emptied`, `DELETE FROM ${name}`),
          damage(`table ${name} renamed`, `ALTER TABLE ${name} RENAME TO ${name}_2`),
          ...columnsOf(path, name).flatMap((column) => [
            ...(neverHeld(path, name, column).includes('NULL')
              ? []
              : [
                  damage(
                    `column ${name}.${column} NULLed`,
                    `UPDATE OR REPLACE ${name} SET ${column} = NULL`,
                    name,
                  ),
                ]),
            damage(`column ${name}.${column} dropped`, `ALTER TABLE ${name} RENAME COLUMN ${column} TO x`),
            ...(neverHeld(path, name, column).includes('a blob')
              ? []
              : [
                  damage(
                    `column ${name}.${column} of another type`,
                    `UPDATE OR REPLACE ${name} SET ${column} = x'00ff'`,
                  ),
                ]),
          ]),
        ],
  );
};

const fileDamages = (file: string): Damage[] => {
  const damage = (name: string, spoil: (path: string) => void): Damage => ({
    ...{ name: `ledger.db${file} ${name}`, event: null, file },
    apply: (folder) => spoil(join(folder, `${LEDGER_FILE}${file}`)),
  });
  return [
    damage('cut in half', (path) => truncateSync(path, Math.floor(statSync(path).size / 2))),
    damage('emptied', (path) => truncateSync(path, 0)),
    damage('no database', (path) => writeFileSync(path, 'x'.repeat(5_000))),
    damage('deleted', (path) => rmSync(path)),
  ];
};

/** Every way to tamper with the tables, indexes, columns and files of a ledger and of what is derived from it. */
export const partsDamages = (folder: string): Damage[] => {
  const files = ['', ...DERIVED_KINDS.filter((kind) => DERIVED[kind] === 'sqlite').map((kind) => `.${kind}`)];
  const there = files.filter((file) => existsSync(join(folder, `${LEDGER_FILE}${file}`)));
  const index = readdirSync(derivedPath(join(folder, LEDGER_FILE), 'index')).map((name) => `.index/${name}`);
  return [
    ...there.flatMap((file) => partDamages(file, join(folder, `${LEDGER_FILE}${file}`))),
    ...[...there, '.mark', '.key', ...index].flatMap(fileDamages),
  ];
};
