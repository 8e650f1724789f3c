/**
 * The outbox: messages to deliver, and the position up to which the ledger was read for them, saved in one transaction.
 * Derived: if it is lost, the ledger is read again, and deliveries settled by an event are not repeated.
 */
import type { DatabaseSync } from 'node:sqlite';
import { type Anchor, anchorTable } from '../eventstore/anchor.ts';
import type { Position } from '../eventstore/event-store.ts';
import { openSound } from '../files/sound-database.ts';
import { emptyTables, inTransaction, openDerived } from '../files/sqlite-file.ts';

/** A message to deliver; `target` is a webhook's id or an e-mail address. */
export interface Message {
  /** Derived from event and target, so that a receiver can deduplicate (at-least-once delivery). */
  readonly delivery: string;
  readonly channel: 'webhook' | 'email';
  readonly target: string;
  /** A webhook's body, or an e-mail as JSON. */
  readonly payload: string;
}

export interface Pending extends Message {
  readonly attempts: number;
}

export interface Outbox {
  position(): Position | null;
  /** Adds messages and advances the position, atomically; `anchor` is the event there. */
  fill(messages: readonly Message[], position: Position, at: number, anchor?: Anchor): void;
  /** The event at the position; null if it was not recorded. */
  anchor(): Anchor | null;
  /** Deletes all messages and the position. */
  reset(): void;
  /** Receivers with messages, even if all are dead letters: webhooks' ids, and `email` for all e-mail. */
  receivers(): string[];
  /** Messages of a receiver that are due at an instant, earliest first. */
  due(receiver: string, at: number, limit: number): Pending[];
  /** E-mail to an address that is due at an instant or still being gathered, to be sent together. */
  mailTo(address: string, at: number, limit: number): Pending[];
  /** The first due instant after an instant; null if none. */
  nextAfter(at: number): number | null;
  later(delivery: string, attempts: number, at: number): void;
  remove(deliveries: readonly string[]): void;
  /** Makes a message a dead letter, which can be resent. */
  bury(delivery: string): void;
  /** Dead letters in the outbox. */
  buried(): string[];
  /** Makes a dead letter due again; a no-op if it is not one. */
  revive(delivery: string, at: number): void;
  pending(): number;
  /** Number of dead letters, by channel. */
  dead(): { readonly webhook: number; readonly email: number };
  close(): void;
}

/** The receiver of all e-mail: the SMTP server. */
export const MAIL = 'email';
/** How long, in milliseconds, notices to one address are gathered into one mail. */
export const MAIL_GATHER_MS = 3_000;

/** The receiver of a message; an expression, not a column, so that it works on the outbox of an earlier release. */
const RECEIVER = `CASE channel WHEN 'email' THEN '${MAIL}' ELSE target END`;

/** Opens or creates the outbox at a path; a damaged one is rebuilt. */
export const openOutbox = (path: string): Outbox => openSound(path, opened);

const opened = (path: string): Outbox => openDerived(path, 'NORMAL', outboxOver);

/**
 * The tables of an outbox of an earlier release, whose messages stay. The position has another name too: that release,
 * started again, reads the ledger from its beginning rather than take an outbox without messages for a full one.
 */
