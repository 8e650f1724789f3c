/**
 * An engine that is restored from a backup while its servers run on, and are given work all the time. They notice by
 * themselves, take nothing while they drop what they derived, and go on: what was lost is lost, what is sent again is
 * recorded once, and nothing that was known of the lost events decides anything.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { verifyStore } from '../../../src/audit/verify/verify-store.ts';
import { decodeEvent, decodeRecords } from '../../../src/codec/event-codec.ts';
import { calendarOf } from '../../../src/domain/calendar.ts';
import { recordLines } from '../../../src/integrity/record-block.ts';
import { openForReading } from '../../../src/ledger/open.ts';
import { type ServedApi, served, usage, withAccount } from '../../support/api.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { runs } from '../../support/proof.ts';
import { openServer } from '../ledger-servers.ts';
import { onRestorableEngines, type RestorableEngine } from '../restorable.ts';
import { onEngine, openPair, type Pair } from './pair.ts';

const PATIENCE = { timeout: 60_000, interval: 50 };
const ACCOUNTS = ['acme', 'quiet', 'busy'];

/** Sends until it is answered with something other than "come again". */
const insisting = async (
  send: () => Promise<{ status: number; body: { code?: string } }>,
  codes: Set<string>,
) => {
  for (;;) {
    const answer = await send();
    if (answer.status !== 503) return answer;
    codes.add(answer.body.code ?? '');
    await pause(20);
  }
};

const deposit = (api: ServedApi, account: string, n: string) =>
  api.send(
    'POST',
    `/accounts/${account}/deposits`,
    { amount: '10.00', reference: n },
    { 'idempotency-key': n },
  );

const meter = (api: ServedApi, account: string, ids: readonly string[]) =>
  api.send(
    'POST',
    '/usage',
    ids.map((id) => usage(id, { subject: account })),
  );

/** How often each record of an account stands in the ledger. */
const recordsOf = async (address: string, account: string): Promise<Map<string, number>> => {
  const store = await openForReading(address);
  const found = new Map<string, number>();
  try {
    for (let from = 0; ; ) {
      const options = { from, limit: 200, direction: 'forwards', records: true } as const;
      const page = await store.read(`account-${account}`, options);
      if (page.length === 0) return found;
      from += page.length;
      for (const stored of page) {
        const event = decodeEvent(stored);
        if (event.type !== 'CallsMetered' || !stored.records) continue;
        for (const { record } of decodeRecords(stored, event.data, recordLines(stored.records)))
          found.set(record.id, (found.get(record.id) ?? 0) + 1);
      }
    }
  } finally {
    await store.close();
  }
};

const findingsOf = async (address: string) => {
  const store = await openForReading(address);
  try {
    return (await verifyStore(store, calendarOf('Asia/Shanghai'), () => undefined)).findings;
  } finally {
    await store.close();
  }
};

