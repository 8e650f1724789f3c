/** Commands on a ledger in whose file records were damaged: a failed check that names the event, never an internal error. */
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { derivedPath } from '../../src/derived/files.ts';
import { served, usage, withAccount } from '../support/api.ts';
import { commandLine } from '../support/command-line.ts';
import { DAMAGE_NAMES, damageAccounts } from '../support/damaged-records.ts';
import { folderOfFile } from '../support/folder.ts';

const folder = folderOfFile();
const sound = (): string => join(folder(), 'sound');
const INSTANT = '2019-02-03T00:00:00+08:00';

beforeAll(async () => {
  mkdirSync(sound());
  const before = await served({ SUANPAN_STORE: `sqlite:${join(sound(), 'ledger.db')}` });
  for (const account of ['acme', 'good']) {
    await withAccount(before, account);
    await before.ok('POST', '/usage', usage('kept', { subject: account }));
  }
  await before.ok('PUT', '/clock', { now: '2019-02-02T00:00:00+08:00' });
  await before.ok('GET', '/accounts/acme/bills/2019-01/bundle');
  await before.stop();
});

/** What reads records, with a file to write to. */
const READS: Readonly<Record<string, (file: string) => readonly string[]>> = {
  'replay of a bill': () => ['replay', 'acme', '2019-01'],
  'replay of all': () => ['replay', '--all'],
  explain: () => ['explain', 'acme', '2019-01', '--records'],
  bundle: (file) => ['bundle', 'acme', '2019-01', '-o', file],
  'export of the ledger': (file) => ['export', file],
  'export of the account': (file) => ['export', file, '--account', 'acme'],
  'export of usage': (file) => ['export', file, '--as', 'usage', '--by', 'record'],
  quarantine: () => ['quarantine'],
};

describe.each(DAMAGE_NAMES)('%s', (damage) => {
  let path: string;
  let place: string;
  beforeAll(() => {
    path = join(folder(), damage, 'ledger.db');
    for (const file of readdirSync(sound()))
      cpSync(join(sound(), file), join(folder(), damage, file), { recursive: true });
    place = `event ${damageAccounts(path, [['acme', damage]]).get('acme')} of account-acme`;
  });
  const run = (...words: readonly string[]) => commandLine([...words, '--store', `sqlite:${path}`]);

  test.each(Object.entries(READS))('%s fails with stream and revision', async (_, words) => {
    const ran = await run(...words(join(folder(), `${damage}.out`)));
    expect([ran.status, ran.stdout + ran.stderr]).toEqual([1, expect.stringContaining(place)]);
    expect(ran.stdout + ran.stderr).not.toContain('internal error');
  });

  test('what is good is replayed beside it', async () => {
    expect((await run('replay', '--all')).stdout).toContain('1 accounts cannot be replayed to the end');
    expect((await run('replay', 'good', '2019-01')).status).toBe(0);
  });

  test('the whole check names the event', async () => {
    const ran = await run('verify');
    expect([ran.status, ran.stdout]).toEqual([1, expect.stringContaining(place)]);
  });

  test.each([true, false])('an import goes on with others (an index: %s)', async (hasIndex) => {
    if (!hasIndex) rmSync(derivedPath(path, 'index'), { recursive: true });
    const lines = ['acme', 'good'].map((subject) => JSON.stringify(usage('kept', { subject })));
    const command = {
      account: 'good',
      at: INSTANT,
      command: 'deposit',
      id: 'after',
      amount: '5.00',
      reference: 'after',
    };
    const file = join(folder(), `${damage}.ndjson`);
    writeFileSync(file, `${[...lines, JSON.stringify(command)].join('\n')}\n`);
    const ran = await run('import', file, '--json');
    // Refused lines are told, and end an import with --stop-on-error alone.
    expect([ran.status, ran.stdout]).toEqual([0, expect.stringContaining(place)]);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      usage: { accepted: 0, duplicates: 1, refused: 1 },
      problems: [{ line: 1, code: 'stream_unreadable' }],
    });
  });
});
