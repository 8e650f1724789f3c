/** Several servers of one ledger deliver: one at a time, each fact once while they live, none lost when one does not. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Delivery, openDelivery } from '../../../src/delivery/delivery.ts';
import { openLease } from '../../../src/delivery/lease.ts';
import { addWebhook } from '../../../src/delivery/webhooks.ts';
import type { EngineStore } from '../../../src/eventstore/eventstoredb/store.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { type Given, givenLedger, instant } from '../../support/given.ts';
import { DELIVERY, type HookReceiver, hookReceiver } from '../../support/receivers.ts';
import { type Engine, engineStore, onEveryEngine } from '../engines.ts';

const AT = '2019-01-20T00:00:00+08:00';
const NOW = instant(AT);
const KEY = createHash('sha256').update('a test').digest();
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const LEASE_MS = 60_000;
/** For a test in which its end is waited for. */
const SHORT_MS = 900;

interface Server {
  readonly delivery: Delivery;
  readonly store: EngineStore;
}

onEveryEngine('delivery by several servers', (open) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open();
  });
  afterAll(() => engine.close());

  /** A ledger with a webhook for deposits, and servers that deliver. */
  const delivering = async (count: number, leaseMs = LEASE_MS) => {
    let ahead = 0;
    const now = () => Date.now() + ahead;
    const address = engine.address();
    const given = await givenLedger([], { store: engineStore(address) });
    const receiver = await hookReceiver();
    receiver.trust(SECRET);
    const webhook = { webhook: 'wh', url: receiver.url, types: ['funds.deposited'], accounts: null };
    const recordedAt = new Date(NOW).toISOString();
    await addWebhook(given.ledger.store, { ...webhook, secret: SECRET }, NOW, recordedAt, KEY);
    const folder = temporaryFolder();
    const servers = Array.from({ length: count }, (_, i): Server => {
      const store = engineStore(address);
      const delivery = openDelivery({
        store,
        outbox: join(folder, `outbox-${i}`),
        now,
        ledgerNow: () => NOW,
        lease: openLease(store, now, leaseMs),
        settings: { ...DELIVERY, serverKey: KEY, timeoutMs: 2_000 },
        log: () => undefined,
      });
      return { delivery, store };
    });
    const stop = async () => {
      for (const { delivery } of servers) await delivery.stop();
      await Promise.all(servers.map(({ store }) => store.close()));
      await given.ledger.close();
    };
    /** Lets the servers' clocks go on by so much. */
    const pass = (ms: number) => {
      ahead += ms;
    };
    return { given, receiver, servers, pass, stop };
  };

  const deposits = async (given: Given, name: string, count: number): Promise<string[]> => {
    const references = Array.from({ length: count }, (_, i) => `${name}-${i}`);
    for (const reference of references) await given.has(AT, 'deposit', { amount: '5.00', reference });
    return references;
  };
  const told = ({ received }: HookReceiver) =>
    received.map(({ body }) => String(body.data['reference'])).sort();

  test('each fact is delivered once while all live', async () => {
    const { given, receiver, servers, stop } = await delivering(3);
    for (const { delivery } of servers) delivery.start();
    const references = [];
    for (let i = 0; i < 5; i++) references.push(...(await deposits(given, `round${i}`, 8)));
    await expect.poll(() => told(receiver).length).toBe(40);
    // What is delivered by one must not be delivered by another one later.
    await Promise.all(servers.map(({ delivery }) => delivery.settleNow()));
    expect(told(receiver)).toEqual(references.sort());
    await expect.poll(() => servers.map(({ delivery }) => delivery.counts().pending)).toEqual([0, 0, 0]);
    await stop();
  });

  test('one that stops lets others go on at once', async () => {
    const { given, receiver, servers, stop } = await delivering(2);
    const [one, other] = servers;
    await deposits(given, 'first', 2);
    await one?.delivery.settleNow();
    await deposits(given, 'second', 2);
    await other?.delivery.settleNow();
    expect(told(receiver)).toEqual(['first-0', 'first-1']);
    await one?.delivery.stop();
    await other?.delivery.settleNow();
    expect(told(receiver)).toEqual(['first-0', 'first-1', 'second-0', 'second-1']);
    await stop();
  });

  test('after one that died others go on when its lease is over, and nothing is lost', async () => {
    const { given, receiver, servers, pass, stop } = await delivering(2);
    const [one, other] = servers;
    const first = await deposits(given, 'first', 3);
    await one?.delivery.settleNow();
    await one?.store.close();
    const second = await deposits(given, 'second', 3);
    await other?.delivery.settleNow();
    expect(told(receiver)).toEqual(first);
    pass(LEASE_MS);
    await other?.delivery.settleNow();
    expect(told(receiver)).toEqual([...first, ...second]);
    await stop();
  });

  test('what one had sent and not written down is sent again, not lost', async () => {
    const { given, receiver, servers, stop } = await delivering(2, SHORT_MS);
    const [one, other] = servers;
    await deposits(given, 'sent', 1);
    // It dies between the receiver's answer and its own fact.
    receiver.answer((_request, response) => {
      void one?.store.close();
      response.writeHead(204).end();
    }, 200);
    await expect(one?.delivery.settleNow()).rejects.toThrow();
    other?.delivery.start();
    await expect.poll(() => told(receiver)).toEqual(['sent-0']);
    await stop();
  });

  test('a dead letter is seen at each, and tried again from any at once', async () => {
    const { given, receiver, servers, stop } = await delivering(2);
    const [one, other] = servers;
    receiver.answer(410, 200);
    await deposits(given, 'gone', 1);
    await one?.delivery.settleNow();
    const [dead] = (await other?.delivery.deadLetters()) ?? [];
    expect(dead?.error).toBe('answered 410');
    const mark = { key: 'resend', hash: 'h' };
    expect(await other?.delivery.resend(dead?.delivery ?? '', mark)).toBe('resent');
    expect(await one?.delivery.resend(dead?.delivery ?? '', mark)).toBe('repeated');
    for (const { delivery } of [...servers, ...servers]) await delivery.settleNow();
    expect(told(receiver)).toEqual(['gone-0']);
    expect(await one?.delivery.deadLetters()).toEqual([]);
    expect(servers.map(({ delivery }) => delivery.counts().pending)).toEqual([0, 0]);
    await stop();
  });

  test('a lease that could not be written is not held', async () => {
    const { servers, stop } = await delivering(2);
    const [one, other] = servers;
    if (!one || !other) throw new Error('two servers');
    const failing = { ...one.store, append: () => Promise.reject(new Error('full')) };
    const lease = openLease(failing, Date.now, LEASE_MS);
    await expect(lease.hold()).rejects.toThrow('full');
    await expect(lease.hold()).rejects.toThrow('full');
    expect(await openLease(other.store, Date.now, LEASE_MS).hold()).toBe('taken');
    expect(await openLease(one.store, Date.now, LEASE_MS).hold()).toBe('others');
    await stop();
  });
});
