/**
 * Group commit: all waiting appends share one transaction and one fsync. The expected version of each is checked
 * against its stream's head, and each is acknowledged only after the commit; the cached heads change after that too.
 */
import { Buffer } from 'node:buffer';
import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from '../../files/sqlite-file.ts';
import { NO_PLACE, placeAfter } from '../../integrity/global-chain.ts';
import type { SealedEvent } from '../../integrity/sealed-event.ts';
import { diskTrouble } from './disk-trouble.ts';
import type { InPlace } from './file-in-place.ts';
import type { Heads, KnownHead } from './head-cache.ts';
import { bytesOf, type Statements } from './rows.ts';
import type { WatermarkFile } from './watermark.ts';

export interface Append {
  readonly stream: string;
  readonly expected: number;
  readonly events: readonly NewRow[];
}

/** The written part of an event; its stream is the append's, and its id is derived. */
export type NewRow = Pick<SealedEvent, 'revision' | 'header' | 'data' | 'hash' | 'records'>;

/** The position of an append's last event, or (conflict) the stream's actual length. */
export type Outcome = { readonly position: number } | { readonly actual: number };

/** The outcome of a group: of each append in its order, or why it failed. */
export type Written =
  | { readonly outcomes: readonly Outcome[]; readonly ms: number }
  | { readonly failed: string; readonly recorded: 'nothing' | 'unknown' };

export type Commit = (group: readonly Append[]) => Written;

type Changed = Map<string, KnownHead>;

/** Writes groups over a connection; never throws. */
export const openGroupCommit = (
  db: DatabaseSync,
  sql: Statements,
  heads: Heads,
  watermark: WatermarkFile | null,
  checkPlace: InPlace,
): Commit => {
  let version = sql.dataVersion.get()?.['data_version'];

  /** The position of the last event of the group. */
  let reached = 0;
  /** The global chain's value at the last event; null if it must be read. */
  let last: Uint8Array | null = null;

  const forget = (): void => {
    heads.forgetAll();
    last = null;
  };

  /** Cached heads are valid only until another connection commits. */
  const noticeOthers = (): void => {
    const now = sql.dataVersion.get()?.['data_version'];
    if (now !== version) forget();
    version = now;
    const row = last ? undefined : sql.lastPlace.get();
    last ??= row ? bytesOf(row, 'place') : NO_PLACE;
  };

  const write = ({ stream, expected, events }: Append, changed: Changed): Outcome => {
    const head = changed.get(stream) ?? heads.of(stream);
    const length = head?.length ?? 0;
    if (length !== expected) {
      const position = head && repeatedAt(sql, head.id, expected, events);
      return position ? { position } : { actual: length };
    }
    const id = head?.id ?? Number(sql.newStream.run(stream).lastInsertRowid);
    let position = 0;
    for (const { revision, header, hash, data, records } of events) {
      last = placeAfter(last ?? NO_PLACE, hash);
      reached = position = Number(
        sql.insert.run(id, revision, header, hash, data, records, last).lastInsertRowid,
      );
    }
    changed.set(stream, { id, length: expected + events.length });
    return { position };
  };

  return (group) => {
    const changed: Changed = new Map();
    reached = 0;
    const started = performance.now();
    try {
      const outcomes = inTransaction(db, () => {
        noticeOthers();
        const written = group.map((append) => write(append, changed));
        checkPlace();
        return written;
      });
      heads.keep(changed);
      if (reached > 0 && last) watermark?.committed(reached, last);
      return { outcomes, ms: performance.now() - started };
    } catch (error) {
      // What was read inside the lost transaction may not exist.
      forget();
      const message = error instanceof Error ? error.message : String(error);
      const trouble = diskTrouble(error);
      const failed = trouble === null ? message : `${trouble} (${message})`;
      return { failed, recorded: 'nothing' };
    }
  };
};

/** The position of the last of these events, if the identical events are already stored. */
const repeatedAt = (sql: Statements, id: number, from: number, events: readonly NewRow[]): number | null => {
  let position: number | null = null;
  for (const [i, event] of events.entries()) {
    const row = sql.one.get(id, from + i);
    if (!row || Buffer.compare(bytesOf(row, 'hash'), event.hash) !== 0) return null;
    position = Number(row['position']);
  }
  return position;
};
