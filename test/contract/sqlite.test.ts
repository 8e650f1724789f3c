import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { randomFrom } from '../../src/demo/random.ts';
import { LedgerDamaged, StoreUnavailable } from '../../src/store/event-store.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runs } from '../support/proof.ts';
import { appendTo, eventStoreContract } from './event-store.contract.ts';

eventStoreContract('sqlite', async () => openSqliteStore(join(temporaryFolder(), 'ledger.db')));

const draft = (n: number) => ({ header: `{"n":${n}}`, data: `{"text":"${'x'.repeat(200)}"}` });

describe('the SQLite engine', () => {
  test('keeps everything over a close, and shares one commit among all that wait', async () => {
    const path = join(temporaryFolder(), 'ledger.db');
    const store = openSqliteStore(path);
    await Promise.all(Array.from({ length: 64 }, (_, i) => appendTo(store, `s${i}`, draft(i))));
    expect(store.metrics.appends).toBe(64);
    expect(store.metrics.commits).toBeLessThan(8);
    const before = await store.readAll({ after: null, limit: 100, records: true });
    await store.close();
    const again = openSqliteStore(path);
    expect(await again.readAll({ after: null, limit: 100, records: true })).toEqual(before);
    await again.close();
  });

  test('a full disk rejects the whole group, records nothing, and works again when there is space', async () => {
    const path = join(temporaryFolder(), 'ledger.db');
    const store = openSqliteStore(path);
    await appendTo(store, 'a', draft(0));
    store.limitPages(16);
    const failed = Promise.all(Array.from({ length: 400 }, (_, i) => appendTo(store, `s${i}`, draft(i))));
    await expect(failed).rejects.toBeInstanceOf(StoreUnavailable);
    expect(await store.end()).toBe('1');
    store.limitPages(1_000_000);
    await appendTo(store, 'a', draft(1));
    expect((await store.head('a')).length).toBe(2);
    await store.close();
  });

  test('a reader opens beside the writer and cannot append', async () => {
    const path = join(temporaryFolder(), 'ledger.db');
    const store = openSqliteStore(path);
    await appendTo(store, 'a', draft(1));
    const reader = openSqliteStore(path, { readOnly: true });
    expect((await reader.head('a')).length).toBe(1);
    await expect(appendTo(reader, 'a', draft(2))).rejects.toBeInstanceOf(StoreUnavailable);
    await appendTo(store, 'a', draft(2));
    expect((await reader.head('a')).length).toBe(2);
    await reader.close();
    await store.close();
  });

  test('a cut or zeroed write-ahead log leaves a prefix of what was acknowledged, or is not opened', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'ledger.db');
    const store = openSqliteStore(path);
    const acknowledged: string[] = [];
    for (let i = 0; i < 60; i++) {
      await appendTo(store, `s${i % 5}`, draft(i));
      if (i === 30) checkpoint(path);
      acknowledged.push(draft(i).header);
    }
    const random = randomFrom(7);
    const rounds = runs('damaged write-ahead logs', 40, 1_000);
    let refused = 0;
    for (let round = 0; round < rounds; round++) {
      const copy = join(folder, `copy-${round}.db`);
      copyFileSync(path, copy);
      const wal = readFileSync(`${path}-wal`);
      const at = random.between(0, wal.length - 1);
      writeFileSync(
        `${copy}-wal`,
        random.perMille(500)
          ? wal.subarray(0, at)
          : wal.fill(0, at, Math.min(wal.length, at + random.between(1, 5_000))),
      );
      if (existsSync(`${copy}-shm`)) throw new Error('a copy has no shared memory');
      try {
        const opened = openSqliteStore(copy);
        const events = await opened.readAll({ after: null, limit: 100, records: true });
        expect(events.map(({ header }) => header)).toEqual(acknowledged.slice(0, events.length));
        await opened.close();
      } catch (error) {
        if (!(error instanceof LedgerDamaged)) throw error;
        refused += 1;
      }
    }
    expect(refused).toBeLessThan(rounds);
    await store.close();
  });

  test('a file copied without the log that belongs to it is found out or a prefix', async () => {
    const path = join(temporaryFolder(), 'ledger.db');
    const store = openSqliteStore(path);
    for (let i = 0; i < 20; i++) await appendTo(store, 'a', draft(i));
    await store.close();
    const db = new DatabaseSync(path);
    db.exec("DELETE FROM events WHERE revision = 7; UPDATE ledger_meta SET value = '0' WHERE key = 'clean'");
    db.close();
    expect(() => openSqliteStore(path)).toThrow(LedgerDamaged);
  });
});

const checkpoint = (path: string): void => {
  const db = new DatabaseSync(path, { timeout: 1_000 });
  db.exec('PRAGMA wal_checkpoint(PASSIVE)');
  db.close();
};
