/** `verify --store`: records that are twice in whatever months, poison, sums, tables; in memory that does not grow. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/audit/verify/finding.ts';
import { openIdentityCheck } from '../../src/audit/verify/identity-check.ts';
import { openSpillingMap } from '../../src/audit/verify/spilling-map.ts';
import { verifyStore } from '../../src/audit/verify/verify-store.ts';
import { encodeEvent } from '../../src/codec/event-codec.ts';
import { storedEvents } from '../../src/codec/stored-events.ts';
import { calendarOf } from '../../src/domain/calendar.ts';
import { fold } from '../../src/domain/evolve.ts';
import { meterUsage } from '../../src/domain/meter-usage.ts';
import type { UsageRecord } from '../../src/domain/usage.ts';
import type { EventStore } from '../../src/eventstore/event-store.ts';
import { openMemoryStore } from '../../src/eventstore/memory.ts';
import { openSqliteStore } from '../../src/eventstore/sqlite/store.ts';
import { recordLines } from '../../src/integrity/record-block.ts';
import { seal } from '../../src/integrity/seal-events.ts';
import { commandLine } from '../support/command-line.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type Given, givenLedger, instant } from '../support/given.ts';
import { poisoned } from '../support/poisoned.ts';

const calendar = calendarOf('Asia/Shanghai');
const findingsOf = async (store: EventStore): Promise<readonly Finding[]> =>
  (await verifyStore(store, calendar, () => undefined)).findings;

const JANUARY = '2019-01-05T08:00:00+08:00';
const MARCH = '2019-03-05T08:00:00+08:00';
const record = (id: string, time: string, calls = 1): UsageRecord => ({
  ...{ source: '/g', id, interface: 'face-recognition/compare', time: instant(time), calls, submitted: null },
});

/** Metered as a ledger would that had forgotten what it holds: sealed, readable, with sums that are right. */
const forged = async ({ ledger }: Given, records: readonly UsageRecord[], at: string): Promise<void> => {
  const { store } = ledger;
  const entry = await ledger.entry('acme');
  if (!entry.account) throw new Error('not open');
  const around = { calendar, catalogue: ledger.catalogue(), seen: () => undefined };
  const { event } = meterUsage(entry.account, { at: instant(at), records, ...around });
  if (!event) throw new Error('nothing was metered');
  fold(entry.account, [event]);
  const { length, hash } = await store.head('account-acme');
  const draft = encodeEvent(event, '2026-01-01T00:00:00.000Z');
  await store.append('account-acme', length, seal('account-acme', length, hash, [draft]));
};

const twoMonths = async (): Promise<Given> => {
  const given = await givenLedger(['face-recognition']);
  await given.ledger.meter('acme', [record('a', JANUARY), record('b', JANUARY)], instant(JANUARY));
  await given.closes('2019-01', '2019-02-01T04:00:00+08:00');
  await given.closes('2019-02', '2019-03-01T04:00:00+08:00');
  return given;
};

test('a record that is twice is found, whatever month and content', async () => {
  const given = await twoMonths();
  await forged(given, [record('c', MARCH), record('b', MARCH, 7)], MARCH);
  const found = await findingsOf(given.ledger.store);
  expect(found).toMatchObject([
    {
      kind: 'content',
      stream: 'account-acme',
      what: 'records.1',
      found: expect.stringContaining('["/g","b"]'),
    },
  ]);
  expect(found[0]?.found).toMatch(/which event \d+ has as records\.1$/);
});

test('the same id of another source, and of another account, is another record', async () => {
  const given = await twoMonths();
  await given.has('2019-03-01T05:00:00+08:00', 'open-account', { name: '' }, 'other');
  await given.has('2019-03-01T05:00:00+08:00', 'activate-service', { product: 'face-recognition' }, 'other');
  await given.ledger.meter('other', [record('a', MARCH)], instant(MARCH));
  await forged(given, [{ ...record('a', MARCH), source: '/h' }], MARCH);
  expect(await findingsOf(given.ledger.store)).toEqual([]);
});

test('a month whose calls are more than a number holds is found', async () => {
  const given = await givenLedger(['face-recognition']);
  const most = 2 ** 52;
  for (const id of ['a', 'b', 'c']) {
    const { store } = given.ledger;
    const { length, hash } = await store.head('account-acme');
    const data = {
      ...{
        sources: ['/g'],
        interfaces: ['face-recognition/compare'],
        packs: [],
        base: '2019-01-05T00:00:00.000Z',
      },
      ...{ records: 1, tallies: [] },
      usage: [
        {
          interface: 'face-recognition/compare',
          day: '2019-01-05',
          records: 1,
          calls: most,
          free: 0,
          packs: 0,
          postPaid: most,
        },
      ],
    };
    const header = { type: 'CallsMetered', version: 1, at: '2019-01-06T00:00:00.000Z', recordedAt: '' };
    const draft = {
      header: JSON.stringify(header),
      data: JSON.stringify(data),
      lines: [`[0,"${id}",0,0,${most}]`],
    };
    await store.append('account-acme', length, seal('account-acme', length, hash, [draft]));
  }
  const found = await findingsOf(given.ledger.store);
  expect(found).toMatchObject([
    { kind: 'content', what: 'calls of 2019-01 up to here', found: String(2 ** 53) },
  ]);
});

