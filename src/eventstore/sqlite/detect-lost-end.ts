/** Compares the end of an embedded ledger with its write-ahead log and watermark, to detect lost events. */
import type { DatabaseSync } from 'node:sqlite';
import { walPath } from '../../files/sqlite-file.ts';
import { hexOf } from '../../integrity/seal-events.ts';
import type { Watermark } from './watermark.ts';
import { walDamage } from './write-ahead-log.ts';

/** The way on from any loss, in words for people. */
export const WAY_ON =
  'put back a backup that holds it, or start once with SUANPAN_ACCEPT_LOSS=true to go on without';

/** A lost end. */
export interface Shorter {
  /** Number of events it has now. */
  readonly end: number;
  /** Number of events it had. */
  readonly watermark: Watermark;
}

/** Whether a ledger lacks events up to its watermark; null if not, or there is no watermark. */
export const shorterThan = (db: DatabaseSync, watermark: Watermark | null): Shorter | null => {
  if (!watermark || !hasEvents(db)) return watermark && { end: 0, watermark };
  const place = db.prepare('SELECT place FROM events WHERE position = ?').get(watermark.position)?.['place'];
  if (place instanceof Uint8Array && hexOf(place) === watermark.place) return null;
  return { end: headOf(db)?.position ?? 0, watermark };
};

/** The mark of a ledger as it is; null without events. */
export const headOf = (db: DatabaseSync): Watermark | null => {
  const row = db.prepare('SELECT position, place FROM events ORDER BY position DESC LIMIT 1').get();
  return row?.['place'] instanceof Uint8Array
    ? { position: Number(row['position']), place: hexOf(row['place']), at: new Date().toISOString() }
    : null;
};

const hasEvents = (db: DatabaseSync): boolean =>
  db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'events'").get() !== undefined;

/**
 * The loss in the write-ahead log of an open file; null: none. Checked under the writer's lock, so that no other
 * process appends meanwhile.
 */
export const lostInLog = (db: DatabaseSync, path: string): string | null => {
  if (path === ':memory:') return null;
  try {
    db.exec('BEGIN IMMEDIATE');
  } catch {
    // Locked: another connection writes, and opened it before.
    return null;
  }
  try {
    const damage = walDamage(walPath(path));
    return damage && `lost commits that were acknowledged: in its write-ahead log ${damage}; ${WAY_ON}`;
  } finally {
    db.exec('ROLLBACK');
  }
};

const missing = ({ end, watermark }: Shorter): string =>
  end < watermark.position
    ? `it ends at event ${end}, and had reached event ${watermark.position} by ${watermark.at}: ${watermark.position - end} events are missing`
    : `event ${watermark.position} differs from what it was at ${watermark.at}`;

export const shorterText = (shorter: Shorter): string =>
  `is shorter than it was: ${missing(shorter)}; ${WAY_ON}`;

/** The message for a self-contained file that replaced a later one: a backup, or another ledger. */
export const earlierText = (shorter: Shorter): string =>
  `is not the ledger that was here before (${missing(shorter)}); it was opened as it is, and what is derived is derived again`;
