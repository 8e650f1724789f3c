/**
 * A folder of what is derived, kept under a ledger that became another one: a copy of it in the same engine, or the same
 * ledger restored to an earlier state. What lies there is believed only where it is of the events that there are.
 */
import { cpSync } from 'node:fs';
import { afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { verifyStore } from '../../../src/audit/verify/verify-store.ts';
import { openViews } from '../../../src/derived/views.ts';
import { LedgerRestored } from '../../../src/eventstore/event-store.ts';
import { hexOf } from '../../../src/integrity/seal-events.ts';
import { catchUp } from '../../../src/ledger/following/follow.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { openForReading, openLedgerAt } from '../../../src/ledger/open.ts';
import { copyLedger } from '../../../src/transfer/copy.ts';
import { openCopyTarget } from '../../../src/transfer/copy-target.ts';
import { commandLine } from '../../support/command-line.ts';
import { folderOfFile, temporaryFolder } from '../../support/folder.ts';
import { pairs } from '../../support/proof.ts';
import { type EsdbDouble, openDouble } from '../double/esdb-double.ts';
import type { LogRecord } from '../double/transaction-log.ts';
import { engineStore } from '../engines.ts';
import { counted } from '../ledger-servers.ts';
import { openAccount, report } from './cuts-load.ts';

const ACCOUNT = 'acme';
const STREAM = `account-${ACCOUNT}`;

let double: EsdbDouble;
beforeEach(async () => {
  double = await openDouble();
});
afterEach(() => double.stop());

const named = (name: string): string => `${double.connectionString}&ledger=${name}`;
const ids = (from: number, to: number, kind = 'r'): string[] =>
  Array.from({ length: to - from }, (_, n) => `${kind}-${from + n}`);

/** Opens a server on a folder that outlives it. */
const serveWith = async (address: string, data: string): Promise<Ledger> => {
  const ledger = await openLedgerAt({ store: address, data, clock: 'driven' });
  onTestFinished(() => ledger.close());
  await ledger.viewsCaughtUp();
  return ledger;
};

/** Reports records one by one, so that each has an event of its own. */
const reportEach = async (ledger: Ledger, records: readonly string[]): Promise<string[]> => {
  const outcomes: string[] = [];
  for (const id of records)
    outcomes.push((await report(ledger, ACCOUNT, [id]))?.[0]?.outcome ?? 'no such account');
  return outcomes;
};

/** What a server with nothing derived yet makes of a ledger. */
const digestAnew = async (address: string): Promise<string> => {
  const [store, views] = [engineStore(address), openViews(':memory:')];
  await catchUp(store, views);
  const digest = views.digest();
  views.close();
  await store.close();
  return digest;
};

const findingsOf = async ({ store, calendar }: Ledger) =>
  (await verifyStore(store, calendar, () => undefined)).findings;

/** Serves a ledger with so many records from a folder, to its end. */
const served = async (address: string, data: string, records: number): Promise<void> => {
  const ledger = await openLedgerAt({ store: address, data, clock: 'driven' });
  await openAccount(ledger, ACCOUNT);
  await reportEach(ledger, ids(0, records));
  await ledger.viewsCaughtUp();
  await ledger.close();
};

const copied = async (from: string, to: string): Promise<void> => {
  const [source, target] = [await openForReading(from), await openCopyTarget(to)];
  const { signal } = new AbortController();
  const options = { together: target.together, onProgress: () => undefined, signal };
  await copyLedger(source, target.store, options);
  await target.finish();
  await target.close();
  await source.close();
};

/** The events of the account's stream in the engine. */
const inEngine = (): readonly LogRecord[] =>
  double.events().filter(({ stream }) => stream.endsWith(`.${STREAM}`));

/** The engine as it was before the last so many events of the account; gives what it lost of the ledger. */
const restored = (lost: number): readonly LogRecord[] => {
  const from = inEngine().at(-lost)?.position ?? 0n;
  const gone = inEngine().slice(-lost);
  double.rewrite((records) => records.filter(({ position }) => position < from));
  return gone;
};

/** An engine that is restored is another process: no connection outlives it, nor what it remembers of appends. */
const restoredWhileDown = async (lost: number): Promise<readonly LogRecord[]> => {
  await double.stop();
  const gone = restored(lost);
  await double.start();
  return gone;
};

/** What another server does to the ledger and is gone. */
const byAnother = async (address: string, records: readonly string[]): Promise<void> => {
  const other = await openLedgerAt({ store: address, clock: 'driven' });
  await reportEach(other, records);
  await other.close();
};

/** Serves a ledger once for tests that each get the engine as it was then, and a copy of the server's folder. */
const servedOnce = (ledger: string | null, records: number): (() => Promise<string>) => {
  const folder = folderOfFile();
  let saved: ReturnType<EsdbDouble['saved']>;
  beforeAll(async () => {
    double = await openDouble();
    const address = ledger === null ? double.connectionString : named(ledger);
    await served(address, folder(), records);
    await double.stop();
    saved = double.saved();
  });
  return async () => {
    await double.stop();
    double.restore(saved);
    await double.start();
    const data = temporaryFolder();
    cpSync(folder(), data, { recursive: true });
    return data;
  };
};

describe('a copy', () => {
  test('served from the folder of its ledger: all is made anew, and nothing counted double', async () => {
    const [data, fresh] = [temporaryFolder(), temporaryFolder()];
    await served(named('c'), data, 5);
    // Positions of the copy lie behind those of its ledger: what was read would be read again.
    await copied(named('c'), named('d'));
    const copy = await serveWith(named('d'), data);
    expect(counted(copy, ACCOUNT)).toEqual({ records: 5, calls: 5 });
    const own = await serveWith(named('c'), fresh);
    expect(counted(own, ACCOUNT)).toEqual({ records: 5, calls: 5 });
    expect(copy.views?.digest()).toBe(own.views?.digest());
    expect(await reportEach(copy, ids(4, 6))).toEqual(['duplicate', 'accepted']);
    expect(await copy.store.streams({ after: null, prefix: '', limit: 99 })).toEqual(
      await own.store.streams({ after: null, prefix: '', limit: 99 }),
    );
    expect((await own.store.head(STREAM)).length).toBe((await copy.store.head(STREAM)).length - 1);
    expect(await findingsOf(copy)).toEqual([]);
  });

  test('and its ledger again from that folder, when they have gone apart', async () => {
    const data = temporaryFolder();
    await served(named('c'), data, 3);
    await copied(named('c'), named('d'));
    const copy = await serveWith(named('d'), data);
    expect(await reportEach(copy, ids(0, 5))).toEqual([
      ...ids(0, 3).map(() => 'duplicate'),
      'accepted',
      'accepted',
    ]);
    await copy.viewsCaughtUp();
    await copy.close();
    const own = await serveWith(named('c'), data);
    expect(counted(own, ACCOUNT)).toEqual({ records: 3, calls: 3 });
    // The copy's records are not this ledger's.
    expect(await reportEach(own, ids(2, 4))).toEqual(['duplicate', 'accepted']);
    await own.viewsCaughtUp();
    expect(own.views?.digest()).toBe(await digestAnew(named('c')));
    expect(await findingsOf(own)).toEqual([]);
  });
});

describe('an engine that was restored to an earlier state', () => {
  const HELD = 6;
  const LOST = 4;
  const ALL = ids(0, HELD + LOST);
  const servedAll = servedOnce(null, ALL.length);

  /** What a server on the kept folder shows now, and that each record is in the ledger once when it is sent again. */
  const expectAnew = async (data: string, duplicates: readonly string[], others: number): Promise<void> => {
    const ledger = await serveWith(double.connectionString, data);
    const records = duplicates.length + others;
    expect(counted(ledger, ACCOUNT)).toEqual({ records, calls: records });
    expect(ledger.views?.digest()).toBe(await digestAnew(double.connectionString));
    const listed = await ledger.store.heads({ after: null, limit: 99 });
    for (const { stream, length, hash } of listed) {
      const head = await ledger.store.head(stream);
      expect([stream, length, hexOf(hash)]).toEqual([stream, head.length, hexOf(head.hash)]);
    }
    expect(listed.map(({ stream }) => stream)).toContain(STREAM);
    const expected = ALL.map((id) => (duplicates.includes(id) ? 'duplicate' : 'accepted'));
    expect(await reportEach(ledger, ALL)).toEqual(expected);
    expect(await reportEach(ledger, ALL)).toEqual(ALL.map(() => 'duplicate'));
    await ledger.viewsCaughtUp();
    const all = ALL.length + others;
    expect(counted(ledger, ACCOUNT)).toEqual({ records: all, calls: all });
    expect(ledger.views?.digest()).toBe(await digestAnew(double.connectionString));
    expect(await findingsOf(ledger)).toEqual([]);
  };

  test('what was lost is metered again, once', async () => {
    const data = await servedAll();
    await restoredWhileDown(LOST);
    await expectAnew(data, ids(0, HELD), 0);
  });

  test('what another server metered since is a duplicate', async () => {
    const data = await servedAll();
    await restoredWhileDown(LOST);
    await byAnother(double.connectionString, ['r-8', 'other-1', 'other-2']);
    await expectAnew(data, [...ids(0, HELD), 'r-8'], 2);
  });

  test('what grew again is longer than it was', async () => {
    const data = await servedAll();
    await restoredWhileDown(LOST);
    await byAnother(double.connectionString, [...ids(0, 2 * LOST, 'n'), 'r-7']);
    await expectAnew(data, [...ids(0, HELD), 'r-7'], 2 * LOST);
  });

  test('what grew again lies where the lost events lay, event for event', async () => {
    const data = await servedAll();
    const gone = await restoredWhileDown(LOST);
    await byAnother(double.connectionString, ['r-6', 'n-7', 'n-8', 'n-9']);
    await double.stop();
    const grown = inEngine().slice(-LOST);
    const from = grown[0]?.position ?? 0n;
    double.rewrite((records) => [
      ...records.filter(({ position }) => position < from && position < (gone[0]?.position ?? 0n)),
      ...grown.map((record, i) => {
        const { position, end } = gone[i] ?? record;
        return { ...record, position, end };
      }),
    ]);
    await double.start();
    await expectAnew(data, [...ids(0, HELD), 'r-6'], LOST - 1);
  });

  test('the ledger was made anew under the folder', async () => {
    const data = await servedAll();
    await double.stop();
    double.rewrite((records) => records.filter(({ stream }) => stream.startsWith('$')));
    await double.start();
    // Another ledger: nothing of the one before is left to mix with it.
    const ledger = await serveWith(double.connectionString, data);
    expect(counted(ledger, ACCOUNT)).toEqual({ records: 0, calls: 0 });
    await openAccount(ledger, ACCOUNT);
    expect(await reportEach(ledger, ids(0, 2))).toEqual(['accepted', 'accepted']);
  });

  test.each([
    ['at once', async (lost: number) => restored(lost)],
    ['over a restart of the engine', restoredWhileDown],
  ])('a server that runs meanwhile is told at its next command, %s', async (_, restore) => {
    const data = temporaryFolder();
    const ledger = await serveWith(double.connectionString, data);
    await openAccount(ledger, ACCOUNT);
    await openAccount(ledger, 'other');
    await reportEach(ledger, ids(0, HELD));
    await report(ledger, 'other', ['r-0']);
    await reportEach(ledger, ids(HELD, HELD + LOST));
    await restore(LOST);
    await expect(report(ledger, ACCOUNT, ['new'])).rejects.toBeInstanceOf(LedgerRestored);
    // Of an account that lost nothing too: what else it may have been decided by is of the lost state.
    await expect(report(ledger, 'other', ['new'])).rejects.toBeInstanceOf(LedgerRestored);
    await ledger.close();
    const again = await serveWith(double.connectionString, data);
    expect(await reportEach(again, ['new', ...ALL])).toEqual([
      'accepted',
      ...ALL.map((_id, i) => (i < HELD ? 'duplicate' : 'accepted')),
    ]);
    await again.viewsCaughtUp();
    expect(counted(again, ACCOUNT)).toEqual({ records: ALL.length + 1, calls: ALL.length + 1 });
    expect(await findingsOf(again)).toEqual([]);
  });
});

describe('the command line on another ledger’s folder', () => {
  const servedThree = servedOnce('c', 3);
  const cases = pairs(
    'commands on another ledger’s folder',
    ['another ledger', 'a copy'],
    ['overview', 'rebuild'],
  );
  const of = (ledger: string): string[] =>
    cases.filter(([on]) => on === ledger).map(([, command]) => command);
  const run = async (data: string, address: string, ...command: readonly string[]) => {
    const words = [...command, '--store', address, '--json'];
    const ended = await commandLine(words, { env: { SUANPAN_DATA: data } });
    return { ...ended, answer: ended.status === 0 ? JSON.parse(ended.stdout) : null };
  };

  test.each(of('another ledger'))('%s of another ledger mixes nothing', async (command) => {
    const [data, others, fresh] = [await servedThree(), temporaryFolder(), temporaryFolder()];
    await served(named('e'), others, 2);
    const ended = await run(data, named('e'), command);
    expect([ended.status, ended.stderr]).toEqual([0, '']);
    expect(ended.answer).toEqual((await run(fresh, named('e'), command)).answer);
    const own = await serveWith(named('c'), data);
    expect(counted(own, ACCOUNT)).toEqual({ records: 3, calls: 3 });
    expect(own.views?.digest()).toBe(await digestAnew(named('c')));
    expect(await reportEach(own, ids(2, 4))).toEqual(['duplicate', 'accepted']);
  });

  test.each(of('a copy'))('%s of a copy is that of a fresh folder', async (command) => {
    const [data, fresh] = [await servedThree(), temporaryFolder()];
    await copied(named('c'), named('d'));
    const ended = await run(data, named('d'), command);
    expect(ended).toMatchObject({ status: 0, stderr: '' });
    expect(ended.answer).toEqual((await run(fresh, named('d'), command)).answer);
    const copy = await serveWith(named('d'), data);
    expect(counted(copy, ACCOUNT)).toEqual({ records: 3, calls: 3 });
    expect(await reportEach(copy, ids(2, 4))).toEqual(['duplicate', 'accepted']);
  });
});