test('an event of every type that cannot be read is found, and what lies behind it is read on', async () => {
  const { ledger } = await givenLedger();
  const expected: [string, number][] = [];
  for (const type of Object.keys(storedEvents))
    expected.push([
      'account-acme',
      await poisoned(ledger.store, 'account-acme', { type, version: 9, data: '{}' }),
    ]);
  expected.push(['jobs', await poisoned(ledger.store, 'jobs', { type: 'JobDone', data: '[' })]);
  const found = await findingsOf(ledger.store);
  expect(found.map(({ stream, revision }) => [stream, revision])).toEqual(expected);
  expect(new Set(found.map(({ kind }) => kind))).toEqual(new Set(['content']));
});

const size = { inMemory: 8, atOnce: 4 };
const identity = fc.tuple(fc.nat(2), fc.constantFrom('/a', '/b'), fc.constantFrom('x', 'y', 'z', 'é', ''));

test('identities are compared the same in memory, in files, and in parts of files', () => {
  fc.assert(
    fc.property(fc.array(identity, { maxLength: 60 }), (all) => {
      const expected: string[] = [];
      const first = new Map<string, number>();
      for (const [i, one] of all.entries()) {
        const key = JSON.stringify(one);
        const before = first.get(key);
        if (before === undefined) first.set(key, i);
        else expected.push(`${before} ${i}`);
      }
      for (const bounds of [{}, size]) {
        const folder = temporaryFolder();
        const check = openIdentityCheck(() => folder, bounds);
        for (const [i, [stream, source, id]] of all.entries())
          check.add(`account-${stream}`, { stream, revision: i, ordinal: 0 }, source, id);
        const found = [...check.pairs()].map(([a, b]) => `${a.revision} ${b.revision}`);
        expect(found.sort()).toEqual([...expected].sort());
      }
    }),
    { numRuns: 40 },
  );
});

test('a map that outgrows memory holds what it held', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(30), fc.nat()), { maxLength: 100 }), (sets) => {
      const folder = temporaryFolder();
      const map = openSpillingMap<number>('map', () => folder, 4);
      const plain = new Map<number, number>();
      for (const [key, value] of sets) {
        expect(map.get(String(key))).toBe(plain.get(key));
        map.set(String(key), value);
        plain.set(key, value);
      }
      for (const [key, value] of plain) expect(map.get(String(key))).toBe(value);
      expect(map.size()).toBe(plain.size);
      map.close();
    }),
    { numRuns: 40 },
  );
});

test('twice as many events are read with twice as many reads, and no more at once', async () => {
  const readsFor = async (batches: number): Promise<{ reads: number; most: number }> => {
    const given = await givenLedger(['face-recognition']);
    for (let i = 0; i < batches; i++)
      await given.ledger.meter('acme', [record(`r${i}`, JANUARY)], instant(JANUARY));
    let [reads, most] = [0, 0];
    const { store } = given.ledger;
    const counted: EventStore = {
      ...store,
      readAll: async (options) => {
        const page = await store.readAll(options);
        reads += 1;
        most = Math.max(most, page.length);
        return page;
      },
      read: (stream, options) => {
        reads += 1;
        return store.read(stream, options);
      },
    };
    expect(await findingsOf(counted)).toEqual([]);
    return { reads, most };
  };
  const [some, twice] = [await readsFor(400), await readsFor(800)];
  expect(twice.reads).toBeLessThanOrEqual(2 * some.reads + 2);
  expect(twice.most).toBe(some.most);
  expect(some.most).toBeLessThanOrEqual(64);
});

test('a block that unpacks to far more than any block is none', () => {
  const bomb = zstdCompressSync(Buffer.alloc(100 * 1024 * 1024));
  expect(bomb.length).toBeLessThan(32 * 1024);
  expect(() => recordLines(Buffer.concat([Buffer.of(1), bomb]))).toThrow(RangeError);
});

