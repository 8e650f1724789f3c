/**
 * The event up to which something was derived: its position and hash. It distinguishes a ledger from another one, and
 * from a later state of itself before it was restored.
 */

import type { DatabaseSync } from 'node:sqlite';
import { hexOf } from '../integrity/seal-events.ts';
import { comparePositions, type EventStore, type RecordedEvent } from './event-store.ts';
import { eventAt } from './reading.ts';
import { bytesOf } from './sqlite/rows.ts';

/** `place` is the global chain's value, if the store keeps one. */
export type Anchor = Pick<RecordedEvent, 'stream' | 'revision' | 'position' | 'hash' | 'place'>;

/** Whether the anchor event is still at its position. */
export const anchorHolds = async (
  store: Pick<EventStore, 'read'>,
  { stream, revision, position, hash, place }: Anchor,
): Promise<boolean> => {
  const event = await eventAt(store, stream, revision);
  if (event?.position !== position || hexOf(event.hash) !== hexOf(hash)) return false;
  return !place || !event.place || hexOf(event.place) === hexOf(place);
};

export interface AnchorTable {
  /** The last event that was noted; null before any. */
  last(): Anchor | null;
  /** Records an event, within the open transaction; one before the last recorded is ignored. */
  note(event: Anchor): void;
  forget(): void;
}

/** Opens the anchor of a derived database; creates its table if missing. */
export const anchorTable = (db: DatabaseSync): AnchorTable => {
  db.exec(`CREATE TABLE IF NOT EXISTS anchor(
    one INTEGER PRIMARY KEY CHECK (one = 1), position TEXT, stream TEXT, revision INTEGER, hash BLOB, place BLOB)`);
  const select = db.prepare('SELECT position, stream, revision, hash, place FROM anchor');
  const put = db.prepare('INSERT OR REPLACE INTO anchor VALUES (1, ?, ?, ?, ?, ?)');
  const forget = db.prepare('DELETE FROM anchor');
  const last = (): Anchor | null => {
    const row = select.get();
    return row
      ? {
          stream: String(row['stream']),
          revision: Number(row['revision']),
          position: String(row['position']),
          hash: bytesOf(row, 'hash'),
          place: row['place'] instanceof Uint8Array ? row['place'] : null,
        }
      : null;
  };
  return {
    last,
    note: ({ position, stream, revision, hash, place }) => {
      if (comparePositions(position, last()?.position ?? null) > 0)
        put.run(position, stream, revision, hash, place ?? null);
    },
    forget: () => void forget.run(),
  };
};
