/** An outbox that an earlier release wrote keeps its messages, attempts and dead letters. */
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { openOutbox } from '../../src/delivery/outbox.ts';
import { temporaryFolder } from '../support/folder.ts';

const OLDER = `
  CREATE TABLE letters(
    delivery TEXT PRIMARY KEY, channel TEXT, target TEXT, payload TEXT, attempts INTEGER, nextAt INTEGER) WITHOUT ROWID;
  CREATE INDEX letters_by_time ON letters(nextAt);
  CREATE TABLE followed(one INTEGER PRIMARY KEY CHECK (one = 1), position TEXT);
  CREATE TABLE anchor(one INTEGER PRIMARY KEY CHECK (one = 1), position TEXT, stream TEXT, revision INTEGER, hash BLOB, place BLOB);
  INSERT INTO letters VALUES ('one', 'webhook', 'wh_1', '{}', 3, 500), ('two', 'webhook', 'wh_1', '{}', 20, NULL);
  INSERT INTO followed VALUES (1, '42');
`;

test('messages, attempts, dead letters and the position stay', () => {
  const path = `${temporaryFolder()}/ledger.db.outbox`;
  const older = new DatabaseSync(path);
  older.exec(OLDER);
  older.close();
  for (let opened = 0; opened < 2; opened++) {
    const outbox = openOutbox(path);
    expect(outbox.position()).toBe('42');
    expect(outbox.due('wh_1', 500, 10)).toMatchObject([{ delivery: 'one', attempts: 3 }]);
    expect(outbox.buried()).toEqual(['two']);
    outbox.close();
  }
});

test('and the earlier release, started again, does not take it for one that is filled', () => {
  const path = `${temporaryFolder()}/ledger.db.outbox`;
  const older = new DatabaseSync(path);
  older.exec(OLDER);
  older.close();
  openOutbox(path).close();
  const again = new DatabaseSync(path);
  const tables = again.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  expect(tables.map(({ name }) => name)).not.toContain('followed');
  again.close();
});
