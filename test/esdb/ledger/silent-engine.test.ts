/**
 * A whole server on an engine that does not answer: callers get an error together, not one after the other;
 * it can be closed, and it goes on by itself when the engine is back.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { StoreUnavailable } from '../../../src/eventstore/event-store.ts';
import { readingOf } from '../../../src/ledger/following/page-reader.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { BadSetting } from '../../../src/ledger/location.ts';
import { openLedgerAt } from '../../../src/ledger/open.ts';
import { editionOf } from '../../../src/ledger/system/catalogue.ts';
import { shippedPriceBooks } from '../../../src/ledger/system/shipped-price-books.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { complaints, suanpan } from '../cli/commands.ts';
import { type EsdbDouble, openDouble } from '../double/esdb-double.ts';
import { failing } from '../double/faults.ts';
import { through } from '../proxied.ts';
import { certificateIn, secured } from '../secured.ts';
import { openProxy, type TcpProxy } from '../tcp-proxy.ts';
import { openAccount, report } from './cuts-load.ts';

const ACCOUNT = 'acme';
/** A call is retried for two seconds before its caller gets an error. */
const TIMES = { pulseMs: 100, deadMs: 500, callMs: 1_000, patienceMs: 2_000, turnMs: 5_000 };
/** Longer than that. */
const GIVEN_UP_MS = 3_000;
/** One after the other, two seconds each, they would outlast a test. */
const READS = 150;
const NO_FILE = '/nonexistent/ca.pem';

let double: EsdbDouble;
beforeEach(async () => {
  double = await openDouble();
});
afterEach(() => double.stop());

const [later, ...first] = shippedPriceBooks().toReversed();

const openAt = async (store: string): Promise<Ledger> => {
  const books = first.toReversed();
  const ledger = await openLedgerAt({ store, data: temporaryFolder(), clock: 'driven', books, times: TIMES });
  onTestFinished(() => ledger.close());
  return ledger;
};

/** A server behind a wire, with an account and a record that its views show. */
const behindWire = async (): Promise<{ readonly ledger: Ledger; readonly proxy: TcpProxy }> => {
  const { proxy, address } = await through(double.connectionString);
  const ledger = await openAt(address);
  await openAccount(ledger, ACCOUNT);
  await report(ledger, ACCOUNT, ['one']);
  await ledger.viewsCaughtUp();
  return { ledger, proxy };
};

/** What became of calls: `answered`, or the error's name. */
const outcomesOf = async (calls: readonly Promise<unknown>[]): Promise<string[]> => {
  const settled = await Promise.allSettled(calls);
  return settled.map((one) =>
    one.status === 'fulfilled'
      ? 'answered'
      : one.reason instanceof StoreUnavailable
        ? 'refused'
        : String(one.reason),
  );
};

const many = (read: () => Promise<unknown>): Promise<unknown>[] => Array.from({ length: READS }, read);
const streamsOf = ({ store }: Ledger) => store.streams({ after: null, prefix: '', limit: 10 });

const reads: [string, (ledger: Ledger) => Promise<unknown>][] = [
  ['the views', (ledger) => ledger.viewsCaughtUp()],
  ['names of streams', streamsOf],
  ['heads of streams', ({ store }) => store.heads({ after: null, limit: 10 })],
];

describe('an engine that falls silent', () => {
  test.each(reads)('many who read at once get their errors together: %s', async (_, read) => {
    const { ledger, proxy } = await behindWire();
    proxy.blackHole();
    await pause(300);
    const outcomes = await outcomesOf(many(() => read(ledger)));
    // They may be answered with what is known; what they may not do is fail otherwise.
    expect(outcomes.filter((one) => one !== 'answered' && one !== 'refused')).toEqual([]);
    proxy.heal();
    await expect.poll(() => outcomesOf([read(ledger)])).toEqual(['answered']);
  });

  test('those who come one after the other do not wait for each other’s turns', async () => {
    const { ledger, proxy } = await behindWire();
    proxy.blackHole();
    await pause(300);
    const calls: Promise<string[]>[] = [];
    for (let n = 0; n < READS; n++) {
      calls.push(outcomesOf([ledger.viewsCaughtUp(), streamsOf(ledger)]));
      await pause(10);
    }
    const outcomes = (await Promise.all(calls)).flat();
    expect(outcomes.length).toBe(2 * READS);
    expect(outcomes.filter((one) => one !== 'answered' && one !== 'refused')).toEqual([]);
    proxy.heal();
  });

  test.each([
    ['at once', 0],
    ['in the middle of a wait', 1_000],
  ])('a ledger is closed while reads wait: %s', async (_, afterMs) => {
    const { ledger, proxy } = await behindWire();
    proxy.blackHole();
    await pause(300);
    const waiting = outcomesOf([
      ...many(() => ledger.viewsCaughtUp()),
      ...many(() => streamsOf(ledger)),
      report(ledger, ACCOUNT, ['two']),
    ]);
    await pause(afterMs);
    await ledger.close();
    // Nobody is left without an answer either.
    expect((await waiting).length).toBe(2 * READS + 1);
  });
});

