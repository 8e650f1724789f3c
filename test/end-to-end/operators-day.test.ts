/**
 * A day of an operator's mistakes on one ledger: each is one clear line, or a named problem, with the right next step in it;
 * nothing is lost, and in the evening the ledger says what it said in the morning. The full disk of that day is in
 * `test/api/broken-disk.test.ts`, power cuts in `test/derived`.
 */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { served } from '../support/api.ts';
import { commandLine } from '../support/command-line.ts';
import { folderOfFile } from '../support/folder.ts';

const MAIN = fileURLToPath(new URL('../../bin/suanpan.js', import.meta.url));
const ZONE = 'SUANPAN_ZONE';
const CLOCK = '2019-02-02T00:00:00+08:00';

const folder = folderOfFile();
const at = (name: string): string => join(folder(), name);
const STORE = () => `sqlite:${at('ledger.db')}`;
const settings = (more: Readonly<Record<string, string>> = {}) => ({
  SUANPAN_STORE: STORE(),
  SUANPAN_CLOCK: CLOCK,
  ...more,
});

/** Everything that the ledger says of the account, as text. */
const said = async (): Promise<string> => {
  const words = [
    ['account', 'acme'],
    ['bill', 'acme', '2019-01'],
  ];
  const all = [];
  for (const args of words) all.push((await commandLine([...args, '--store', STORE(), '--json'])).stdout);
  return all.join('');
};

/** One line, of these words, and nothing of the program's inside. */
const oneLine = (text: string, ...words: readonly RegExp[]): void => {
  expect(text.trim().split('\n').length, text).toBe(1);
  expect(text).not.toMatch(/\n {4}at |internal error/);
  for (const word of words) expect(text).toMatch(word);
};

const refusedStart = async (more: Readonly<Record<string, string>>): Promise<string> =>
  served(settings(more)).then(
    async (api) => {
      await api.stop();
      throw new Error('the server started');
    },
    (error: Error) => `${error.message}\n`,
  );

/** Kills a process when everything of a file is written, and it is to be renamed to its name. */
const KILLED_AT_THE_LAST = `data:text/javascript,${encodeURIComponent(`
  import fs from 'node:fs';
  import { syncBuiltinESMExports } from 'node:module';
  fs.promises.rename = () => process.kill(process.pid, 'SIGKILL');
  fs.promises.link = fs.promises.rename;
  syncBuiltinESMExports();
`)}`;
const LIFE = [
  { at: '2019-01-01T00:00:00+08:00', command: 'open-account', account: 'acme', id: 'c1', name: 'Acme' },
  { at: '2019-01-01T00:00:00+08:00', command: 'activate-service', account: 'acme', id: 'c2', product: 'ocr' },
  {
    at: '2019-01-01T00:00:00+08:00',
    command: 'deposit',
    account: 'acme',
    id: 'c3',
    amount: '900',
    reference: 'w',
  },
  {
    ...{ specversion: '1.0', type: 'suanpan.usage', source: '/g', id: 'u1', subject: 'acme' },
    ...{ time: '2019-01-10T08:00:00+08:00', data: { interface: 'ocr/id-card', calls: 2100 } },
  },
  { at: '2019-02-01T04:00:00+08:00', command: 'close-month', account: 'acme', id: 'c5', month: '2019-01' },
];

