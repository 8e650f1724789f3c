/**
 * Names and heads of streams from the catch-up subscription, for engines that cannot list their streams. Derived: if it
 * is lost, the ledger is read again.
 */

import type { DatabaseSync } from 'node:sqlite';
import { inTransaction, openDerived } from '../../files/sqlite-file.ts';
import type { Anchor } from '../anchor.ts';
import type { EventStore, NamedHead, Position, RecordedEvent } from '../event-store.ts';
import { logPages } from '../reading.ts';
import { bytesOf } from '../sqlite/rows.ts';

export interface Directory extends Pick<Listing, 'streams' | 'heads'> {
  /** How far it has read. */
  position(): Position | null;
  /** The last event that it has read; null before any. */
  last(): Anchor | null;
  /** Adds a page of the ledger, in order; idempotent. */
  note(page: readonly RecordedEvent[]): void;
  close(): void;
}

interface Listing {
  /** Names of streams with a prefix, in order, after a name. */
  streams(page: Parameters<EventStore['streams']>[0]): string[];
  /** Streams in the order of their names, each with its head. */
  heads(page: Parameters<EventStore['heads']>[0]): NamedHead[];
}

const PAGE = 1_000;

/** Opens or creates the directory at a path; `:memory:` for one that is rebuilt each time. */
export const openDirectory = (path: string): Directory => openDerived(path, 'NORMAL', directoryOver);

const directoryOver = (db: DatabaseSync): Directory => {
  db.exec(`
    CREATE TABLE IF NOT EXISTS heads(stream TEXT PRIMARY KEY, length INTEGER, hash BLOB) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS followed(
      one INTEGER PRIMARY KEY CHECK (one = 1), position TEXT, stream TEXT, revision INTEGER, hash BLOB);`);
  const put = db.prepare(
    `INSERT INTO heads VALUES (?, ?, ?) ON CONFLICT(stream) DO UPDATE
     SET length = excluded.length, hash = excluded.hash WHERE excluded.length > length`,
  );
  const move = db.prepare('INSERT OR REPLACE INTO followed VALUES (1, ?, ?, ?, ?)');
  const followed = db.prepare('SELECT position, stream, revision, hash FROM followed');
  const names = db.prepare(
    'SELECT stream FROM heads WHERE stream > ? AND stream >= ? AND stream < ? ORDER BY stream LIMIT ?',
  );
  const heads = db.prepare('SELECT stream, length, hash FROM heads WHERE stream > ? ORDER BY stream LIMIT ?');
  return {
    position: () => {
      const position = followed.get()?.['position'];
      return typeof position === 'string' ? position : null;
    },
    last: () => {
      const row = followed.get();
      return row
        ? {
            stream: String(row['stream']),
            revision: Number(row['revision']),
            position: String(row['position']),
            hash: bytesOf(row, 'hash'),
            place: null,
          }
        : null;
    },
    note: (page) => {
      const end = page.at(-1);
      if (!end) return;
      const last = new Map(page.map((event) => [event.stream, event]));
      inTransaction(db, () => {
        for (const { stream, revision, hash } of last.values()) put.run(stream, revision + 1, hash);
        move.run(end.position, end.stream, end.revision, end.hash);
      });
    },
    streams: ({ after, prefix, limit }) =>
      names.all(after ?? '', prefix, `${prefix}\u{10ffff}`, limit).map(({ stream }) => String(stream)),
    heads: ({ after, limit }) =>
      heads.all(after ?? '', limit).map((row) => ({
        stream: String(row['stream']),
        length: Number(row['length']),
        hash: bytesOf(row, 'hash'),
      })),
    close: () => {
      if (db.isOpen) db.close();
    },
  };
};

/** Reads the ledger on from the directory's position. */
export const bringUp = async (directory: Directory, readAll: EventStore['readAll']): Promise<void> => {
  for await (const page of logPages({ readAll }, { after: directory.position(), page: PAGE }))
    directory.note(page);
};