describe('a certificate authority’s file that is not there', () => {
  test('a server is not started, and leaves nothing running', async () => {
    const store = `esdb://u:p@localhost:1?tls=true&tlsCAFile=${NO_FILE}`;
    const before = process.getActiveResourcesInfo().length;
    for (const data of [temporaryFolder(), null]) {
      const opened = openLedgerAt({ store, data, clock: 'driven' });
      await expect(opened).rejects.toBeInstanceOf(BadSetting);
    }
    await expect.poll(() => process.getActiveResourcesInfo().length).toBeLessThanOrEqual(before);
  });

  test.each([['serve', '--port', '0'], ['bill', 'acme', '2019-01'], ['overview']])(
    'a command says so and ends: %s',
    async (...command) => {
      const env = { SUANPAN_SECRET: 'of a test', SUANPAN_DATA: temporaryFolder() };
      const store = 'esdb://u:p@localhost:1?tlsCAFile=/nonexistent';
      const ended = await suanpan(env, ...command, '--store', store);
      expect([ended.status, complaints(ended).length], ended.stderr).toEqual([2, 1]);
      expect(ended.stderr).toContain('certificate');
    },
  );

  /** TLS before the double and a wire before that: its certificate's files, and the address; null without openssl. */
  const overTls = async () => {
    const files = certificateIn(temporaryFolder());
    if (!files) {
      console.warn('skipped: there is no openssl to make a certificate with');
      return null;
    }
    const tls = await secured(double.port, files);
    const proxy = await openProxy(tls.port);
    onTestFinished(async () => {
      await proxy.close();
      tls.close();
    });
    const address = `esdb://u:p@localhost:${proxy.port}?tls=true&tlsCAFile=${encodeURI(files.cert)}`;
    return { file: files.cert, authority: readFileSync(files.cert), proxy, address };
  };

  test('one that goes while the link is down ends nothing; all works when it is back', async ({ skip }) => {
    const there = await overTls();
    if (!there) return skip();
    const { file, authority, proxy, address } = there;
    const ledger = await openAt(address);
    await openAccount(ledger, ACCOUNT);
    await ledger.viewsCaughtUp();
    const work = () => outcomesOf([report(ledger, ACCOUNT, ['one']), ledger.viewsCaughtUp()]);
    await proxy.refuse();
    rmSync(file);
    // New clients are tried meanwhile, by the server and by the threads that follow.
    expect(await work()).toContain('refused');
    await proxy.accept();
    await pause(1_000);
    writeFileSync(file, authority);
    await expect.poll(work).toEqual(['answered', 'answered']);
    const [outcome] = (await report(ledger, ACCOUNT, ['one'])) ?? [];
    expect(outcome?.outcome).toBe('duplicate');
  });

  test('a thread that begins to follow while it is away follows when it is back', async ({ skip }) => {
    const there = await overTls();
    if (!there) return skip();
    const { file, authority, address } = there;
    rmSync(file);
    // The server itself found the file a moment ago: only its thread, which takes a while to start, does not.
    const reader = readingOf({ address, times: TIMES, anchor: null });
    onTestFinished(() => reader.close());
    const read = () => outcomesOf([reader.readAll({ after: null, limit: 1, records: false })]);
    expect(await read()).not.toEqual(['answered']);
    writeFileSync(file, authority);
    await expect.poll(read).toEqual(['answered']);
  });
});

describe('a book that another server publishes', () => {
  const published = (ledger: Ledger): number => ledger.catalogue().published.length;
  const at = Date.parse('2019-06-01T00:00:00+08:00');

  const publishAt = async (ledger: Ledger): Promise<void> => {
    if (!later) throw new Error('there are books');
    expect(await ledger.publish(editionOf(later), at)).toMatchObject({ outcome: 'accepted' });
  };

  test('while a server hears nothing is known there soon after it hears again', async () => {
    const own = await openAt(double.connectionString);
    const { ledger, proxy } = await behindWire();
    const before = published(ledger);
    proxy.blackHole();
    await publishAt(own);
    await pause(GIVEN_UP_MS);
    expect(published(ledger)).toBe(before);
    proxy.heal();
    await expect.poll(() => published(ledger)).toBe(before + 1);
  });

  test('and that could not be read when it was told of is read when it can be', async () => {
    const own = await openAt(double.connectionString);
    const { ledger } = await behindWire();
    const before = published(ledger);
    const events = double.events().length;
    const publishing = publishAt(own);
    // The news comes by what follows everything; the stream itself is what cannot be read.
    while (double.events().length === events) await pause(1);
    double.faults.onRead(0, failing(status.UNAVAILABLE, 'Gone'), { of: 'stream', times: 1_000_000 });
    await publishing;
    await pause(GIVEN_UP_MS);
    expect(published(ledger)).toBe(before);
    double.faults.clear();
    await expect.poll(() => published(ledger)).toBe(before + 1);
  });
});