test('a day of mistakes', { timeout: 300_000 }, async () => {
  writeFileSync(at('life.ndjson'), LIFE.map((line) => `${JSON.stringify(line)}\n`).join(''));
  expect((await commandLine(['import', at('life.ndjson'), '--store', STORE()])).status).toBe(0);
  const first = await served(settings());
  await first.ok('GET', '/accounts/acme/bills/2019-01/bundle');
  await first.stop();
  const morning = await said();

  // The wrong clock, the wrong zone, the wrong secret.
  oneLine(await refusedStart({ SUANPAN_CLOCK: '' }), /test clock/, /SUANPAN_CLOCK/);
  oneLine(await refusedStart({ [ZONE]: 'Europe/Berlin' }), /Asia\/Shanghai/);
  oneLine(await refusedStart({ SUANPAN_SECRET: 'not the one' }), /secret|key/);

  // The key's file is gone: the start is refused, and names it.
  renameSync(at('ledger.db.key'), at('elsewhere'));
  oneLine(await refusedStart({}), /ledger\.db\.key/);
  renameSync(at('elsewhere'), at('ledger.db.key'));

  // A second process.
  const running = await served(settings());
  const second = await commandLine(['import', at('life.ndjson'), '--store', STORE()]);
  expect(second.status).toBe(2);
  oneLine(second.stderr, /in use|another process/);

  // Another name of the same ledger is the same ledger.
  mkdirSync(at('linked'));
  symlinkSync(at('ledger.db'), at('linked/ledger.db'));
  const other = await commandLine([
    'import',
    at('life.ndjson'),
    '--store',
    `sqlite:${at('linked/ledger.db')}`,
  ]);
  expect(other.status).toBe(2);
  oneLine(other.stderr, /another process/);
  expect(readdirSync(at('linked'))).toEqual(['ledger.db']);

  // Moved away under the running server: nothing more is acknowledged, until it is put back.
  const wire = { amount: '5.00', reference: 'into nothing' };
  renameSync(at('ledger.db'), at('moved.db'));
  const lost = await running.send('POST', '/accounts/acme/deposits', wire, { 'idempotency-key': 'w' });
  expect([lost.status, lost.body.code]).toEqual([503, 'store_unavailable']);
  expect(lost.body.detail).toMatch(/ledger\.db was moved or deleted .*put it back/);
  renameSync(at('moved.db'), at('ledger.db'));
  await running.ok('GET', '/accounts/acme');
  await running.stop();
  expect(await said()).toBe(morning);

  // Half a backup is none, and a whole one restores alone.
  expect((await commandLine(['backup', at('backup.db'), '--store', STORE()])).status).toBe(0);
  const whole = readFileSync(at('backup.db'));
  writeFileSync(at('half.db'), whole.subarray(0, Math.floor(whole.length / 2)));
  const half = await commandLine(['restore', at('half.db'), '--store', `sqlite:${at('half/ledger.db')}`]);
  expect(half.status).toBeGreaterThan(0);
  expect(half.stderr + half.stdout).not.toMatch(/\n {4}at |internal error/);
  expect(existsSync(at('half/ledger.db'))).toBe(false);

  // A wrong place: the file there is named as what it is, and stays.
  for (const words of [
    ['restore', at('backup.db'), '--store', `sqlite:${at('life.ndjson')}`],
    ['copy', STORE(), `sqlite:${at('life.ndjson')}`],
  ]) {
    const wrong = await commandLine(words);
    expect(wrong.status).toBe(2);
    oneLine(wrong.stderr, /life\.ndjson is there already, and is no ledger/, /name another place/);
  }

  // An old database beside newer derived files: they are derived again.
  const later = { ...LIFE[2], id: 'c6', at: '2019-02-01T08:00:00+08:00', reference: 'later' };
  writeFileSync(at('later.ndjson'), `${JSON.stringify(later)}\n`);
  expect((await commandLine(['import', at('later.ndjson'), '--store', STORE()])).status).toBe(0);
  expect(await said()).not.toBe(morning);
  copyFileSync(at('backup.db'), at('ledger.db'));
  const old = await served(settings());
  const { body } = await old.ok('GET', '/accounts/acme');
  expect(morning).toContain(`"total": "${body.balance.total}"`);
  await old.stop();
  expect(await commandLine(['verify', '--store', STORE()])).toMatchObject({ status: 0 });

  // An export that is killed leaves nothing that could be taken for a ledger; another one is whole.
  const exporting = ['export', at('export.ndjson'), '--store', STORE()];
  const killed = spawnSync(process.execPath, ['--import', KILLED_AT_THE_LAST, MAIN, ...exporting]);
  expect([killed.signal, existsSync(at('export.ndjson'))]).toEqual(['SIGKILL', false]);
  expect(await commandLine(exporting)).toMatchObject({ status: 0 });
  const loading = ['load', at('export.ndjson'), '--store', `sqlite:${at('loaded/ledger.db')}`];
  expect(await commandLine(loading)).toMatchObject({ status: 0 });

  // In the evening.
  expect(await said()).toBe(morning);
  expect(await commandLine(['verify', '--store', STORE()])).toMatchObject({ status: 0 });
  expect(readdirSync(folder()).filter((name) => name.includes('.partial'))).toEqual([]);
});
