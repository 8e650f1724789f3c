/** E-mail: notices to one address at about the same time are one mail; a bill without charges sends none. */
import { expect, test } from 'vitest';
import { setContacts } from '../../src/delivery/contacts.ts';
import { MAIL_GATHER_MS } from '../../src/delivery/outbox.ts';
import { ACCOUNT, type Given } from '../support/given.ts';
import { hookReceiver, type Mail, smtpReceiver } from '../support/receivers.ts';
import { delivering, deposit, NOW, onMovedClock, RECORDED, suspend, until } from './delivering.ts';

onMovedClock();

const contacts = { email: 'billing@example.com', phone: null, wechat: null };
const withContacts = (given: Given, email = contacts.email, account = ACCOUNT) =>
  setContacts(given.ledger.store, account, { ...contacts, email }, NOW, RECORDED);
const lift = (given: Given) => given.has('2019-01-20T00:00:00+08:00', 'lift-suspension', {});

/** A mail's subject and text, as a reader sees them. */
const read = ({ text }: Mail): { subject: string; body: string } => {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const raw = rest.join('\r\n\r\n');
  const isBase64 = /^content-transfer-encoding: base64/im.test(head);
  const body = isBase64 ? Buffer.from(raw, 'base64').toString('utf8') : unquoted(raw.replace(/=\r\n/g, ''));
  const subject = (/^subject: (.*(?:\r\n .*)*)/im.exec(head)?.[1] ?? '')
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?b\?([^?]*)\?=/gi, (_, coded) => Buffer.from(coded, 'base64').toString('utf8'))
    .replace(/=\?utf-8\?q\?([^?]*)\?=/gi, (_, coded) => unquoted(coded.replaceAll('_', ' ')));
  return { subject, body };
};
const unquoted = (text: string): string =>
  Buffer.from(
    text.replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8');

test('four notices within a second are one mail that says all of them', async () => {
  const smtp = await smtpReceiver();
  const { given, delivery, later } = await delivering({ smtp: smtp.url });
  await withContacts(given);
  delivery.start();
  for (let i = 0; i < 2; i++) {
    await suspend(given);
    await lift(given);
  }
  await until(() => delivery.counts().pending === 4);
  expect(smtp.mails.length).toBe(0);
  later(MAIL_GATHER_MS / 1_000);
  await deposit(given, 'wakes the delivery');
  await until(() => delivery.counts().pending === 0);
  expect(smtp.mails.length).toBe(1);
  const { subject, body } = read(smtp.mails[0] as Mail);
  expect(subject).toBe('4 条提醒 | 4 notices');
  expect(body.match(/The account is suspended/g)?.length).toBe(2);
  expect(body.match(/The account is active again/g)?.length).toBe(2);
  expect(delivery.counts()).toEqual({ delivered: 4, failed: 0, dead: 0, pending: 0 });
  await delivery.stop();
});

test('a mail to one address holds nothing of another', async () => {
  const smtp = await smtpReceiver();
  const { given, delivery } = await delivering({ smtp: smtp.url });
  await withContacts(given);
  await suspend(given);
  await withContacts(given, 'other@example.com');
  await lift(given);
  await delivery.settleNow();
  expect(smtp.mails.map(({ to }) => to).sort()).toEqual([['billing@example.com'], ['other@example.com']]);
  expect(smtp.mails.map((mail) => read(mail).body).every((body) => !body.includes('2.'))).toBe(true);
  await delivery.stop();
});

test('what failed together is tried again together, with what came meanwhile', async () => {
  const smtp = await smtpReceiver();
  const { given, delivery, reopen, later } = await delivering({ smtp: 'smtp://127.0.0.1:1' });
  await withContacts(given);
  await suspend(given);
  await lift(given);
  await delivery.settleNow();
  expect(delivery.counts()).toMatchObject({ delivered: 0, failed: 2, pending: 2 });
  await delivery.stop();
  later(60);
  const next = reopen({ smtp: smtp.url });
  await suspend(given);
  await next.settleNow();
  expect(smtp.mails.map((mail) => read(mail).subject)).toEqual(['3 条提醒 | 3 notices']);
  expect(next.counts()).toEqual({ delivered: 3, failed: 0, dead: 0, pending: 0 });
  await next.stop();
});

test('what failed together is due together: no letter of it is sent before the others', async () => {
  const smtp = await smtpReceiver();
  const { given, delivery, reopen, later } = await delivering({ smtp: 'smtp://127.0.0.1:1' });
  await withContacts(given);
  for (let i = 0; i < 2; i++) {
    await suspend(given);
    await lift(given);
  }
  await delivery.settleNow();
  await delivery.stop();
  const next = reopen({ smtp: smtp.url });
  for (let tenths = 0; smtp.mails.length === 0 && tenths < 100; tenths++) {
    later(0.1);
    await next.settleNow();
  }
  expect(smtp.mails.map((mail) => read(mail).subject)).toEqual(['4 条提醒 | 4 notices']);
  await next.stop();
});

test('a bill of nothing is not worth a mail; of another one no zero is told', async () => {
  const smtp = await smtpReceiver();
  const { given, delivery } = await delivering({ smtp: smtp.url });
  await withContacts(given);
  await given.closes('2019-01', '2019-02-01T04:00:00+08:00');
  await delivery.settleNow();
  expect(smtp.mails.length).toBe(0);
  await given.has('2019-02-02T00:00:00+08:00', 'deposit', { amount: '200000.00', reference: 'packs' });
  await given.has('2019-02-02T00:00:00+08:00', 'buy-packs', {
    pool: 'face-recognition/compare',
    size: 1_000_000,
    quantity: 1,
  });
  await given.closes('2019-02', '2019-03-01T04:00:00+08:00');
  await delivery.settleNow();
  const [mail, ...others] = smtp.mails.map(read);
  expect(others).toEqual([]);
  expect(mail?.body).toMatch(/The bill of 2019-02 is issued: total [1-9]/);
  expect(mail?.body).not.toContain(' 0.00 ');
  await delivery.stop();
});

test('a webhook still gets each notice by itself, also of a bill of nothing', async () => {
  const receiver = await hookReceiver();
  const { given, delivery, hook } = await delivering();
  await hook(receiver, ['notice.*']);
  await given.closes('2019-01', '2019-02-01T04:00:00+08:00');
  await suspend(given, '2019-02-02T00:00:00+08:00');
  await delivery.settleNow();
  const types = receiver.received.map(({ body }) => body.type);
  expect(types.sort()).toEqual(['notice.bill_issued', 'notice.suspended']);
  await delivery.stop();
});
