/** SQLite files: one is written all or nothing, and all that lies beside it goes with it. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  connect,
  databaseFiles,
  emptyTables,
  formatOf,
  inTransaction,
  openDerived,
  removeDatabase,
  setFormat,
} from '../../src/files/sqlite-file.ts';
import { temporaryFolder } from '../support/folder.ts';

const tables = () => {
  const db = connect(':memory:');
  db.exec('CREATE TABLE a(n INTEGER UNIQUE); CREATE TABLE b(n INTEGER)');
  const rows = (name: string) => db.prepare(`SELECT n FROM ${name}`).all().length;
  return { db, rows };
};

describe('a transaction', () => {
  test('gives what the work gives, and what was written is there', () => {
    const { db, rows } = tables();
    expect(inTransaction(db, () => db.prepare('INSERT INTO a VALUES (1)').run().changes)).toBe(1);
    expect([rows('a'), db.isTransaction]).toEqual([1, false]);
  });

  test('of work that fails leaves nothing, and the next one goes on', () => {
    const { db, rows } = tables();
    const work = (): void => {
      db.exec('INSERT INTO b VALUES (1)');
      throw new RangeError('not that');
    };
    expect(() => inTransaction(db, work)).toThrow(RangeError);
    inTransaction(db, () => db.exec('INSERT INTO a VALUES (1)'));
    expect([rows('a'), rows('b')]).toEqual([1, 0]);
  });

  test('that SQLite rolled back by itself says why, and not that there is none', () => {
    const { db } = tables();
    db.exec('INSERT INTO a VALUES (1)');
    const work = () => db.exec('INSERT OR ROLLBACK INTO a VALUES (1)');
    expect(() => inTransaction(db, work)).toThrow('UNIQUE');
    expect(db.isTransaction).toBe(false);
  });

  test('empties all tables or none', () => {
    const { db, rows } = tables();
    db.exec('INSERT INTO a VALUES (1); INSERT INTO b VALUES (1)');
    expect(() => emptyTables(db, ['a', 'nowhere'])).toThrow('nowhere');
    expect([rows('a'), db.isTransaction]).toEqual([1, false]);
    emptyTables(db, ['a', 'b']);
    expect([rows('a'), rows('b')]).toEqual([0, 0]);
  });
});

describe('a derived file', () => {
  test('is closed again where it cannot be prepared, and keeps the number of its tables', () => {
    const path = join(temporaryFolder(), 'derived');
    openDerived(path, 'NORMAL', (db) => {
      setFormat(db, 7);
      db.close();
    });
    let left = connect(':memory:');
    const unready = () =>
      openDerived(path, 'NORMAL', (db) => {
        left = db;
        expect(formatOf(db)).toBe(7);
        throw new RangeError('not ready');
      });
    expect(unready).toThrow(RangeError);
    expect(left.isOpen).toBe(false);
  });

  test('goes with everything beside it', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'derived');
    for (const file of databaseFiles(path)) writeFileSync(file, '');
    removeDatabase(path);
    expect([existsSync(path), readdirSync(folder)]).toEqual([false, []]);
  });
});
