/** A ledger's file whose process was killed while its tables were made is a new file, not a damaged one. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test, vi } from 'vitest';
import { openSqliteStore } from '../../src/eventstore/sqlite/store.ts';
import { temporaryFolder } from '../support/folder.ts';

const TABLES = /CREATE TABLE IF NOT EXISTS \w+/g;

test.each([1, 2, 3])('killed before table %i', async (nth) => {
  const path = join(temporaryFolder(), 'ledger.db');
  const exec = DatabaseSync.prototype.exec;
  const stopped = vi.spyOn(DatabaseSync.prototype, 'exec').mockImplementation(function (
    this: DatabaseSync,
    sql,
  ) {
    const table = [...sql.matchAll(TABLES)][nth - 1];
    exec.call(this, table ? sql.slice(0, table.index) : sql);
    if (table) throw new Error('killed');
  });
  expect(() => openSqliteStore(path)).toThrow('killed');
  stopped.mockRestore();
  const store = openSqliteStore(path);
  expect(await store.end()).toBeNull();
  await store.close();
});
