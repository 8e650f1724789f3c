/** `suanpan explain`, `changes`, `estimate` and `--as-of`: trees for people, JSON for programs. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { commandsOn } from '../support/command-line.ts';
import { folderOfFile } from '../support/folder.ts';

/** A ledger in which an account bought a pack, called, was billed, fell into arrears and paid. */
const folder = folderOfFile();
const suanpan = (...args: string[]) => commandsOn(folder())(...args);
beforeAll(async () => {
  const command = (at: string, name: string, id: string, more: object) => ({
    ...{ at: `${at}+08:00`, command: name, account: 'acme', id },
    ...more,
  });
  const lines = [
    command('2019-01-01T00:00:00', 'open-account', 'c1', { name: 'Acme' }),
    command('2019-01-01T00:00:00', 'activate-service', 'c2', { product: 'face-recognition' }),
    command('2019-01-01T00:00:00', 'deposit', 'c3', { amount: '142500', reference: 'wire-1' }),
    command('2019-01-01T00:00:00', 'buy-packs', 'c4', {
      ...{ pool: 'face-recognition/search', size: 50_000_000, quantity: 1 },
    }),
    {
      ...{ specversion: '1.0', type: 'suanpan.usage', source: '/gateway/1', id: 'u1', subject: 'acme' },
      time: '2019-01-10T08:00:00+08:00',
      data: { interface: 'face-recognition/search', calls: 52_000_000 },
    },
    command('2019-02-01T04:00:00', 'close-month', 'c5', { month: '2019-01' }),
    command('2019-02-05T00:00:00', 'deposit', 'c6', { amount: '20000', reference: 'wire-2' }),
  ];
  writeFileSync(join(folder(), 'life.ndjson'), lines.map((line) => JSON.stringify(line)).join('\n'));
  expect((await suanpan('import', join(folder(), 'life.ndjson'))).status).toBe(0);
});

test('explain draws a bill as a tree, down to its records', async () => {
  const { status, stdout } = await suanpan('explain', 'acme', '2019-01');
  expect(status).toBe(0);
  expect(stdout).toContain('├ face-recognition/search: (52000000 − 50000000 − 10000) × 0.0032 = 6368\n');
  expect(stdout).toContain('│ ├ 52,000,000 metered = 10,000 free + 50,000,000 packs + 1,990,000 post-paid');
  expect(stdout).toContain('paid by pack-000001: 50,000,000, place 1 in the order of deduction');
  expect(stdout).toContain('tier reached, one price for all post-paid calls: 0 < 1990000 ≤ 3000000');
  expect(stdout).toContain('total 6368.00 + 142500.00 = 148868.00');
  expect(
    stdout
      .trimEnd()
      .split('\n')
      .slice(1)
      .every((line) => /^[├│└ ]/.test(line)),
  ).toBe(true);
  const records = (
    await suanpan('explain', 'acme', '2019-01', '--records', '--day', '2019-01-10', '--json')
  ).json();
  expect(records).toMatchObject({
    items: [
      {
        id: 'u1',
        paid: { free: 10_000, packs: [{ pack: 'pack-000001', calls: 50_000_000 }], postPaid: 1_990_000 },
      },
    ],
    next: null,
  });
  const one = await suanpan('explain', 'acme', '2019-01', '--event', String(records.items[0].event));
  expect(one.stdout).toContain('free 10,000, pack-000001 50,000,000, post-paid 1,990,000');
  expect((await suanpan('explain', 'acme', '2019-01', '--records', '--cursor', 'x')).status).toBe(2);
  expect((await suanpan('explain', 'acme', '2019-03')).stderr).toContain('bill_unknown');
});

test('explain tells why an account was suspended', async () => {
  const { stdout } = await suanpan('explain', 'acme', '--suspended', '2019-02-02T00:00:00+08:00');
  expect(stdout).toContain('suspended\n');
  expect(stdout).toContain('the bill of 2019-01 takes 6368.00 yuan: balance 0.00 → -6368.00');
  expect(stdout).toContain('20000.00 yuan deposited (wire-2): balance -6368.00 → 13632.00');
  const json = (
    await suanpan('explain', 'acme', '--suspended', '2019-02-06T00:00:00+08:00', '--json')
  ).json();
  expect([json.suspended, json.last.reason]).toEqual([false, expect.any(String)]);
});

test('accounts, bills, estimates and changes as of an instant', async () => {
  const asOf = ['--as-of', '2019-01-31T00:00:00+08:00'];
  expect((await suanpan('account', 'acme', ...asOf, '--json')).json().balance.total).toBe('0.00');
  const draft = await suanpan('bill', 'acme', '2019-01', ...asOf);
  expect(draft.stdout).toContain('a draft: the bill is issued at 2019-02-01T04:00:00.000+08:00');
  expect((await suanpan('bill', 'acme', '2019-01', ...asOf, '--json')).json()).toMatchObject({
    status: 'draft',
    due: '6368.00',
  });
  const then = ['--as-of', '2019-02-01T04:00:00+08:00'];
  expect((await suanpan('bill', 'acme', '2019-01', ...then, '--json')).json().status).toBe('issued');
  expect((await suanpan('estimate', 'acme', ...asOf, '--json')).json().month).toBe('2019-01');
  expect((await suanpan('estimate', 'acme', '--json')).json().month).toBe('2019-02');
  const range = ['--from', '2019-02-01T04:00:00+08:00', '--to', '2019-02-06T00:00:00+08:00'];
  const changes = await suanpan('changes', 'acme', ...range);
  expect(changes.stdout).toContain('FundsDeposited (amount 20000.00, reference wire-2)');
  expect((await suanpan('changes', 'acme', ...range, '--json')).json().balance.total).toBe('20000.00');
  expect((await suanpan('changes', 'acme', '--from', '2019-02-01T04:00:00+08:00')).status).toBe(2);
});
