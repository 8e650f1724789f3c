/** Facts that somebody changed in the ledger's file: one account stands still, and everything says which. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServedApi, served, usage, withAccount } from '../support/api.ts';
import { commandLine } from '../support/command-line.ts';
import { folderOfFile } from '../support/folder.ts';

const folder = folderOfFile();
let path: string;
let api: ServedApi;

/** Facts of an account and of streams beside it, by what is written in their place. */
const EDITS = [
  ['account-edited', 'FundsDeposited', '{}'],
  ['account-edited', 'CallsMetered', '{"records":'],
  ['refused-edited', 'UsageRefused', '5'],
  ['contacts-edited', 'ContactsSet', 'null'],
] as const;

beforeAll(async () => {
  path = join(folder(), 'ledger.db');
  const before = await served({ SUANPAN_STORE: `sqlite:${path}` });
  for (const account of ['edited', 'good']) {
    await withAccount(before, account);
    await before.ok('POST', '/usage', [
      usage('kept', { subject: account }),
      usage('refused', { subject: account }, -1),
    ]);
    await before.ok('PUT', `/accounts/${account}/contacts`, { email: 'billing@example.com' });
  }
  await before.stop();
  const db = new DatabaseSync(path);
  for (const [stream, type, data] of EDITS) {
    const { changes } = db
      .prepare(
        `UPDATE events SET data = ? WHERE stream = (SELECT id FROM streams WHERE name = ?)
         AND json_extract(header, '$.type') = ?`,
      )
      .run(data, stream, type);
    expect(changes, `${type} of ${stream}`).toBe(1);
  }
  db.close();
  api = await served({ SUANPAN_STORE: `sqlite:${path}` });
});
afterAll(() => api.stop());

test('views and commands of others go on, also where the views are made again', async () => {
  await api.ok('POST', '/usage', usage('after', { subject: 'good' }));
  expect((await api.ok('GET', '/accounts/good/bills')).body.items).toEqual([]);
  expect((await api.ok('GET', '/accounts/good/notices')).body.items).toEqual([]);
  expect((await api.ok('GET', '/quarantine')).body.items).toBeDefined();
  const ready = await fetch(`${api.base}/readyz`);
  expect(ready.status, await ready.text()).toBe(200);
  await api.ok('PUT', '/clock', { now: '2019-02-02T00:00:00+08:00' });
  expect((await api.ok('GET', '/accounts/good/bills')).body.items.length).toBe(1);
});

test('the account itself is answered by name', async () => {
  const answer = await api.send('POST', '/accounts/edited/deposits', { amount: '5.00', reference: 'after' });
  expect([answer.body.code, answer.body.stream]).toEqual(['stream_unreadable', 'account-edited']);
});

test('both checks of the command line say what was changed, beside the server', async () => {
  const verified = await commandLine(['verify', '--store', `sqlite:${path}`]);
  expect(verified.status).toBe(1);
  for (const [stream] of EDITS) expect(verified.stdout).toContain(` of ${stream}: hash: expected`);
  const held = await commandLine(['quarantine', '--store', `sqlite:${path}`]);
  expect([held.status, held.stderr]).toEqual([1, '']);
  for (const [stream] of EDITS) expect(held.stdout).toContain(` of ${stream}: `);
});
