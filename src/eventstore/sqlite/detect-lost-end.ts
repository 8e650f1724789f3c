/** Where an embedded ledger ends, against what its log and the mark beside it know: nothing is missing without a word. */
import type { DatabaseSync } from 'node:sqlite';
import { walPath } from '../../files/sqlite-file.ts';
import { hexOf } from '../../integrity/seal-events.ts';
import type { Mark } from './watermark.ts';
import { walDamage } from './write-ahead-log.ts';

/** The way on from any loss, in words for people. */
export const WAY_ON =
  'put back a backup that holds it, or start once with SUANPAN_ACCEPT_LOSS=true to go on without';

/** What a ledger's end is short of. */
export interface Shorter {
  /** Where it ends now; 0 without events. */
  readonly end: number;
  /** What it had come to. */
  readonly mark: Mark;
}

/** Whether a ledger lacks what its mark knows; null where it holds it, or there is no mark. */
export const shorterThan = (db: DatabaseSync, mark: Mark | null): Shorter | null => {
  if (!mark || !hasEvents(db)) return mark && { end: 0, mark };
  const place = db.prepare('SELECT place FROM events WHERE position = ?').get(mark.position)?.['place'];
  if (place instanceof Uint8Array && hexOf(place) === mark.place) return null;
  return { end: headOf(db)?.position ?? 0, mark };
};

/** The mark of a ledger as it is; null without events. */
export const headOf = (db: DatabaseSync): Mark | null => {
  const row = db.prepare('SELECT position, place FROM events ORDER BY position DESC LIMIT 1').get();
  return row?.['place'] instanceof Uint8Array
    ? { position: Number(row['position']), place: hexOf(row['place']), at: new Date().toISOString() }
    : null;
};

const hasEvents = (db: DatabaseSync): boolean =>
  db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'events'").get() !== undefined;

/**
 * What is lost in the write-ahead log of a file that is open; null: nothing. Looked at under the lock of a writer, so that
 * no other process adds to it meanwhile.
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

const missing = ({ end, mark }: Shorter): string =>
  end < mark.position
    ? `it ends at event ${end}, and had come to event ${mark.position} by ${mark.at}: ${mark.position - end} events are missing`
    : `event ${mark.position} is another one than it was at ${mark.at}`;

export const shorterText = (shorter: Shorter): string =>
  `is shorter than it was: ${missing(shorter)}; ${WAY_ON}`;

/** Of a whole file that was put in place of a later one: a backup, or another ledger. */
export const earlierText = (shorter: Shorter): string =>
  `is not the ledger that was here before (${missing(shorter)}); it was opened as it is, and what is derived is derived again`;
