import { Buffer } from 'node:buffer';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomFrom } from '../../src/demo/random.ts';
import { LedgerDamaged, StoreUnavailable } from '../../src/eventstore/event-store.ts';
import { openSqliteStore } from '../../src/eventstore/sqlite/store.ts';
import { packedGroup, unpackedGroup } from '../../src/eventstore/sqlite/write-message.ts';
import { writerThread } from '../../src/eventstore/sqlite/writer.ts';
import { seal } from '../../src/integrity/seal-events.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runs } from '../support/proof.ts';
import { appendTo, eventStoreContract } from './event-store.contract.ts';

const IN_THREAD = { writesInThread: true };
eventStoreContract('sqlite', async () => openSqliteStore(join(temporaryFolder(), 'ledger.db')));
eventStoreContract('sqlite, written in a thread', async () =>
  openSqliteStore(join(temporaryFolder(), 'ledger.db'), IN_THREAD),
);

const draft = (n: number) => ({ header: `{"n":${n}}`, data: `{"text":"${'x'.repeat(200)}"}` });

describe.each([{}, IN_THREAD])('the SQLite engine, opened with %o', (options) => {
  test('keeps everything over a close, and shares one commit among all that wait', async () => {
    const path = join(temporaryFolder(), 'ledger.db');
    const store = openSqliteStore(path, options);
    await Promise.all(Array.from({ length: 64 }, (_, i) => appendTo(store, `s${i}`, draft(i))));
    expect(store.metrics.appends).toBe(64);
    expect(store.metrics.commits).toBeLessThan(8);
    const before = await store.readAll({ after: null, limit: 100, records: true });
    await store.close();
    const again = openSqliteStore(path, options);
    expect(await again.readAll({ after: null, limit: 100, records: true })).toEqual(before);
    await again.close();
  });

  test('a full disk rejects whole groups, records nothing of them, and works again when there is space', async () => {
    const path = join(temporaryFolder(), 'ledger.db');
    const store = openSqliteStore(path, options);
    await appendTo(store, 'a', draft(0));
    store.limitPages(16);
    const tried = await Promise.allSettled(
      Array.from({ length: 400 }, (_, i) => appendTo(store, `s${i}`, draft(i))),
    );
    const refused = tried.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(refused.length).toBeGreaterThan(300);
    for (const reason of refused) expect(reason).toBeInstanceOf(StoreUnavailable);
    for (const [i, { status }] of tried.entries())
      expect((await store.head(`s${i}`)).length).toBe(status === 'fulfilled' ? 1 : 0);
    expect(await store.end()).toBe(String(1 + tried.length - refused.length));
    store.limitPages(1_000_000);
    await appendTo(store, 'a', draft(1));
    expect((await store.head('a')).length).toBe(2);
    await store.close();
  });

  test('a file that was moved, deleted or replaced takes no more, and goes on where it is put back', async () => {
    const path = join(temporaryFolder(), 'ledger.db');
    const store = openSqliteStore(path, options);
    await appendTo(store, 'a', draft(0));
    renameSync(path, `${path}.away`);
    await expect(appendTo(store, 'a', draft(1))).rejects.toThrow(/ledger\.db was moved or deleted/);
    expect(existsSync(path)).toBe(false);
    copyFileSync(`${path}.away`, path);
    await expect(appendTo(store, 'a', draft(1))).rejects.toThrow(/ledger\.db was replaced while it is open/);
    renameSync(`${path}.away`, path);
    await appendTo(store, 'a', draft(1));
    expect((await store.head('a')).length).toBe(2);
    await store.close();
  });

  test('a file that is replaced before its first commit takes none', async () => {
    const path = join(temporaryFolder(), 'ledger.db');
    await openSqliteStore(path).close();
    const store = openSqliteStore(path, options);
    renameSync(path, `${path}.away`);
    await expect(appendTo(store, 'a', draft(0))).rejects.toThrow(/was moved or deleted/);
    expect(existsSync(path)).toBe(false);
    renameSync(`${path}.away`, path);
    await store.close();
  });

  test('a reader opens beside the writer and cannot append', async () => {
    const path = join(temporaryFolder(), 'ledger.db');
    const store = openSqliteStore(path, options);
    await appendTo(store, 'a', draft(1));
    const reader = openSqliteStore(path, { readOnly: true });
    expect((await reader.head('a')).length).toBe(1);
    await expect(appendTo(reader, 'a', draft(2))).rejects.toBeInstanceOf(StoreUnavailable);
    await appendTo(store, 'a', draft(2));
    expect((await reader.head('a')).length).toBe(2);
    await reader.close();
    await store.close();
  });

  test('says how its commits do and how long its write-ahead log is', async () => {
    const store = openSqliteStore(join(temporaryFolder(), 'ledger.db'), options);
    await appendTo(store, 'a', draft(1), draft(2));
    expect(store.metrics).toMatchObject({ appends: 1, events: 2, commits: 1 });
    expect(store.metrics.lastCommitMs).toBeGreaterThan(0);
    expect(store.walBytes()).toBeGreaterThan(0);
    await store.close();
    expect(store.walBytes()).toBe(0);
  });

  test('a head that another connection moved is a conflict, and spoils nothing beside it', async () => {
    const path = join(temporaryFolder(), 'ledger.db');
    const store = openSqliteStore(path, options);
    await appendTo(store, 'a', draft(1));
    const { hash } = await store.head('a');
    const other = openSqliteStore(path, options);
    await appendTo(other, 'a', draft(2));
    const [stale, beside] = await Promise.allSettled([
      store.append('a', 1, seal('a', 1, hash, [draft(3)])),
      store.append('b', 0, seal('b', 0, null, [draft(1)])),
    ]);
    expect(stale).toMatchObject({ status: 'rejected', reason: { expected: 1, actual: 2 } });
    expect(beside.status).toBe('fulfilled');
    await appendTo(store, 'a', draft(3));
    expect((await store.head('a')).length).toBe(3);
    await other.close();
    await store.close();
  });
});

