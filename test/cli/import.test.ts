/** Lives imported from files, what the command line says of them, and what it says of files that are none. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { commandLine, commandsOn } from '../support/command-line.ts';
import { temporaryFolder } from '../support/folder.ts';

const MAIN = fileURLToPath(new URL('../../bin/suanpan.js', import.meta.url));

const suanpan = (folder: string, ...args: string[]) => commandsOn(folder)(...args);

const at = '2019-01-01T00:00:00+08:00';
const usage = (id: string, more: object = {}) => ({
  specversion: '1.0',
  type: 'suanpan.usage',
  source: '/gateway/1',
  id,
  subject: 'acme',
  time: '2019-01-10T08:00:00+08:00',
  data: { interface: 'face-recognition/search', calls: 52_000_000 },
  ...more,
});
const life = [
  { at, command: 'open-account', account: 'acme', id: 'c1', name: 'Acme' },
  { at, command: 'activate-service', account: 'acme', id: 'c2', product: 'face-recognition' },
  { at, command: 'deposit', account: 'acme', id: 'c3', amount: '200000', reference: 'wire-1' },
  {
    at,
    command: 'buy-packs',
    account: 'acme',
    id: 'c4',
    pool: 'face-recognition/search',
    size: 50_000_000,
    quantity: 1,
  },
  usage('u1'),
  { at: '2019-02-01T04:00:00+08:00', command: 'close-month', account: 'acme', id: 'c5', month: '2019-01' },
];
const fileOf = (folder: string, lines: readonly unknown[]): string => {
  const file = join(folder, 'life.ndjson');
  writeFileSync(
    file,
    lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'),
  );
  return file;
};

describe('suanpan', () => {
  test('imports a life, shows its bill, replays and explains it; a repeat changes nothing', async () => {
    const folder = temporaryFolder();
    const file = fileOf(folder, life);
    expect((await suanpan(folder, 'import', file, '--json')).json()).toMatchObject({
      commands: { done: 5 },
      usage: { accepted: 1 },
    });
    const bill = await suanpan(folder, 'bill', 'acme', '2019-01', '--json');
    expect(bill.json()).toMatchObject({ due: '6368.00', total: '148868.00', frozen: { total: '7641.60' } });
    expect((await suanpan(folder, 'import', file, '--json')).json()).toMatchObject({
      commands: { done: 0, repeated: 5 },
      usage: { accepted: 0, duplicates: 1 },
    });
    expect(
      await suanpan(folder, 'close-month', '2019-01', '--at', '2019-02-02T00:00:00+08:00'),
    ).toMatchObject({
      status: 0,
      stdout: '2019-01: nothing was done: it is closed already for acme\n',
    });
    expect((await suanpan(folder, 'bill', 'acme', '2019-01', '--json')).stdout).toBe(bill.stdout);
    expect((await suanpan(folder, 'replay', 'acme', '2019-01', '--json')).json()).toMatchObject({
      match: true,
      differences: [],
    });
    expect(await suanpan(folder, 'replay', '--all')).toMatchObject({ status: 0 });
    expect(await suanpan(folder, 'verify', '--store')).toMatchObject({ status: 0 });
    expect((await suanpan(folder, 'rebuild', '--json')).json()).toMatchObject({ identical: true });
    expect((await suanpan(folder, 'explain', 'acme', '2019-01', '--json')).json().lines).toMatchObject([
      { packs: [{ pack: 'pack-000001', calls: 50_000_000 }], days: [{ day: '2019-01-10' }], events: [4] },
    ]);
    expect((await suanpan(folder, 'account', 'acme', '--json')).json()).toMatchObject({
      status: 'active',
      balance: { total: '51132.00', available: '43490.40', frozen: '7641.60' },
    });
  });

  test('the same id with other content is refused, by name and line', async () => {
    const folder = temporaryFolder();
    const other = { at, command: 'deposit', account: 'acme', id: 'c3', amount: '7', reference: 'wire-9' };
    const result = (await suanpan(folder, 'import', fileOf(folder, [...life, other]), '--json')).json();
    expect(result.problems).toMatchObject([{ line: 7, code: 'idempotency_key_reused' }]);
  });

  test.each([
    ['garbage', 'line'],
    ['[]', 'line'],
    ['{"a":1}', 'specversion'],
    [{ at: 'yesterday', command: 'open-account', account: 'x', id: '1' }, 'at'],
    [{ at, command: 'dance', account: 'x', id: '1' }, 'command'],
    [{ at, command: 'open-account', account: 'a b', id: '1' }, 'account'],
    [{ at, command: 'deposit', account: 'acme', id: '1', amount: '1.234', reference: 'r' }, 'amount'],
    [{ at, command: 'deposit', account: 'acme', id: '1', amount: '0', reference: 'r' }, 'amount'],
    [{ at, command: 'buy-packs', account: 'acme', id: '1', pool: 'p/q', size: 1.5, quantity: 1 }, 'size'],
    [
      { at, command: 'buy-packs', account: 'acme', id: '1', pool: 'p/q', size: 1, quantity: 1001 },
      'quantity',
    ],
    [{ at, command: 'close-month', account: 'acme', id: '1', month: '2019-13' }, 'month'],
  ])('names the line and the field of %j, and goes on', async (line, field) => {
    const folder = temporaryFolder();
    const result = await suanpan(
      folder,
      'import',
      fileOf(folder, [...life.slice(0, 2), line, ...life.slice(2)]),
      '--json',
    );
    expect(result.status).toBe(2);
    expect(result.json()).toMatchObject({
      malformed: 1,
      problems: [{ line: 3, field }],
      commands: { done: 5 },
    });
  });

  test('stops at the first bad line when asked to', async () => {
    const folder = temporaryFolder();
    const file = fileOf(folder, [...life.slice(0, 2), 'garbage', ...life.slice(2)]);
    const result = await suanpan(folder, 'import', file, '--stop-on-error', '--json');
    expect(result.json()).toMatchObject({ stopped: true, lines: 3, commands: { done: 2 } });
  });

  test.each([
    [['dance'], 'no command dance'],
    [['bill', 'acme'], 'usage: suanpan bill'],
    [['bill', 'acme', '2019-1'], 'not a valid month'],
    [['import', '/nowhere/at/all'], 'cannot be read'],
    [['replay', 'acme', '2019-01', '--colour'], 'colour'],
    [['price-book', 'lint', '/nowhere'], 'cannot be read'],
    [['bill', 'acme', '2019-01'], 'there is no ledger'],
  ])('%j is wrong use: one line and exit 2', async (args, message) => {
    const result = await suanpan(temporaryFolder(), ...args);
    expect(result.status).toBe(2);
    expect(result.stderr).toContain(message);
    expect(result.stderr.trim().split('\n').length).toBe(1);
  });

  test('says its version and its help', async () => {
    const { stdout } = spawnSync(process.execPath, [MAIN, '--version'], { encoding: 'utf8' });
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await suanpan(temporaryFolder(), '--help')).stdout).toContain('suanpan close-month MONTH');
    expect((await suanpan(temporaryFolder(), 'import', '--help')).stdout).toContain('--stop-on-error');
  });

  test('the demonstration closes and replays every bill', async () => {
    const result = await suanpan(
      temporaryFolder(),
      'demo',
      '--exit',
      '--accounts',
      '10',
      '--records',
      '5000',
    );
    expect(result.stdout).toContain('all match');
    expect(result.status).toBe(0);
  });
});

test('a ledger made without books stays without, and gets those that are published', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'open.ndjson');
  writeFileSync(file, `${JSON.stringify(life[0])}\n`);
  const store = `sqlite:${join(folder, 'ledger.db')}`;
  const env = { SUANPAN_STORE: store, SUANPAN_BOOKS: 'none' };
  expect((await commandLine(['import', file], { env })).status).toBe(0);
  expect((await suanpan(folder, 'price-book', 'show', '--json')).json().items).toEqual([]);
  const book = fileURLToPath(new URL('../../price-books/ocr-2019-01.json', import.meta.url));
  expect((await suanpan(folder, 'price-book', 'publish', book, '--at', at)).stdout).toContain(
    'published, from 2019-01',
  );
  expect((await suanpan(folder, 'price-book', 'show', '--json')).json().items).toHaveLength(1);
});
