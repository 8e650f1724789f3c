/**
 * Group commit: all appends that wait share one transaction and one sync. Each is judged by itself against its stream's
 * head and answered only after the commit; the heads in memory change only after that too.
 */
import { Buffer } from 'node:buffer';
import type { DatabaseSync } from 'node:sqlite';
import { diskTrouble } from './disk-trouble.ts';
import { type Position, type SealedEvent, StoreUnavailable, VersionConflict } from './event-store.ts';
import { NO_PLACE, placeAfter } from './place.ts';
import type { Heads, KnownHead } from './sqlite-heads.ts';
import { bytesOf, type Statements } from './sqlite-rows.ts';

export interface Waiting {
  readonly stream: string;
  readonly expected: number;
  readonly events: readonly SealedEvent[];
  readonly resolve: (position: Position) => void;
  readonly reject: (error: unknown) => void;
}

export interface CommitMetrics {
  /** Appends that were acknowledged, repeats included. */
  appends: number;
  events: number;
  commits: number;
  /** How long the last commit took, with its sync. */
  lastCommitMs: number;
}

/** Told of each commit: the events it made durable, and how long it took with its sync. */
export type CommitListener = (events: number, ms: number) => void;

type Outcome = { readonly position: number } | { readonly conflict: VersionConflict };
type Changed = Map<string, KnownHead>;

/** Writes a group; never throws: every append of it is resolved or rejected. */
export const openGroupCommit = (
  db: DatabaseSync,
  sql: Statements,
  heads: Heads,
  listeners: ReadonlySet<CommitListener>,
) => {
  const metrics: CommitMetrics = { appends: 0, events: 0, commits: 0, lastCommitMs: 0 };
  let version = sql.dataVersion.get()?.['data_version'];

  /** The place of the last event; null when it has to be read. */
  let last: Uint8Array | null = null;

  const forget = (): void => {
    heads.forgetAll();
    last = null;
  };

  /** What is known in memory is true only as long as nobody else commits. */
  const noticeOthers = (): void => {
    const now = sql.dataVersion.get()?.['data_version'];
    if (now !== version) forget();
    version = now;
    const row = last ? undefined : sql.lastPlace.get();
    last ??= row ? bytesOf(row, 'place') : NO_PLACE;
  };

  const write = ({ stream, expected, events }: Waiting, changed: Changed): Outcome => {
    const head = changed.get(stream) ?? heads.of(stream);
    const length = head?.length ?? 0;
    if (length !== expected) {
      const position = head && repeatedAt(sql, head.id, expected, events);
      return position ? { position } : { conflict: new VersionConflict(stream, expected, length) };
    }
    const id = head?.id ?? Number(sql.newStream.run(stream).lastInsertRowid);
    let position = 0;
    for (const { revision, header, hash, data, records } of events) {
      last = placeAfter(last ?? NO_PLACE, hash);
      position = Number(sql.insert.run(id, revision, header, hash, data, records, last).lastInsertRowid);
    }
    changed.set(stream, { id, length: expected + events.length, hash: events.at(-1)?.hash ?? null });
    return { position };
  };

  const commit = (group: readonly Waiting[]): void => {
    const changed: Changed = new Map();
    const started = performance.now();
    let outcomes: Outcome[];
    try {
      db.exec('BEGIN IMMEDIATE');
      noticeOthers();
      outcomes = group.map((waiting) => write(waiting, changed));
      db.exec('COMMIT');
    } catch (error) {
      rollBack(db);
      // What was read inside the lost transaction may not be there.
      forget();
      const message = error instanceof Error ? error.message : String(error);
      const trouble = diskTrouble(error);
      const why = trouble === null ? message : `${trouble} (${message})`;
      for (const { reject } of group)
        reject(new StoreUnavailable(`nothing was recorded: ${why}`, { cause: error }));
      return;
    }
    heads.keep(changed);
    metrics.commits += 1;
    metrics.lastCommitMs = performance.now() - started;
    const before = metrics.events;
    for (const [i, waiting] of group.entries()) {
      const outcome = outcomes[i];
      if (outcome && 'position' in outcome) {
        metrics.appends += 1;
        metrics.events += waiting.events.length;
        waiting.resolve(String(outcome.position));
      } else waiting.reject(outcome?.conflict);
    }
    for (const told of listeners) told(metrics.events - before, metrics.lastCommitMs);
  };

  return { metrics, commit };
};

/** The position of the last of these events if they are what lies there already. */
const repeatedAt = (
  sql: Statements,
  id: number,
  from: number,
  events: readonly SealedEvent[],
): number | null => {
  let position: number | null = null;
  for (const [i, event] of events.entries()) {
    const row = sql.one.get(id, from + i);
    if (!row || Buffer.compare(bytesOf(row, 'hash'), event.hash) !== 0) return null;
    position = Number(row['position']);
  }
  return position;
};

const rollBack = (db: DatabaseSync): void => {
  try {
    if (db.isTransaction) db.exec('ROLLBACK');
  } catch {
    // The engine has rolled back by itself.
  }
};
