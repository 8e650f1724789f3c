/**
 * The log's tree as SQLite keeps it beside the ledger: complete nodes, and where each stream's leaves lie. Derived from
 * the log's events, brought up when it is asked, deleted without loss.
 */
import { DatabaseSync } from 'node:sqlite';
import type { EventStore } from '../eventstore/event-store.ts';
import { hashAt } from '../eventstore/hash-at.ts';
import { makeOwnFile } from '../files/own-file.ts';
import { openSound } from '../files/sound-database.ts';
import { readSystemWhole } from '../ledger/system/streams.ts';
import { hexText } from './bytes.ts';
import { hashOfLeaf, type Leaf, LOG } from './leaf.ts';
import { type NodeReader, nodeHash, treeRoot } from './merkle-tree.ts';

export interface Signed {
  readonly size: number;
  readonly root: string;
  /** The verifier key that signed it. */
  readonly key: string;
  readonly note: string;
}

/** A checkpoint, and what of the request that asked for it. */
export interface Asked {
  readonly signed: Signed;
  readonly hash: string;
}

export interface PlacedLeaf extends Leaf {
  readonly index: number;
}

export interface LogTree {
  /** Reads the log to its end. */
  bringUp(): Promise<void>;
  /** Leaves in the log, also those no checkpoint covers yet. */
  size(): number;
  /** Events of the log's stream that are read. */
  length(): number;
  readonly node: NodeReader;
  root(size: number): string;
  /** The revision of a stream's last leaf; -1 where it has none. */
  latest(stream: string): number;
  /** The first leaf of a stream that covers a revision, or null. */
  covering(stream: string, revision: number): PlacedLeaf | null;
  /** Checkpoints of at least that size, smallest first; of one size in the order of signing. */
  checkpoints(options: { readonly from: number; readonly limit: number }): Signed[];
  /** A page in the order of signing; `next` is where the one behind it begins, or null. */
  checkpointsAfter(from: number, limit: number): { items: Signed[]; next: number | null };
  last(): Signed | null;
  /** The checkpoint that a request's key asked for, or null. */
  askedBy(key: string): Asked | null;
  close(): void;
}

const FORMAT = 3;
const SCHEMA = `
  CREATE TABLE nodes(level INTEGER, i INTEGER, hash BLOB, PRIMARY KEY(level, i)) WITHOUT ROWID;
  CREATE TABLE leaves(stream TEXT, revision INTEGER, i INTEGER, head TEXT, PRIMARY KEY(stream, revision)) WITHOUT ROWID;
  CREATE TABLE signed(revision INTEGER PRIMARY KEY, size INTEGER, root TEXT, key TEXT, note TEXT,
    command TEXT, hash TEXT);
  CREATE INDEX signed_by_command ON signed(command) WHERE command IS NOT NULL;
  CREATE TABLE reached(one INTEGER PRIMARY KEY, length INTEGER, size INTEGER, head TEXT);
  INSERT INTO reached VALUES (1, 0, 0, '');
`;
const TABLES = ['nodes', 'leaves', 'signed', 'reached'];

