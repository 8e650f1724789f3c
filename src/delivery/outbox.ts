/**
 * The outbox: which events are to be delivered to whom, and the position up to which the ledger was read for them, saved
 * in one transaction. It holds no content: what is sent is derived from the event again (`event-messages.ts`), so an
 * altered outbox cannot make the server send what the ledger does not hold. Derived: if it is lost, the ledger is read
 * again, and deliveries settled by an event are not repeated.
 */
import type { DatabaseSync } from 'node:sqlite';
import { type Anchor, anchorTable } from '../eventstore/anchor.ts';
import type { Position } from '../eventstore/event-store.ts';
import { openSound } from '../files/sound-database.ts';
import { emptyTables, inTransaction, openDerived } from '../files/sqlite-file.ts';

/** What is to be delivered; `target` is a webhook's id or an e-mail address. */
export interface Queued {
  /** Derived from the event's position and the target: names the delivery in the ledger. */
  readonly delivery: string;
  readonly channel: 'webhook' | 'email';
  readonly target: string;
  /** The event that it is about. */
  readonly stream: string;
  readonly revision: number;
}

export interface Message extends Queued {
  /** Names the delivery for receivers, which deduplicate by it (at-least-once delivery). */
  readonly id: string;
  /** A webhook's body, or an e-mail as JSON. */
  readonly payload: string;
}

export interface Pending extends Queued {
  readonly attempts: number;
}

export interface Outbox {
  position(): Position | null;
  /** Adds messages and advances the position, atomically; `anchor` is the event there. */
  fill(messages: readonly Queued[], position: Position, at: number, anchor?: Anchor): void;
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
  /**
   * Removes a message that does not follow from the ledger. The position is forgotten, so the next start reads the
   * ledger again and restores what was altered.
   */
  discard(delivery: string): void;
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

/** The tables of messages that earlier releases wrote, newest first; they held the content, and not the event. */
const EARLIER = ['messages', 'letters'] as const;

/**
 * Takes over the messages of an earlier release, with their attempts. The position is not taken over: the ledger is
 * read again, which tells the event of each message. An earlier release, started again, does the same.
 */
const takeOver = (db: DatabaseSync): void => {
  const isThere = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?");
  const earlier = EARLIER.filter((name) => isThere.get(name));
  if (earlier.length === 0) return;
  inTransaction(db, () => {
    for (const name of earlier)
      db.exec(`INSERT OR IGNORE INTO queued SELECT delivery, channel, target, '', -1, attempts, nextAt FROM ${name};
        DROP TABLE ${name}`);
    db.exec('DROP TABLE IF EXISTS filled; DROP TABLE IF EXISTS followed; DELETE FROM read_to');
  });
};

const makeTables = (db: DatabaseSync): void => {
  db.exec(`
    CREATE TABLE IF NOT EXISTS queued(delivery TEXT PRIMARY KEY, channel TEXT, target TEXT, stream TEXT,
      revision INTEGER, attempts INTEGER, nextAt INTEGER) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS queued_by_time ON queued(nextAt);
    CREATE INDEX IF NOT EXISTS queued_by_receiver ON queued(${RECEIVER}, nextAt);
    CREATE INDEX IF NOT EXISTS queued_by_address ON queued(target, nextAt) WHERE channel = 'email';
    CREATE TABLE IF NOT EXISTS read_to(one INTEGER PRIMARY KEY CHECK (one = 1), position TEXT);`);
  takeOver(db);
};

const outboxOver = (db: DatabaseSync): Outbox => {
  makeTables(db);
  const anchor = anchorTable(db);
  const add = db.prepare(`INSERT INTO queued VALUES (?, ?, ?, ?, ?, 0, ?) ON CONFLICT(delivery) DO UPDATE SET
    channel = excluded.channel, target = excluded.target, stream = excluded.stream, revision = excluded.revision`);
  const move = db.prepare('INSERT OR REPLACE INTO read_to VALUES (1, ?)');
  const due = db.prepare(
    `SELECT * FROM queued WHERE ${RECEIVER} = ? AND nextAt <= ? ORDER BY nextAt LIMIT ?`,
  );
  const mailTo = db.prepare(`SELECT * FROM queued WHERE target = ? AND channel = 'email'
    AND nextAt IS NOT NULL AND (nextAt <= ? OR attempts = 0) ORDER BY nextAt LIMIT ?`);
  let isAltered = false;
  const later = db.prepare('UPDATE queued SET attempts = ?, nextAt = ? WHERE delivery = ?');
  const remove = db.prepare('DELETE FROM queued WHERE delivery = ?');
  const bury = db.prepare('UPDATE queued SET nextAt = NULL WHERE delivery = ?');
  const buried = db.prepare('SELECT delivery FROM queued WHERE nextAt IS NULL');
  const revive = db.prepare(
    'UPDATE queued SET attempts = 0, nextAt = ? WHERE delivery = ? AND nextAt IS NULL',
  );
  const position = db.prepare('SELECT position FROM read_to');
  const next = db.prepare('SELECT min(nextAt) AS at FROM queued WHERE nextAt > ?');
  const dead = db.prepare('SELECT count(*) AS n FROM queued WHERE nextAt IS NULL AND channel = ?');
  const count = db.prepare('SELECT count(*) AS n FROM queued WHERE nextAt IS NOT NULL');
  return {
    position: () => {
      const value = position.get()?.['position'];
      return typeof value === 'string' ? value : null;
    },
    anchor: () => {
      const last = anchor.last();
      return last?.position === position.get()?.['position'] ? last : null;
    },
    reset: () => emptyTables(db, ['queued', 'read_to', 'anchor']),
    fill: (messages, to, at, event) =>
      inTransaction(db, () => {
        for (const { delivery, channel, target, stream, revision } of messages) {
          const due = channel === 'email' ? at + MAIL_GATHER_MS : at;
          add.run(delivery, channel, target, stream, revision, due);
        }
        if (isAltered) return;
        move.run(to);
        if (event) anchor.note(event);
      }),
    receivers: () => receiversIn(db),
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
    discard: (delivery) => {
      isAltered = true;
      inTransaction(db, () => {
        remove.run(delivery);
        db.exec('DELETE FROM read_to');
        anchor.forget();
      });
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

/** The distinct receivers, by skipping through the index. */
const receiversIn = (db: DatabaseSync): string[] => {
  const next = db.prepare(
    `SELECT ${RECEIVER} AS receiver FROM queued WHERE ${RECEIVER} > ? ORDER BY ${RECEIVER} LIMIT 1`,
  );
  const found: string[] = [];
  for (let last = ''; ; ) {
    const row = next.get(last);
    if (!row) return found;
    last = String(row['receiver']);
    found.push(last);
  }
};

const pendingOf = (row: Record<string, unknown>): Pending => ({
  delivery: String(row['delivery']),
  channel: row['channel'] === 'email' ? 'email' : 'webhook',
  target: String(row['target']),
  stream: String(row['stream']),
  revision: Number(row['revision']),
  attempts: Number(row['attempts']),
});