describe('the file of the SQLite engine', () => {
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
    const rounds = runs('damaged write-ahead logs', 20, 1_000);
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

  test('a checkpoint that was interrupted, its log lost or damaged, leaves a prefix or is refused', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'ledger.db');
    const store = openSqliteStore(path);
    const acknowledged: string[] = [];
    const appendUntil = async (end: number) => {
      for (let i = acknowledged.length; i < end; i++) {
        await appendTo(store, `s${i % 5}`, draft(i));
        acknowledged.push(draft(i).header);
      }
    };
    await appendUntil(60);
    checkpoint(path, 'TRUNCATE');
    const before = readFileSync(path);
    await appendUntil(300);
    const log = readFileSync(`${path}-wal`);
    checkpoint(path, 'TRUNCATE');
    const after = readFileSync(path);
    await store.close();
    const random = randomFrom(13);
    const rounds = runs('interrupted checkpoints', 20, 1_000);
    const answers = { prefix: 0, refused: 0 };
    for (let round = 0; round < rounds; round++) {
      // Any of the pages may have been copied back when it stopped.
      const mixed = Buffer.alloc(after.length);
      before.copy(mixed);
      for (let at = 0; at < after.length; at += 4096)
        if (random.perMille(500)) after.copy(mixed, at, at, at + 4096);
      const left = Buffer.from(log);
      const wal = random.pick([
        () => Buffer.alloc(0),
        () => left.fill(0, 0, random.between(1, 5_000)),
        () => left.subarray(0, random.between(0, left.length)),
      ])();
      for (const readOnly of [false, true]) {
        const copy = join(folder, `copy-${round}-${readOnly}.db`);
        writeFileSync(copy, mixed);
        writeFileSync(`${copy}-wal`, wal);
        const headers = await headersOf(copy, readOnly);
        if (headers) expect(headers).toEqual(acknowledged.slice(0, headers.length));
        answers[headers ? 'prefix' : 'refused'] += 1;
      }
    }
    expect(answers.refused).toBeGreaterThan(0);
    expect(answers.prefix).toBeGreaterThan(0);
  });

  test('a ledger of another format, and one without its marks but damaged, are refused', async () => {
    for (const change of [
      "UPDATE ledger_meta SET value = '9' WHERE key = 'format'",
      'DELETE FROM ledger_meta; DELETE FROM events WHERE revision = 2',
      "UPDATE events SET data = '{}' WHERE revision = 3; DELETE FROM ledger_meta WHERE key = 'clean'",
      "DELETE FROM streams; UPDATE ledger_meta SET value = '0' WHERE key = 'clean'",
    ]) {
      const path = join(temporaryFolder(), 'ledger.db');
      const store = openSqliteStore(path);
      for (let i = 0; i < 5; i++) await appendTo(store, 'a', draft(i));
      await store.close();
      const db = new DatabaseSync(path);
      db.exec(change);
      db.close();
      for (const readOnly of [false, true])
        expect(() => openSqliteStore(path, { readOnly }), change).toThrow(LedgerDamaged);
    }
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

/** The headers of all events, also read stream by stream; null when the file is refused. */
const headersOf = async (path: string, readOnly: boolean): Promise<string[] | null> => {
  try {
    const store = openSqliteStore(path, { readOnly });
    try {
      const events = await store.readAll({ after: null, limit: 1_000, records: true });
      for (let k = 0; k < 5; k++) {
        const own = events.filter(({ stream }) => stream === `s${k}`);
        const options = { from: 0, limit: 1_000, direction: 'forwards', records: true } as const;
        expect(await store.read(`s${k}`, options)).toEqual(own);
      }
      return events.map(({ header }) => header);
    } finally {
      await store.close();
    }
  } catch (error) {
    // A reader beside a writer does not look at every page: SQLite may refuse one only when it is read.
    const refused = error instanceof LedgerDamaged || (readOnly && isSqlite(error));
    if (!refused) throw error;
    return null;
  }
};

const isSqlite = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR';

const checkpoint = (path: string, how: 'PASSIVE' | 'TRUNCATE' = 'PASSIVE'): void => {
  const db = new DatabaseSync(path, { timeout: 60_000 });
  db.exec(`PRAGMA wal_checkpoint(${how})`);
  db.close();
};

describe('the thread that writes', () => {
  const append = (stream: string, text: string) => ({
    stream,
    expected: 0,
    events: seal(stream, 0, null, [{ header: '{}', data: text }]),
  });

  test('says of a group that it failed, and is started again by the next', async () => {
    const folder = join(temporaryFolder(), 'not-there-yet');
    const path = join(folder, 'ledger.db');
    const writer = writerThread(path, null);
    expect(await writer.write([append('a', 'first')])).toEqual({
      failed: expect.stringContaining('unable to open database file'),
      recorded: 'unknown',
    });
    mkdirSync(folder);
    await openSqliteStore(path).close();
    expect(await writer.write([append('a', 'second')])).toMatchObject({ outcomes: [{ position: 1 }] });
    await writer.close();
    await writer.close();
  });

  test('is asked in one text and one run of bytes that hold the group as it was', () => {
    const bytes = (minLength: number) => fc.uint8Array({ minLength, maxLength: 40 });
    const event = fc.record({
      ...{ header: fc.string({ unit: 'binary' }), data: fc.string({ unit: 'binary' }) },
      ...{ hash: bytes(32), records: fc.option(bytes(0)) },
    });
    const group = fc.array(
      fc.tuple(fc.string(), fc.nat(), fc.array(event)).map(([stream, expected, events]) => ({
        ...{ stream, expected },
        events: events.map((one, i) => ({ ...one, revision: expected + i })),
      })),
    );
    fc.assert(
      fc.property(group, (given) => {
        expect(unpackedGroup(structuredClone(packedGroup(given)))).toEqual(given);
      }),
      { numRuns: runs('groups packed for the thread that writes', 50, 20_000) },
    );
  });
});