describe('the tables of a file', () => {
  const ledger = async (): Promise<string> => {
    const path = join(temporaryFolder(), 'ledger.db');
    const given = await givenLedger(['face-recognition'], { store: openSqliteStore(path) });
    await given.ledger.meter('acme', [record('a', JANUARY)], instant(JANUARY));
    await given.ledger.close();
    return path;
  };
  const changed = (path: string, sql: string): void => {
    const db = new DatabaseSync(path);
    db.exec(sql);
    db.close();
  };
  const verified = (path: string) => commandLine(['verify', '--store', `sqlite:${path}`]);

  test('as they should be', async () => {
    expect(await verified(await ledger())).toMatchObject({ status: 0 });
  });

  test.each([
    ['DROP INDEX events_by_stream', 'the index events_by_stream is missing'],
    [
      'DROP INDEX events_by_stream; CREATE INDEX events_by_stream ON events(stream)',
      'the index events_by_stream',
    ],
    [
      'CREATE TRIGGER t AFTER INSERT ON events BEGIN DELETE FROM events; END',
      'the trigger t is not part of a ledger',
    ],
    ['CREATE VIEW v AS SELECT * FROM events', 'the view v is not part of a ledger'],
    ['CREATE TABLE mine(n)', 'the table mine is not part of a ledger'],
    ['ALTER TABLE events ADD COLUMN more TEXT', 'the table events has the columns'],
    ['DROP TABLE events', 'missing tables: events'],
    ['DROP TABLE streams', 'missing tables: streams'],
    ['DROP TABLE ledger_meta', 'missing tables: ledger_meta'],
  ])('changed by %s', async (sql, told) => {
    const path = await ledger();
    changed(path, sql);
    const { status, stdout, stderr } = await verified(path);
    expect([status, `${stdout}${stderr}`]).toEqual([1, expect.stringContaining(told)]);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test('that were dropped are not made again, empty, by whoever opens the file to write', async () => {
    for (const table of ['events', 'streams', 'ledger_meta']) {
      const path = await ledger();
      changed(path, `DROP TABLE ${table}`);
      expect(() => openSqliteStore(path)).toThrow(`missing tables: ${table}`);
    }
  });

  test('without an index are told of when it is made again', async () => {
    const path = await ledger();
    changed(path, 'DROP INDEX events_by_stream');
    const store = openSqliteStore(path);
    expect(store.opening.notice).toBe('the index events_by_stream is missing, and was rebuilt');
    await store.close();
    expect(await verified(path)).toMatchObject({ status: 0 });
  });

  test('with a row that no append can have written', async () => {
    const path = await ledger();
    changed(path, "UPDATE events SET data = printf('%.*c', 4000000, 'x') WHERE position = 7");
    const { status, stdout } = await verified(path);
    expect(status).toBe(1);
    expect(stdout).toContain('content');
    expect(stdout.length).toBeLessThan(20_000);
  });
});

test('a ledger whose first event cannot be read is verified all the same', async () => {
  const store = openMemoryStore();
  await poisoned(store, 'ledger', { type: 'LedgerCreated', data: '{}' });
  expect(await findingsOf(store)).toMatchObject([{ stream: 'ledger', revision: 0, kind: 'content' }]);
  const path = join(temporaryFolder(), 'ledger.db');
  const file = openSqliteStore(path);
  await poisoned(file, 'ledger', { type: 'LedgerCreated', data: '{}' });
  await file.close();
  const { status, stdout } = await commandLine(['verify', '--store', `sqlite:${path}`]);
  expect([status, stdout]).toEqual([1, expect.stringContaining('event 0 of ledger: content')]);
});

describe('a ledger with an event that cannot be read', () => {
  const damaged = async (): Promise<string> => {
    const path = join(temporaryFolder(), 'ledger.db');
    const given = await givenLedger(['face-recognition'], { store: openSqliteStore(path) });
    await given.ledger.meter('acme', [record('a', JANUARY)], instant(JANUARY));
    await poisoned(given.ledger.store, 'account-acme', { type: 'FundsDeposited', data: '{}' });
    await poisoned(given.ledger.store, 'jobs', { type: 'JobDone', data: '{}' });
    await given.ledger.close();
    return path;
  };

  test('is backed up and restored as it is, and both say so', async () => {
    const path = await damaged();
    const folder = temporaryFolder();
    const [file, restored] = [join(folder, 'backup.db'), join(folder, 'restored.db')];
    const backup = await commandLine(['backup', file, '--store', `sqlite:${path}`]);
    expect([backup.status, backup.stderr]).toEqual([0, expect.stringContaining('of account-acme is wrong')]);
    const restore = await commandLine(['restore', file, '--store', `sqlite:${restored}`]);
    expect([restore.status, restore.stderr]).toEqual([0, expect.stringContaining('of jobs is wrong')]);
    const listed = await commandLine(['quarantine', '--store', `sqlite:${restored}`]);
    expect([listed.status, listed.stdout]).toEqual([1, expect.stringMatching(/account-acme[\s\S]*jobs/)]);
  });

  test('is not given a new home event by event', async () => {
    const path = await damaged();
    const to = join(temporaryFolder(), 'copy.db');
    const copied = await commandLine(['copy', `sqlite:${path}`, `sqlite:${to}`]);
    expect(copied.status).toBe(1);
    expect(`${copied.stdout}${copied.stderr}`).toMatch(
      /event \d+ of account-acme: content: expected an event that can be read/,
    );
    const file = join(temporaryFolder(), 'ledger.ndjson');
    await commandLine(['export', file, '--store', `sqlite:${path}`]);
    const loaded = await commandLine(['load', file, '--store', `sqlite:${join(temporaryFolder(), 'l.db')}`]);
    expect([loaded.status, `${loaded.stdout}${loaded.stderr}`]).toEqual([
      1,
      expect.stringContaining('an event that can be read'),
    ]);
  });
});