onRestorableEngines('an engine restored under load', (open) => {
  let engine: RestorableEngine;
  let pair: Pair;
  let both: readonly ServedApi[];
  beforeEach(async () => {
    engine = await open();
    pair = await openPair(engine.address);
    both = [pair.a, pair.b];
    for (const account of ACCOUNTS) await withAccount(pair.a, account);
  });
  afterEach(async () => {
    await pair.stop();
    await engine.close();
  });

  const isReady = async (api: ServedApi): Promise<boolean> => (await fetch(`${api.base}/readyz`)).ok;
  const allReady = () =>
    expect.poll(async () => (await Promise.all(both.map(isReady))).every(Boolean), PATIENCE).toBe(true);

  /** Both servers show what a server with nothing derived makes of the ledger. */
  const expectViewsAnew = async (): Promise<void> => {
    const fresh = await openServer(engine.address);
    for (const { running } of both) {
      await fresh.viewsCaughtUp();
      await running.api.ledger.viewsCaughtUp();
      expect(running.api.ledger.views?.digest()).toBe(fresh.views?.digest());
    }
  };

  test('servers go on by themselves: nothing is counted twice, nothing is refused for what is lost', async () => {
    const rounds = runs('restores of an engine under load', 1, 12);
    for (let round = 0; round < rounds; round++) {
      const id = (n: number, kind = 'r') => `${kind}-${round}-${n}`;
      const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => id(from + n));
      for (const account of ACCOUNTS) await meter(pair.a, account, ids(0, 5));
      await deposit(pair.a, 'acme', id(1, 'd'));
      await engine.save();
      await allReady();
      // An engine that only restarted is not restored: who was known stays known.
      expect((await meter(pair.b, 'acme', ids(0, 5))).body).toMatchObject({ duplicates: 5 });

      // Known to both servers, and lost.
      for (const [n, account] of ACCOUNTS.entries()) await meter(both[n % 2] ?? pair.a, account, ids(5, 10));
      await deposit(pair.a, 'acme', id(2, 'd'));
      await withAccount(pair.b, id(0, 'late'));
      const key = (await pair.a.ok('POST', '/keys', { name: 'lost', scopes: ['read'] })).body;
      await Promise.all(both.map(({ running }) => running.api.ledger.viewsCaughtUp()));

      const codes = new Set<string>();
      let isOver = false;
      let sent = 0;
      const load = both.map(async (api, server) => {
        for (let n = 0; !isOver; n++) {
          const own = `load-${round}-${server}-${n}`;
          const { status, body } = await insisting(() => meter(api, 'busy', [own]), codes);
          expect([status, body]).toMatchObject([200, { accepted: 1 }]);
          sent += 1;
          await pause(5);
        }
      });
      await expect.poll(() => sent, PATIENCE).toBeGreaterThan(4);
      const unready: string[] = [];
      const watch = (async () => {
        while (!isOver) {
          for (const { base } of both) unready.push(await (await fetch(`${base}/readyz`)).text());
          await pause(50);
        }
      })();
      await engine.restore();
      await expect.poll(() => unready.some((text) => text.includes('restored')), PATIENCE).toBe(true);
      await allReady();
      const before = sent;
      await expect.poll(() => sent, PATIENCE).toBeGreaterThan(before + 4);
      isOver = true;
      await Promise.all([...load, watch]);
      expect([...codes].filter((code) => code === 'ledger_restored')).toEqual(['ledger_restored']);

      // What was lost is new, what was saved is known; at either server, in accounts that nobody touched meanwhile too.
      for (const account of ACCOUNTS) {
        const again = await meter(pair.b, account, ids(0, 10));
        expect(again.body).toMatchObject({ accepted: 5, duplicates: 5 });
        expect((await meter(pair.a, account, ids(0, 10))).body).toMatchObject({ duplicates: 10 });
      }
      const lost = await deposit(pair.a, 'acme', id(2, 'd'));
      expect([lost.status, lost.headers.get('idempotency-hit')]).toEqual([201, null]);
      const kept = await deposit(pair.b, 'acme', id(1, 'd'));
      expect([kept.status, kept.headers.get('idempotency-hit')]).toEqual([201, 'true']);
      for (const api of both) {
        expect((await api.send('GET', `/accounts/${id(0, 'late')}`)).status).toBe(404);
        const { status } = await api.send('GET', '/accounts', undefined, {
          authorization: `Bearer ${key.secret ?? key.text}`,
        });
        expect(status).toBe(401);
      }
      for (const account of ACCOUNTS) {
        const counts = [...(await recordsOf(engine.address, account)).entries()].filter(([, n]) => n !== 1);
        expect(counts).toEqual([]);
      }
      expect(await findingsOf(engine.address)).toEqual([]);
      await expectViewsAnew();
    }
  }, 600_000);

  test('what others made of the restored state, as long or longer than before, is read anew', async () => {
    const ids = (kind: string, count: number) => Array.from({ length: count }, (_, n) => `${kind}-${n}`);
    for (const id of ids('saved', 3)) await meter(pair.a, 'acme', [id]);
    await engine.save();
    await allReady();
    for (const id of ids('lost', 6)) await meter(pair.a, 'acme', [id]);
    await deposit(pair.a, 'acme', 'lost');
    await Promise.all(both.map(({ running }) => running.api.ledger.viewsCaughtUp()));
    await pair.b.stop();
    await engine.restore();
    // As soon as it answers, before the first server has done anything by itself or after it.
    const other = await served(onEngine(engine.address, temporaryFolder()));
    both = [pair.a, other];
    try {
      for (const id of ids('grown', 9)) expect((await meter(other, 'acme', [id])).status).toBe(200);
      await deposit(other, 'acme', 'grown');
      const codes = new Set<string>();
      const answer = await insisting(
        () => meter(pair.a, 'acme', [...ids('lost', 6), ...ids('grown', 9)]),
        codes,
      );
      expect(answer.body).toMatchObject({ accepted: 6, duplicates: 9 });
      expect((await deposit(pair.a, 'acme', 'grown')).headers.get('idempotency-hit')).toBe('true');
      expect((await deposit(pair.a, 'acme', 'lost')).status).toBe(201);
      await allReady();
      const counts = await recordsOf(engine.address, 'acme');
      expect([...counts.values()].every((n) => n === 1)).toBe(true);
      expect(counts.size).toBe(18);
      expect(await findingsOf(engine.address)).toEqual([]);
      await expectViewsAnew();
    } finally {
      await other.stop();
    }
  });
});
