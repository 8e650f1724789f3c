/** What commands write is read by its owner alone, whatever the umask of the shell is. */
import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { makePrivateFolder } from '../../src/files/folder.ts';
import { commandLine } from '../support/command-line.ts';
import { temporaryFolder } from '../support/folder.ts';

const MAIN = fileURLToPath(new URL('../../bin/suanpan.js', import.meta.url));
const AT = '2019-01-01T00:00:00+08:00';
const LIFE = [
  { at: AT, command: 'open-account', account: 'acme', name: '' },
  { at: AT, command: 'activate-service', account: 'acme', product: 'face-recognition' },
  { at: '2019-02-01T04:00:00+08:00', command: 'close-month', account: 'acme', month: '2019-01' },
];

const modesIn = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => join(folder, name))
      .map((path) => [relative(folder, path), (statSync(path).mode & 0o777).toString(8)]),
  );

test.each(['000', '022'])('with umask %s', (umask) => {
  const folder = temporaryFolder();
  chmodSync(folder, 0o777);
  writeFileSync(join(folder, 'life'), LIFE.map((line) => JSON.stringify(line)).join('\n'), { mode: 0o600 });
  chmodSync(join(folder, 'life'), 0o600);
  const store = `sqlite:${join(folder, 'made', 'deep', 'ledger.db')}`;
  const run = (...words: string[]): void => {
    const { status, stderr } = spawnSync(
      'sh',
      ['-c', `umask ${umask}; exec "$@"`, 'sh', process.execPath, MAIN, ...words],
      {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, SUANPAN_STORE: store, SUANPAN_CHECKPOINT_FILE: join(folder, 'kept') },
      },
    );
    expect(status, `${words.join(' ')}: ${stderr}`).toBe(0);
  };
  const runAll = (): void => {
    run('overview');
    run('export', 'events.ndjson');
    run('export', 'bills.csv', '--as', 'bills');
    run('bundle', 'acme', '2019-01', '-o', 'bundle');
    run('backup', join('backups', 'backup.db'));
    run('checkpoint', 'sign', '-o', 'signed');
    run('load', 'events.ndjson', '--store', `sqlite:${join(folder, 'loaded', 'ledger.db')}`);
    run('copy', store, `sqlite:${join(folder, 'copied', 'ledger.db')}`);
  };
  run('import', 'life');
  if (umask === '000') runAll();
  else run('backup', join('backups', 'backup.db'));
  const wrong = Object.entries(modesIn(folder)).filter(
    ([name, mode]) => mode !== (statSync(join(folder, name)).isDirectory() ? '700' : '600'),
  );
  expect(wrong).toEqual([]);
});

/** A ledger with every kind of file, all of them accessible to everybody, as `cp` in a careless shell leaves them. */
test('files that were accessible to others are closed to them, and each is told', async () => {
  const folder = temporaryFolder();
  const store = ['--store', `sqlite:${join(folder, 'ledger.db')}`];
  writeFileSync(join(folder, 'life'), LIFE.map((line) => JSON.stringify(line)).join('\n'), { mode: 0o600 });
  const run = async (...words: string[]): Promise<string> => {
    const { status, stderr } = await commandLine([...words, ...store]);
    expect(status, stderr).toBe(0);
    return stderr;
  };
  await run('import', join(folder, 'life'));
  await run('backup', join(folder, 'backup'));
  await run('bundle', 'acme', '2019-01', '-o', join(folder, 'bundle'));
  const own = readdirSync(folder).filter((name) => name.startsWith('ledger.db'));
  expect(own).toEqual(
    expect.arrayContaining(['ledger.db', 'ledger.db.key', 'ledger.db.mark', 'ledger.db.index']),
  );
  for (const name of own) chmodSync(join(folder, name), 0o755);
  const told = (await run('checkpoint', 'sign')).trim().split('\n');
  for (const name of own) {
    const line = told.find((text) =>
      text.includes(`${join(folder, name)} was accessible to others (mode 755)`),
    );
    expect([name, line]).toEqual([name, expect.stringContaining('now it is to its owner only')]);
    expect((statSync(join(folder, name), { throwIfNoEntry: false })?.mode ?? 0) & 0o077).toBe(0);
    expect(line?.includes('rotate the signing keys')).toBe(name === 'ledger.db.key');
  }
  expect(await run('checkpoint', 'sign')).toBe('');
});

test.runIf(process.platform === 'linux')('a folder that cannot be made is an error, also in /proc', () => {
  expect(() => makePrivateFolder('/proc/no/such')).toThrow('ENOENT');
});
