/** The command line on an engine's ledger: from an import to a bundle, without a file of the ledger on this machine. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandLine } from '../../support/command-line.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { type Engine, onEveryEngine } from '../engines.ts';

const POOL = 'face-recognition/compare';

/** A month of two accounts. */
const lines = (): string => {
  const command = (day: string, name: string, account: string, more: object) => ({
    at: `2019-01-${day}T00:00:00+08:00`,
    command: name,
    account,
    id: `${name} ${day}`,
    ...more,
  });
  const usage = (account: string) =>
    Array.from({ length: 20 }, (_, i) => ({
      specversion: '1.0',
      type: 'suanpan.usage',
      source: '/g',
      subject: account,
      id: `${account}-${i}`,
      time: `2019-01-10T08:${String(i).padStart(2, '0')}:00+08:00`,
      data: { interface: POOL, calls: 100 + i },
    }));
  return ['acme', 'beta']
    .flatMap((account): object[] => [
      command('01', 'open-account', account, { name: '示例' }),
      command('01', 'activate-service', account, { product: 'face-recognition' }),
      command('02', 'deposit', account, { amount: '90000', reference: 'wire-1' }),
      command('03', 'buy-packs', account, { pool: POOL, size: 1_000_000 }),
      ...usage(account),
    ])
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');
};

onEveryEngine('the command line', (open) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open();
  });
  afterAll(() => engine.close());

  test('imports, closes, bills, replays, explains, verifies, exports and proves', async () => {
    const folder = temporaryFolder();
    const store = engine.address();
    const run = (...args: string[]) => commandLine(args, { env: { SUANPAN_SECRET: 'of a test' } });
    const on = ['--store', store];
    const file = join(folder, 'lines.ndjson');
    writeFileSync(file, lines());
    const imported = await run('import', file, ...on, '--json');
    expect(imported).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(imported.stdout).usage.accepted).toBe(40);
    const again = await run('import', file, ...on, '--json');
    expect(JSON.parse(again.stdout).usage).toMatchObject({ accepted: 0, duplicates: 40 });
    const at = ['--at', '2019-02-01T04:00:00+08:00'];
    const closed = await run('close-month', '2019-01', ...on, ...at, '--json');
    expect(JSON.parse(closed.stdout)).toMatchObject({ month: '2019-01', closed: 2, refused: [] });

    const bundle = join(folder, 'acme.suanpan');
    const csv = join(folder, 'bills.csv');
    const [bill, , , verify, key] = [
      await run('bill', 'acme', '2019-01', ...on, '--json'),
      await run('replay', '--all', ...on, '--json'),
      await run('explain', 'acme', '2019-01', ...on, '--json'),
      await run('verify', '--store', store, '--json'),
      await run('keys', 'create', '--name', 'reader', ...on, '--json'),
      await run('export', csv, '--as', 'bills', ...on),
      await run('bundle', 'acme', '2019-01', '-o', bundle, ...on),
    ].map((ran) => {
      expect(ran, ran.stderr).toMatchObject({ status: 0 });
      return ran;
    });
    if (!bill || !verify || !key) throw new Error('seven commands ran');
    expect(JSON.parse(verify.stdout)).toMatchObject({ ok: true, records: 40, findings: [] });
    expect(JSON.parse(bill.stdout).account).toBe('acme');
    expect(JSON.parse(key.stdout).secret).toMatch(/^sk_/);
    expect(readFileSync(csv, 'utf8')).toContain('beta');
    expect(await run('verify', bundle)).toMatchObject({ status: 0 });
    // Nothing of the ledger is kept on this machine but what was asked for.
    expect(readdirSync(folder).sort()).toEqual([
      'acme.suanpan',
      'bills.csv',
      'bills.csv.sha256',
      'lines.ndjson',
    ]);
  });
});
