/** Notices and facts delivered: at least once, by their type, with tries over days, never to where they must not go. */
import { rmSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { RETRIES } from '../../src/delivery/attempts.ts';
import { setContacts } from '../../src/delivery/contacts.ts';
import { removeWebhook } from '../../src/delivery/webhooks.ts';
import { StoreUnavailable } from '../../src/eventstore/event-store.ts';
import { ACCOUNT } from '../support/given.ts';
import { hookReceiver, smtpReceiver } from '../support/receivers.ts';
import { delivering, deposit, NOW, onMovedClock, RECORDED, suspend } from './delivering.ts';

onMovedClock();

describe('a webhook', () => {
  test('is not called again for what could not be written down; that is made good first', async () => {
    const receiver = await hookReceiver();
    const { given, delivery, hook, later } = await delivering();
    await hook(receiver, ['funds.deposited']);
    await deposit(given, 'one');
    const full = vi.spyOn(given.ledger.store, 'append').mockRejectedValue(new StoreUnavailable('full'));
    for (let i = 0; i < 5; i++) {
      await expect(delivery.settleNow()).rejects.toThrow('full');
      later(10);
    }
    full.mockRestore();
    await delivery.settleNow();
    await delivery.settleNow();
    expect([receiver.calls(), delivery.counts().pending]).toEqual([1, 0]);
    expect(await given.ledger.store.head('deliveries')).toMatchObject({ length: 1 });
    await delivery.stop();
  });

  test('gets what it chose from its place in the ledger on, signed, once', async () => {
    const receiver = await hookReceiver();
    const { given, delivery, hook } = await delivering();
    await deposit(given, 'before');
    await hook(receiver, ['funds.deposited', 'notice.*']);
    await deposit(given, 'after');
    await suspend(given);
    await delivery.settleNow();
    await delivery.settleNow();
    expect(receiver.received.map(({ body }) => body.type)).toEqual(['funds.deposited', 'notice.suspended']);
    expect(receiver.received[0]?.body.data).toMatchObject({ account: ACCOUNT, reference: 'after' });
    expect(delivery.counts()).toEqual({ delivered: 2, failed: 0, dead: 0, pending: 0 });
    await delivery.stop();
  });

  test('bound to accounts gets only theirs; one that was removed gets no more', async () => {
    const [all, other] = [await hookReceiver(), await hookReceiver()];
    const { given, delivery, hook } = await delivering();
    await hook(all);
    await hook(other, ['*'], ['somebody-else']);
    await deposit(given, 'one');
    await delivery.settleNow();
    await removeWebhook(given.ledger.store, 'wh_0', NOW, RECORDED);
    await deposit(given, 'two');
    await delivery.settleNow();
    expect([all.received.length, other.received.length]).toEqual([1, 0]);
    await delivery.stop();
  });

  test('that fails is tried again with growing pauses; a repeat has the same id', async () => {
    const receiver = await hookReceiver();
    const { given, delivery, hook, later } = await delivering();
    await hook(receiver);
    const ids: unknown[] = [];
    receiver.answer(
      500,
      (request, response) => {
        ids.push(request.headers['webhook-id']);
        response.writeHead(503).end();
      },
      200,
    );
    await deposit(given, 'one');
    await delivery.settleNow();
    await delivery.settleNow();
    expect(receiver.calls()).toBe(1);
    later(RETRIES[0] * 1.2);
    await delivery.settleNow();
    later(RETRIES[0] * 1.2);
    await delivery.settleNow();
    expect(receiver.calls()).toBe(2);
    later(RETRIES[1]);
    await delivery.settleNow();
    expect(receiver.received.map(({ id }) => id)).toEqual(ids);
    expect(delivery.counts()).toMatchObject({ delivered: 1, failed: 2, pending: 0 });
    await delivery.stop();
  });

  test('that fails for days is dead, listed, and sent again when asked', async () => {
    const receiver = await hookReceiver();
    const { given, delivery, hook, later } = await delivering();
    await hook(receiver);
    receiver.answer(500);
    await deposit(given, 'one');
    await delivery.settleNow();
    for (const wait of RETRIES) {
      later(wait * 1.2);
      await delivery.settleNow();
    }
    const [dead] = await delivery.deadLetters();
    expect(dead).toMatchObject({ attempts: RETRIES.length + 1, error: 'answered 500' });
    receiver.answer(200);
    later(1_000_000);
    await delivery.settleNow();
    expect(receiver.received.length).toBe(0);
    expect(await delivery.resend('no such', null)).toBe('unknown');
    expect(await delivery.resend(dead?.delivery ?? '', null)).toBe('resent');
    await delivery.settleNow();
    expect([receiver.received.length, await delivery.deadLetters()]).toEqual([1, []]);
    await delivery.stop();
  });

  test('that does not answer is tried again', async () => {
    const receiver = await hookReceiver();
    const { given, delivery, hook } = await delivering({ timeoutMs: 50 });
    await hook(receiver);
    receiver.answer(() => undefined);
    await deposit(given, 'one');
    await delivery.settleNow();
    expect(delivery.counts()).toEqual({ delivered: 0, failed: 1, dead: 0, pending: 1 });
    await delivery.stop();
  });

  test('that redirects, or is gone', async () => {
    const receiver = await hookReceiver();
    const { given, delivery, hook, later } = await delivering();
    await hook(receiver);
    const elsewhere = await hookReceiver();
    receiver.answer((_, response) => response.writeHead(302, { location: elsewhere.url }).end(), 410);
    await deposit(given, 'one');
    await delivery.settleNow();
    later(10);
    await delivery.settleNow();
    expect([elsewhere.calls(), receiver.calls()]).toEqual([0, 2]);
    expect(await delivery.deadLetters()).toMatchObject([{ attempts: 2, error: 'answered 410' }]);
    await delivery.stop();
  });

  test.each([
    'http://127.0.0.1:1/',
    'http://localhost:1/',
    'http://[::1]:1/',
    'http://[::ffff:127.0.0.1]:1/',
    'http://2130706433:1/',
    'http://10.1.2.3/',
    'http://169.254.169.254/latest',
    'http://100.64.0.1/',
    'http://[fd00::1]/',
    'http://0.0.0.0/',
  ])('never leads to %s', async (url) => {
    const { given, delivery, hook, later } = await delivering({ allowPrivateTargets: false });
    await hook(url);
    await deposit(given, 'one');
    await delivery.settleNow();
    for (const wait of RETRIES) {
      later(wait * 1.2);
      await delivery.settleNow();
    }
    expect((await delivery.deadLetters())[0]?.error).toMatch(/not a public address/);
    await delivery.stop();
  });
});

test('an outbox that is stopped goes on; one that is lost sends nothing twice and loses nothing', async () => {
  const receiver = await hookReceiver();
  const { given, path, delivery, hook, later, reopen } = await delivering();
  await hook(receiver);
  await deposit(given, 'one');
  await delivery.settleNow();
  receiver.answer(500);
  await deposit(given, 'two');
  await delivery.settleNow();
  await delivery.stop();
  receiver.answer(200);
  later(100);
  const again = reopen();
  await again.settleNow();
  await again.stop();
  for (const part of ['', '-wal', '-shm']) rmSync(`${path}${part}`, { force: true });
  await deposit(given, 'three');
  const anew = reopen();
  await anew.settleNow();
  await anew.stop();
  expect(receiver.received.map(({ body }) => body.data['reference'])).toEqual(['one', 'two', 'three']);
});

test('an e-mail goes to the contacts that were set when the notice was raised', async () => {
  const smtp = await smtpReceiver();
  const { given, delivery } = await delivering({ smtp: smtp.url });
  await suspend(given);
  const contacts = { email: 'billing@example.com', phone: null, wechat: null };
  await setContacts(given.ledger.store, ACCOUNT, contacts, NOW, RECORDED);
  await given.has('2019-01-20T00:00:00+08:00', 'lift-suspension', {});
  await delivery.settleNow();
  expect(smtp.mails.length).toBe(1);
  expect(smtp.mails[0]?.to).toEqual(['billing@example.com']);
  expect(Buffer.from(smtp.mails[0]?.text ?? '').toString()).toMatch(/suanpan/);
  await delivery.stop();
});

test('an SMTP server that is down is tried again', async () => {
  const { given, delivery } = await delivering({ smtp: 'smtp://127.0.0.1:1' });
  const contacts = { email: 'billing@example.com', phone: null, wechat: null };
  await setContacts(given.ledger.store, ACCOUNT, contacts, NOW, RECORDED);
  await suspend(given);
  await delivery.settleNow();
  expect(delivery.counts()).toMatchObject({ delivered: 0, failed: 1, pending: 1 });
  await delivery.stop();
});
