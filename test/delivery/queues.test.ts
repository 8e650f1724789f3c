/** Each receiver has a queue of its own: one that never answers delays no other, and what is sent at once is bounded. */
import { createServer, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { setContacts } from '../../src/delivery/contacts.ts';
import { AT_ONCE, openQueues } from '../../src/delivery/queues.ts';
import { ACCOUNT, type Given } from '../support/given.ts';
import { type HookReceiver, hookReceiver, smtpReceiver } from '../support/receivers.ts';
import { delivering, deposit, NOW, onMovedClock, RECORDED, suspend } from './delivering.ts';

onMovedClock();

/** Longer than any test takes: what is not answered stays so. */
const NEVER_MS = 600_000;

interface Silent {
  readonly port: number;
  /** Connections that are open now, and the most there ever were. */
  readonly open: () => number;
  readonly most: () => number;
}

/** A server that takes connections and never says a word. */
const silentServer = async (): Promise<Silent> => {
  const sockets = new Set<Socket>();
  let most = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    most = Math.max(most, sockets.size);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.resume();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { port, open: () => sockets.size, most: () => most };
};

const references = ({ received }: HookReceiver) => received.map(({ body }) => body.data['reference']).sort();
const deposits = async (given: Given, count: number): Promise<string[]> => {
  const made = Array.from({ length: count }, (_, i) => `deposit-${String(i).padStart(2, '0')}`);
  for (const reference of made) await deposit(given, reference);
  return made;
};

describe('a receiver that never answers', () => {
  test('delays no other webhook and no e-mail, however much is to be sent', async () => {
    const [silent, healthy, smtp] = [await silentServer(), await hookReceiver(), await smtpReceiver()];
    const { given, delivery, hook } = await delivering({ timeoutMs: NEVER_MS, smtp: smtp.url });
    for (const path of ['one', 'two', 'three']) await hook(`http://127.0.0.1:${silent.port}/${path}`);
    await hook(healthy, ['funds.deposited']);
    const contacts = { email: 'billing@example.com', phone: null, wechat: null };
    await setContacts(given.ledger.store, ACCOUNT, contacts, NOW, RECORDED);
    delivery.start();
    const made = await deposits(given, 40);
    await suspend(given);
    await vi.waitFor(() => expect(references(healthy)).toEqual(made), { timeout: 60_000, interval: 20 });
    vi.setSystemTime(Date.now() + 10_000);
    await vi.waitFor(() => expect(smtp.mails.length).toBe(1), { timeout: 60_000, interval: 20 });
    // Each of the silent ones has one call under way, and no more.
    expect([silent.open(), silent.most()]).toEqual([3, 3]);
    const settled = { delivered: 41, failed: 0, dead: 0 };
    await vi.waitFor(() => expect(delivery.counts()).toMatchObject(settled), { timeout: 60_000 });
    await delivery.stop();
    await vi.waitFor(() => expect(silent.open()).toBe(0), { timeout: 60_000, interval: 20 });
  });

  test('is no less bounded where it is the SMTP server', async () => {
    const [silent, healthy] = [await silentServer(), await hookReceiver()];
    const smtp = `smtp://127.0.0.1:${silent.port}`;
    const { given, delivery, hook } = await delivering({ timeoutMs: NEVER_MS, smtp });
    await hook(healthy, ['funds.deposited']);
    const contacts = { email: 'billing@example.com', phone: null, wechat: null };
    await setContacts(given.ledger.store, ACCOUNT, contacts, NOW, RECORDED);
    await suspend(given);
    delivery.start();
    await deposit(given, 'before');
    await vi.waitFor(() => expect(healthy.received.length).toBe(1), { timeout: 60_000, interval: 20 });
    vi.setSystemTime(Date.now() + 10_000);
    await vi.waitFor(() => expect(silent.open()).toBe(1), { timeout: 60_000, interval: 20 });
    await deposits(given, 20);
    await vi.waitFor(() => expect(healthy.received.length).toBe(21), { timeout: 60_000, interval: 20 });
    expect([silent.open(), silent.most()]).toEqual([1, 1]);
    await delivery.stop();
  });

  test('leaves its letters in the outbox when the server stops, and they are sent by the next one', async () => {
    const silent = await silentServer();
    const receiver = await hookReceiver();
    const { given, delivery, hook, reopen } = await delivering({ timeoutMs: NEVER_MS });
    await hook(receiver);
    const held: (() => void)[] = [];
    receiver.answer((_, response) => void held.push(() => response.end()));
    await deposit(given, 'one');
    delivery.start();
    await vi.waitFor(() => expect(held.length).toBe(1), { timeout: 60_000, interval: 20 });
    await delivery.stop();
    receiver.answer(200);
    const next = reopen();
    await next.settleNow();
    expect(references(receiver)).toEqual(['one']);
    expect(next.counts()).toEqual({ delivered: 1, failed: 0, dead: 0, pending: 0 });
    await next.stop();
    expect(silent.most()).toBe(0);
  });
});

test('a receiver that answers takes a few calls at once, and no more', async () => {
  const receiver = await hookReceiver();
  const { given, delivery, hook } = await delivering({ timeoutMs: NEVER_MS });
  await hook(receiver, ['funds.deposited']);
  await deposit(given, 'first');
  await delivery.settleNow();
  const waiting: (() => void)[] = [];
  receiver.answer((_, response) => void waiting.push(() => response.writeHead(204).end()));
  await deposits(given, 12);
  delivery.start();
  let answered = 0;
  let most = 0;
  while (answered < 12) {
    const expected = Math.min(AT_ONCE.receiver, 12 - answered);
    await vi.waitFor(() => expect(waiting.length).toBe(expected), { timeout: 60_000, interval: 5 });
    most = Math.max(most, waiting.length);
    waiting.shift()?.();
    answered += 1;
  }
  await vi.waitFor(() => expect(delivery.counts()).toMatchObject({ delivered: 13, pending: 0 }), {
    timeout: 60_000,
  });
  expect(most).toBe(AT_ONCE.receiver);
  await delivery.stop();
});

describe('the limits', () => {
  test('of many receivers that never answered leave half of the room to those that do', () => {
    const queues = openQueues();
    let started = 0;
    for (let i = 0; i < 500; i++)
      while (queues.room(`silent-${i}`) > 0) {
        queues.started(`silent-${i}`);
        started += 1;
      }
    expect(started).toBe(AT_ONCE.unproven);
    queues.ended('silent-0', true);
    expect(queues.room('silent-0')).toBe(AT_ONCE.receiver);
    expect(queues.room('silent-1')).toBe(0);
    expect(queues.room('another')).toBe(1);
  });

  test('hold over all receivers together', () => {
    const queues = openQueues();
    for (let i = 0; i < 500; i++) {
      if (queues.room(`good-${i}`) < 1) break;
      queues.started(`good-${i}`);
      queues.ended(`good-${i}`, true);
      while (queues.room(`good-${i}`) > 0) queues.started(`good-${i}`);
    }
    expect(queues.underWay()).toBe(AT_ONCE.overall);
  });

  test('count what fails in a row, and forget receivers that are gone', () => {
    const queues = openQueues();
    for (const answered of [true, false, false, null]) {
      queues.started('wh_1');
      queues.ended('wh_1', answered);
    }
    expect(queues.health()).toEqual([{ receiver: 'wh_1', failuresInARow: 2 }]);
    expect(queues.room('wh_1')).toBe(AT_ONCE.unprovenReceiver);
    queues.forget((receiver) => receiver === 'wh_1');
    expect(queues.health()).toEqual([]);
  });
});