const renameTables = (db: DatabaseSync): void => {
  if (!db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'letters'").get()) return;
  inTransaction(db, () =>
    db.exec(`
      DROP INDEX IF EXISTS letters_by_time; DROP INDEX IF EXISTS letters_by_receiver;
      DROP INDEX IF EXISTS letters_by_address; DROP TABLE IF EXISTS messages; DROP TABLE IF EXISTS filled;
      ALTER TABLE letters RENAME TO messages; ALTER TABLE followed RENAME TO filled`),
  );
};

const outboxOver = (db: DatabaseSync): Outbox => {
  renameTables(db);
  db.exec(`
    CREATE TABLE IF NOT EXISTS messages(
      delivery TEXT PRIMARY KEY, channel TEXT, target TEXT, payload TEXT, attempts INTEGER, nextAt INTEGER) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS messages_by_time ON messages(nextAt);
    CREATE INDEX IF NOT EXISTS messages_by_receiver ON messages(${RECEIVER}, nextAt);
    CREATE INDEX IF NOT EXISTS messages_by_address ON messages(target, nextAt) WHERE channel = 'email';
    CREATE TABLE IF NOT EXISTS filled(one INTEGER PRIMARY KEY CHECK (one = 1), position TEXT);`);
  const anchor = anchorTable(db);
  const add = db.prepare('INSERT OR IGNORE INTO messages VALUES (?, ?, ?, ?, 0, ?)');
  const move = db.prepare('INSERT OR REPLACE INTO filled VALUES (1, ?)');
  const receiver = db.prepare(
    `SELECT ${RECEIVER} AS receiver FROM messages WHERE ${RECEIVER} > ? ORDER BY ${RECEIVER} LIMIT 1`,
  );
  const due = db.prepare(
    `SELECT * FROM messages WHERE ${RECEIVER} = ? AND nextAt <= ? ORDER BY nextAt LIMIT ?`,
  );
  const mailTo = db.prepare(`SELECT * FROM messages WHERE target = ? AND channel = 'email'
    AND nextAt IS NOT NULL AND (nextAt <= ? OR attempts = 0) ORDER BY nextAt LIMIT ?`);
  const later = db.prepare('UPDATE messages SET attempts = ?, nextAt = ? WHERE delivery = ?');
  const remove = db.prepare('DELETE FROM messages WHERE delivery = ?');
  const bury = db.prepare('UPDATE messages SET nextAt = NULL WHERE delivery = ?');
  const buried = db.prepare('SELECT delivery FROM messages WHERE nextAt IS NULL');
  const revive = db.prepare(
    'UPDATE messages SET attempts = 0, nextAt = ? WHERE delivery = ? AND nextAt IS NULL',
  );
  const position = db.prepare('SELECT position FROM filled');
  const next = db.prepare('SELECT min(nextAt) AS at FROM messages WHERE nextAt > ?');
  const dead = db.prepare('SELECT count(*) AS n FROM messages WHERE nextAt IS NULL AND channel = ?');
  const count = db.prepare('SELECT count(*) AS n FROM messages WHERE nextAt IS NOT NULL');
  return {
    position: () => {
      const value = position.get()?.['position'];
      return typeof value === 'string' ? value : null;
    },
    anchor: () => {
      const last = anchor.last();
      return last?.position === position.get()?.['position'] ? last : null;
    },
    reset: () => emptyTables(db, ['messages', 'filled', 'anchor']),
    fill: (messages, to, at, event) =>
      inTransaction(db, () => {
        for (const { delivery, channel, target, payload } of messages)
          add.run(delivery, channel, target, payload, channel === 'email' ? at + MAIL_GATHER_MS : at);
        move.run(to);
        if (event) anchor.note(event);
      }),
    receivers: () => {
      const found: string[] = [];
      for (let last = ''; ; ) {
        const row = receiver.get(last);
        if (!row) return found;
        last = String(row['receiver']);
        found.push(last);
      }
    },
    due: (of, at, limit) => due.all(of, at, limit).map(pendingOf),
    mailTo: (address, at, limit) => mailTo.all(address, at, limit).map(pendingOf),
    nextAfter: (after) => {
      const at = next.get(after)?.['at'];
      return typeof at === 'number' ? at : null;
    },
    later: (delivery, attempts, at) => void later.run(attempts, at, delivery),
    remove: (deliveries) => {
      for (const delivery of deliveries) remove.run(delivery);
    },
    bury: (delivery) => void bury.run(delivery),
    buried: () => buried.all().map((row) => String(row['delivery'])),
    revive: (delivery, at) => void revive.run(at, delivery),
    pending: () => Number(count.get()?.['n']),
    dead: () => ({ webhook: Number(dead.get('webhook')?.['n']), email: Number(dead.get('email')?.['n']) }),
    close: () => {
      if (db.isOpen) db.close();
    },
  };
};

const pendingOf = (row: Record<string, unknown>): Pending => ({
  delivery: String(row['delivery']),
  channel: row['channel'] === 'email' ? 'email' : 'webhook',
  target: String(row['target']),
  payload: String(row['payload']),
  attempts: Number(row['attempts']),
});
