/** What the adapter makes of an engine that fails: nothing lost, nothing twice, and no call that waits for ever. */
import { status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LedgerDamaged, NoSuchPosition, StoreUnavailable } from '../../../src/eventstore/event-store.ts';
import type { EngineStore } from '../../../src/eventstore/eventstoredb/store.ts';
import { seal } from '../../../src/integrity/seal-events.ts';
import type { EventDraft } from '../../../src/integrity/sealed-event.ts';
import { appendTo } from '../../contract/event-store.contract.ts';
import { type EsdbDouble, openDouble } from '../double/esdb-double.ts';
import { connectionLost, failing, type Mishap, notReady, silence } from '../double/faults.ts';
import { engineStore, inLedger } from '../engines.ts';
import { openProxy, type TcpProxy } from '../tcp-proxy.ts';

const TIMES = { pulseMs: 50, deadMs: 400, callMs: 500, patienceMs: 60_000 };
const IMPATIENT_MS = 1_000;
/** The client's own keepalive does not notice a dead link in the time of a test. */
const NO_KEEPALIVE = '&keepAliveInterval=1000000000';
const draft = (n: number): EventDraft => ({ header: `{"type":"Test","n":${n}}`, data: `{"n":${n}}` });
const forwards = { from: 0, limit: 1_000, direction: 'forwards', records: true } as const;
const address = (port: number): string => `esdb://127.0.0.1:${port}?tls=false`;

describe('an engine that fails', () => {
  let double: EsdbDouble;
  let proxy: TcpProxy;
  let store: EngineStore;

  beforeEach(async () => {
    double = await openDouble();
    proxy = await openProxy(double.port);
    store = engineStore(address(proxy.port) + NO_KEEPALIVE, TIMES);
  });
  afterEach(async () => {
    await store.close();
    await proxy.close();
    await double.stop();
  });

  const outcomes: [string, Mishap][] = [
    ['not ready', notReady],
    ['unavailable', failing(status.UNAVAILABLE, 'Gone')],
    ['unknown', failing(status.UNKNOWN, 'No leader info available in response')],
    ['deadline', failing(status.DEADLINE_EXCEEDED, 'Late')],
    ['cancelled', failing(status.CANCELLED, 'Call canceled')],
    ['timed out', failing(status.ABORTED, 'Operation timed out')],
    ['silence', silence],
    ['connection lost', connectionLost],
  ];
  test.each(outcomes)(
    'an append whose outcome is not known is made again, and there once: %s',
    async (_, mishap) => {
      await appendTo(store, 'a', draft(0));
      for (const moment of ['unapplied', 'applied'] as const) {
        double.faults.onAppend(moment, mishap, { stream: 'suanpan.a' });
        await appendTo(store, 'a', draft(1), draft(2));
      }
      const events = await store.read('a', forwards);
      expect(events.map(({ data }) => data)).toEqual([0, 1, 2, 1, 2].map((n) => draft(n).data));
      expect(await store.end()).toBe(events.at(-1)?.position);
      // What was applied was sent again, and answered as what it was.
      expect(double.appends.repeated).toBeGreaterThanOrEqual(1);
    },
  );

  test('another who was first is told from an append that was applied', async () => {
    await appendTo(store, 'a', draft(0));
    const { hash } = await store.head('a');
    const other = engineStore(double.connectionString, TIMES);
    double.faults.onAppend('unapplied', failing(status.UNAVAILABLE, 'Gone'), { stream: 'suanpan.a' });
    const ours = store.append('a', 1, seal('a', 1, hash, [draft(1)]));
    await other.append('a', 1, seal('a', 1, hash, [draft(2)]));
    await expect(ours).rejects.toMatchObject({ stream: 'a', expected: 1, actual: 2 });
    await other.close();
  });

  test('a page that breaks off is read again, whole and once', async () => {
    await appendTo(store, 'a', ...Array.from({ length: 40 }, (_, n) => draft(n)));
    for (const of of ['stream', 'subscription'] as const)
      for (const mishap of [connectionLost, failing(status.UNAVAILABLE, 'Gone')])
        double.faults.onRead(7, mishap, { of });
    expect((await store.read('a', forwards)).length).toBe(40);
    expect((await store.readAll({ after: null, limit: 100, records: true })).length).toBe(40);
  });

  test('a link that lets nothing through is noticed by the heartbeat, and used again when it is back', async () => {
    await appendTo(store, 'a', draft(0));
    proxy.blackHole();
    await expect.poll(() => store.silentFor()).toBeGreaterThan(0);
    const appended = appendTo(store, 'a', draft(1));
    await new Promise((resolve) => setTimeout(resolve, 300));
    proxy.heal();
    await appended;
    expect((await store.head('a')).length).toBe(2);
  });

  test.each(['halfOpen', 'loseAnswers', 'cut'] as const)(
    'appends go on after the link did: %s',
    async (what) => {
      await appendTo(store, 'a', draft(0));
      proxy[what]();
      const appended = Promise.all(Array.from({ length: 20 }, (_, n) => appendTo(store, `s${n}`, draft(n))));
      await new Promise((resolve) => setTimeout(resolve, 200));
      proxy.heal();
      await appended;
      for (let n = 0; n < 20; n++) expect((await store.head(`s${n}`)).length).toBe(1);
    },
  );

  test('who waits too long is told that the engine is not there; it works again when it is', async () => {
    await proxy.refuse();
    const impatient = engineStore(address(proxy.port), { ...TIMES, patienceMs: IMPATIENT_MS });
    await expect(appendTo(impatient, 'a', draft(0))).rejects.toBeInstanceOf(StoreUnavailable);
    await impatient.close();
    await proxy.accept();
    await appendTo(store, 'a', draft(0));
    expect((await store.read('a', forwards)).length).toBe(1);
  });

  test('a server that restarts is waited for', async () => {
    await appendTo(store, 'a', draft(0));
    await double.stop();
    const appended = appendTo(store, 'a', draft(1));
    await double.start();
    await appended;
    expect((await store.read('a', forwards)).length).toBe(2);
  });

  test('whoever follows is nudged by what others append, also over a link that was down', async () => {
    const other = engineStore(double.connectionString, TIMES);
    let nudges = 0;
    store.onAppended(() => {
      nudges += 1;
    });
    await appendTo(other, 'a', draft(0));
    await expect.poll(() => nudges).toBeGreaterThan(0);
    await proxy.refuse();
    await appendTo(other, 'a', draft(1));
    const before = nudges;
    await proxy.accept();
    await expect.poll(() => nudges).toBeGreaterThan(before);
    await other.close();
  });
});

