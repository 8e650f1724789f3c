/** An outbox that an earlier release wrote keeps its messages, attempts and dead letters; which event each is about is read. */
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { openOutbox } from '../../src/delivery/outbox.ts';
import { temporaryFolder } from '../support/folder.ts';

/** The tables of the two releases before, with what was sent as text. */
const older = (messages: string, position: string): string => `
  CREATE TABLE ${messages}(
    delivery TEXT PRIMARY KEY, channel TEXT, target TEXT, payload TEXT, attempts INTEGER, nextAt INTEGER) WITHOUT ROWID;
  CREATE INDEX ${messages}_by_time ON ${messages}(nextAt);
  CREATE TABLE ${position}(one INTEGER PRIMARY KEY CHECK (one = 1), position TEXT);
  CREATE TABLE anchor(one INTEGER PRIMARY KEY CHECK (one = 1), position TEXT, stream TEXT, revision INTEGER, hash BLOB, place BLOB);
  INSERT INTO ${messages} VALUES ('one', 'webhook', 'wh_1', '{}', 3, 500), ('two', 'webhook', 'wh_1', '{}', 20, NULL);
  INSERT INTO ${position} VALUES (1, '42');
`;
const RELEASES = [
  ['messages', 'filled'],
  ['letters', 'followed'],
] as const;

test.each(RELEASES)('messages, attempts and dead letters stay (%s)', (messages, position) => {
  const path = `${temporaryFolder()}/ledger.db.outbox`;
  const before = new DatabaseSync(path);
  before.exec(older(messages, position));
  before.close();
  const first = {
    delivery: 'one',
    channel: 'webhook',
    target: 'wh_1',
    stream: 'account-a',
    revision: 7,
  } as const;
  for (let opened = 0; opened < 2; opened++) {
    const outbox = openOutbox(path);
    // The ledger is read again, since the events of the messages are not known.
    expect(outbox.position()).toBe(null);
    expect(outbox.due('wh_1', 500, 10)).toMatchObject([{ delivery: 'one', attempts: 3, stream: '' }]);
    expect(outbox.buried()).toEqual(['two']);
    outbox.close();
  }
  const outbox = openOutbox(path);
  outbox.fill([first], '42', 900);
  expect(outbox.position()).toBe('42');
  expect(outbox.due('wh_1', 500, 10)).toEqual([{ ...first, attempts: 3 }]);
  outbox.close();
});

test.each(RELEASES)(
  'and the earlier release, started again, does not take it for filled (%s)',
  (messages, position) => {
    const path = `${temporaryFolder()}/ledger.db.outbox`;
    const before = new DatabaseSync(path);
    before.exec(older(messages, position));
    before.close();
    openOutbox(path).close();
    const again = new DatabaseSync(path);
    const tables = again.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
    expect(tables.map(({ name }) => name)).not.toContain(position);
    again.close();
  },
);