/** Opens (and makes) the tree at a path; one that is damaged is rebuilt. `:memory:` keeps it in memory. */
export const openLogTree = (store: EventStore, path: string): LogTree => {
  const db = openSound(path, opened);
  const sql = {
    reached: db.prepare('SELECT length, size, head FROM reached'),
    reach: db.prepare('UPDATE reached SET length = ?, size = ?, head = ?'),
    node: db.prepare('SELECT hash FROM nodes WHERE level = ? AND i = ?'),
    putNode: db.prepare('INSERT OR REPLACE INTO nodes VALUES (?, ?, ?)'),
    putLeaf: db.prepare('INSERT OR REPLACE INTO leaves VALUES (?, ?, ?, ?)'),
    putSigned: db.prepare('INSERT OR REPLACE INTO signed VALUES (?, ?, ?, ?, ?, ?, ?)'),
    latest: db.prepare('SELECT max(revision) AS revision FROM leaves WHERE stream = ?'),
    covering: db.prepare(
      'SELECT revision, i, head FROM leaves WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT 1',
    ),
    signed: db.prepare('SELECT * FROM signed WHERE size >= ? ORDER BY size, revision LIMIT ?'),
    signedFrom: db.prepare('SELECT * FROM signed WHERE revision >= ? ORDER BY revision LIMIT ?'),
    askedBy: db.prepare('SELECT * FROM signed WHERE command = ? LIMIT 1'),
    last: db.prepare('SELECT * FROM signed ORDER BY revision DESC LIMIT 1'),
  };
  const reached = () => {
    const row = sql.reached.get();
    return { length: Number(row?.['length']), size: Number(row?.['size']), head: String(row?.['head']) };
  };
  const node: NodeReader = (level, index) => {
    const hash = sql.node.get(level, index)?.['hash'];
    if (!(hash instanceof Uint8Array))
      throw new Error(`the log's tree lacks node ${index} of level ${level}`);
    return hash;
  };
  const addLeaf = (leaf: Leaf, index: number): void => {
    sql.putLeaf.run(leaf.stream, leaf.revision, index, leaf.head);
    let hash = hashOfLeaf(leaf);
    let place = index;
    for (let level = 0; ; level++) {
      sql.putNode.run(level, place, hash);
      if (place % 2 === 0) return;
      hash = nodeHash(node(level, place - 1), hash);
      place = (place - 1) / 2;
    }
  };
  /** A tree of another log, or of one that was put back to an earlier state, is none of this one. */
  const isOfThisLog = async (): Promise<boolean> => {
    const { length, head } = reached();
    return length === 0 || (await hashAt(store, LOG, length - 1)) === head;
  };
  const bringUp = async (): Promise<void> => {
    if (!(await isOfThisLog())) empty(db);
    for (;;) {
      const from = reached().length;
      const events = (await readSystemWhole(store, LOG, from, EVENTS_A_ROUND)).map((event, i) => ({
        event,
        revision: from + i,
      }));
      if (events.length === 0) return;
      const head = (await hashAt(store, LOG, from + events.length - 1)) ?? '';
      db.exec('BEGIN IMMEDIATE');
      try {
        // Another process may have read on meanwhile.
        let { length, size } = reached();
        for (const { event, revision } of events) {
          if (revision < length) continue;
          if (event.type === 'LeavesAdded')
            for (const [stream, last, head] of event.data.leaves)
              addLeaf({ stream, revision: last, head }, size++);
          if (event.type === 'CheckpointSigned') {
            const { size: covered, root, key, note, command } = event.data;
            const { key: asked = null, hash = null } = command ?? {};
            sql.putSigned.run(revision, covered, root, key, note, asked, hash);
          }
          length = revision + 1;
        }
        if (length === from + events.length) sql.reach.run(length, size, head);
        db.exec('COMMIT');
      } catch (error) {
        // After some errors the engine has rolled back by itself.
        if (db.isTransaction) db.exec('ROLLBACK');
        throw error;
      }
    }
  };
  return {
    bringUp,
    size: () => reached().size,
    length: () => reached().length,
    node,
    root: (size) => hexText(treeRoot(size, node)),
    latest: (stream) => Number(sql.latest.get(stream)?.['revision'] ?? -1),
    covering: (stream, revision) => {
      const row = sql.covering.get(stream, revision);
      return row
        ? { stream, revision: Number(row['revision']), head: String(row['head']), index: Number(row['i']) }
        : null;
    },
    checkpoints: ({ from, limit }) => sql.signed.all(from, limit).map(signedOf),
    last: () => {
      const row = sql.last.get();
      return row ? signedOf(row) : null;
    },
    checkpointsAfter: (from, limit) => {
      const rows = sql.signedFrom.all(from, limit + 1);
      const next = rows[limit]?.['revision'];
      return {
        items: rows.slice(0, limit).map(signedOf),
        next: next === undefined ? null : Number(next),
      };
    },
    askedBy: (key) => {
      const row = sql.askedBy.get(key);
      return row ? { signed: signedOf(row), hash: String(row['hash']) } : null;
    },
    close: () => db.close(),
  };
};

/** Events of the log read at once: each may hold thousands of leaves. */
const EVENTS_A_ROUND = 32;

/** Forgets everything; it is read again. */
const empty = (db: DatabaseSync): void => {
  db.exec(`BEGIN IMMEDIATE; DELETE FROM nodes; DELETE FROM leaves; DELETE FROM signed;
    UPDATE reached SET length = 0, size = 0, head = ''; COMMIT`);
};

const opened = (path: string): DatabaseSync => {
  makeOwnFile(path);
  const db = new DatabaseSync(path, { timeout: 5_000 });
  try {
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF');
    if (db.prepare('PRAGMA user_version').get()?.['user_version'] !== FORMAT) {
      db.exec('BEGIN IMMEDIATE');
      for (const table of TABLES) db.exec(`DROP TABLE IF EXISTS ${table}`);
      db.exec(`${SCHEMA} PRAGMA user_version = ${FORMAT}; COMMIT`);
    }
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
};

const signedOf = (row: Record<string, unknown>): Signed => ({
  size: Number(row['size']),
  root: String(row['root']),
  key: String(row['key']),
  note: String(row['note']),
});
