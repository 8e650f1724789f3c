/**
 * A ledger that was restored from a backup gives its positions once more, to other events. Receivers tell a repeat by its
 * id, as the specification of webhooks has it, so what is new must not bear the id of what was lost.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { served, withAccount } from '../support/api.ts';
import { commandLine } from '../support/command-line.ts';
import { temporaryFolder } from '../support/folder.ts';
import { hookReceiver, smtpReceiver } from '../support/receivers.ts';

test('what is delivered after a restore has another id than what was delivered before it', async () => {
  const folder = temporaryFolder();
  const [receiver, smtp] = [await hookReceiver(), await smtpReceiver()];
  const [before, backup, after] = ['before', 'backup', 'after'].map((name) =>
    join(folder, name, 'ledger.db'),
  );
  const settings = (path = '') => ({
    SUANPAN_STORE: `sqlite:${path}`,
    SUANPAN_SMTP: smtp.url,
    SUANPAN_ALLOW_PRIVATE_TARGETS: 'true',
  });
  const first = await served(settings(before));
  await withAccount(first);
  await first.ok('PUT', '/accounts/acme/contacts', { email: 'a@example.com', phone: null, wechat: null });
  const added = { url: receiver.url, types: ['funds.deposited', 'notice.suspended'] };
  receiver.trust((await first.ok('POST', '/webhooks', added)).body.secret);
  mkdirSync(join(folder, 'backup'));
  const words = ['backup', String(backup), '--store', `sqlite:${before}`];
  expect(await commandLine(words)).toMatchObject({ status: 0 });
  const deliver = async (api: typeof first, reference: string, count: number): Promise<void> => {
    await api.ok('POST', '/accounts/acme/deposits', { amount: '5.00', reference });
    await api.ok('POST', '/accounts/acme/suspensions', { reason: 'prohibited', note: reference });
    await expect.poll(() => [receiver.received.length, smtp.mails.length]).toEqual([2 * count, count]);
    await api.stop();
  };
  await deliver(first, 'lost', 1);
  const restoring = ['restore', String(backup), '--store', `sqlite:${after}`];
  expect(await commandLine(restoring)).toMatchObject({ status: 0 });
  await deliver(await served(settings(after)), 'new', 2);
  const ids = receiver.received.map(({ id }) => id);
  expect(new Set(ids).size).toBe(4);
  const mails = smtp.mails.map(({ text }) => /^Message-ID: (.*)$/im.exec(text)?.[1]);
  expect(new Set(mails).size).toBe(2);
});