describe('what is not the ledger’s', () => {
  test('the engine’s own events are passed over, wherever they lie', async () => {
    const double = await openDouble();
    const store = engineStore(double.connectionString, TIMES);
    expect(await store.end()).toBeNull();
    expect(await store.readAll({ after: null, limit: 5, records: false })).toEqual([]);
    for (let n = 0; n < 700; n++) double.write('$stats-1', '$statsCollected', { n });
    const first = await appendTo(store, 'a', draft(0));
    for (let n = 0; n < 700; n++) double.write('$stats-1', '$statsCollected', { n });
    expect(await store.end()).toBe(first);
    expect(await store.readAll({ after: first, limit: 5, records: false })).toEqual([]);
    const second = await appendTo(store, 'b', draft(1));
    expect(await store.end()).toBe(second);
    const all = await store.readAll({ after: null, limit: 5, records: false });
    expect(all.map(({ position }) => position)).toEqual([first, second]);
    expect((await store.readAll({ after: first, limit: 5, records: false })).length).toBe(1);
    expect(
      (await store.heads({ after: null, limit: 5 })).map(({ stream, length }) => [stream, length]),
    ).toEqual([
      ['a', 1],
      ['b', 1],
    ]);
    await store.close();
    await double.stop();
  });

  test('ledgers of one engine do not see each other; who writes into one is found', async () => {
    const double = await openDouble();
    const [one, two] = [inLedger(double.connectionString), inLedger(double.connectionString)].map((at) =>
      engineStore(at, TIMES),
    );
    if (!one || !two) throw new Error('two ledgers');
    await appendTo(one, 'a', draft(0));
    await appendTo(two, 'a', draft(1), draft(2));
    expect((await one.head('a')).length).toBe(1);
    expect((await one.readAll({ after: null, limit: 9, records: false })).length).toBe(1);
    expect(await two.streams({ after: null, prefix: '', limit: 9 })).toEqual(['a']);
    const name = double.events().find(({ stream }) => stream.endsWith('.a'))?.stream ?? '';
    double.write(name, 'Forged', { by: 'somebody' });
    await expect(one.read('a', forwards)).rejects.toBeInstanceOf(LedgerDamaged);
    await one.close();
    await two.close();
    await double.stop();
  });

  test('a position that no event of the ledger has is refused', async () => {
    const double = await openDouble();
    const store = engineStore(double.connectionString, TIMES);
    await appendTo(store, 'a', draft(0));
    await expect(store.readAll({ after: '5', limit: 1, records: false })).rejects.toBeInstanceOf(
      NoSuchPosition,
    );
    await store.close();
    await double.stop();
  });
});
