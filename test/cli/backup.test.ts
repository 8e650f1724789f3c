/** A backup is one file that restores alone, says what it lacks, and is whole or not there. */
import { randomBytes } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { whereOf } from '../../src/ledger/location.ts';
import { openLedgerAt } from '../../src/ledger/open.ts';
import { ledgerSecret } from '../../src/ledger/secrets/check-value.ts';
import { commandLine } from '../support/command-line.ts';
import { smallDisk, whyNot } from '../support/disks.ts';
import { temporaryFolder } from '../support/folder.ts';
import { instant } from '../support/given.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder, 'ledger.db');
});
afterEach(() => {
  delete process.env['SUANPAN_SECRET'];
});

/** A ledger that has had a server with this secret; null: a key in a file beside it. */
const made = async (
  at: string,
  secret: string | null,
  accounts: readonly string[] = ['a'],
): Promise<void> => {
  const ledger = await openLedgerAt({ store: `sqlite:${at}`, clock: 'driven', books: [] });
  await ledgerSecret({ store: ledger.store, where: whereOf(`sqlite:${at}`, null), secret, mode: 'write' });
  for (const name of accounts)
    await ledger.execute(
      name,
      { name: 'open-account', body: { name } },
      instant('2019-01-01T00:00:00+08:00'),
      null,
    );
  await ledger.close();
};

const on = (at: string, ...words: string[]) => commandLine([...words, '--store', `sqlite:${at}`]);
const json = async (at: string, ...words: string[]) => {
  const { status, stdout } = await on(at, ...words, '--json');
  return { status, ...JSON.parse(stdout) };
};

describe('a backup', () => {
  test('carries the key, and restores alone', async () => {
    await made(path, null);
    const file = join(folder, 'backups', 'one.db');
    expect(await json(path, 'backup', file)).toMatchObject({
      status: 0,
      ok: true,
      carriesKey: true,
      lacks: [],
    });
    expect(readdirSync(join(folder, 'backups'))).toEqual(['one.db']);
    const modes = [file, join(folder, 'backups')].map((made) => statSync(made).mode & 0o777);
    expect(modes).toEqual([0o600, 0o700]);
    const target = join(temporaryFolder(), 'ledger.db');
    expect(await json(target, 'restore', file)).toMatchObject({ status: 0, ok: true, lacks: [] });
    expect(readFileSync(`${target}.key`, 'utf8')).toBe(readFileSync(`${path}.key`, 'utf8'));
    expect(readFileSync(target).includes(readFileSync(`${path}.key`))).toBe(false);
    await made(target, null, ['b']);
  });

  test('holds the ledger and nothing else, and names what it left out', async () => {
    await made(path, null);
    const strange = (file: string) => {
      const db = new DatabaseSync(file);
      db.exec(`CREATE TABLE "my ""table"(n); CREATE INDEX mine ON "my ""table"(n); CREATE VIRTUAL TABLE found USING fts5(text);
        CREATE VIEW seen AS SELECT * FROM events;
        CREATE TRIGGER late AFTER INSERT ON ledger_meta BEGIN UPDATE events SET data = '{}'; END;`);
      db.close();
    };
    const partsOf = (file: string) => {
      const db = new DatabaseSync(file, { readOnly: true });
      const parts = db
        .prepare("SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite%' ORDER BY name")
        .all();
      db.close();
      return parts.map(({ name }) => name);
    };
    const expected = partsOf(path);
    strange(path);
    const file = join(folder, 'one.db');
    const { status, stderr } = await on(path, 'backup', file);
    expect([status, partsOf(file)]).toEqual([0, expected]);
    for (const part of ['table my "table', 'table found', 'view seen', 'trigger late'])
      expect(stderr).toContain(`left out: the ${part} is not part of a ledger`);
    // A trigger in a backup that is restored changes nothing either.
    strange(file);
    const target = join(temporaryFolder(), 'ledger.db');
    expect(await json(target, 'restore', file)).toMatchObject({
      status: 0,
      leftOut: expect.arrayContaining(['the trigger late is not part of a ledger']),
    });
    expect((await on(target, 'verify')).status).toBe(0);
  });

  test('copied by hand in place of the ledger finds its key too', async () => {
    await made(path, null);
    const file = join(folder, 'one.db');
    await on(path, 'backup', file);
    await made(path, null, ['later']);
    const key = readFileSync(`${path}.key`);
    rmSync(`${path}.key`);
    copyFileSync(file, path);
    await made(path, null, ['b']);
    expect(readFileSync(`${path}.key`)).toEqual(key);
    expect((await on(path, 'account', 'later')).status).toBe(2);
  });

  test('says what it lacks: a key that is withheld, missing, of another ledger, or a setting', async () => {
    await made(path, null);
    const lacks = async (...flags: string[]) =>
      (await json(path, 'backup', join(folder, `${randomBytes(4).toString('hex')}.db`), ...flags)).lacks;
    expect(await lacks('--without-key')).toEqual([`its key: keep ${path}.key`]);
    renameSync(`${path}.key`, `${path}.away`);
    expect(await lacks()).toEqual([expect.stringMatching(/ledger\.db\.key is missing/)]);
    writeFileSync(`${path}.key`, randomBytes(32).toString('base64'));
    expect(await lacks()).toEqual([expect.stringMatching(/is not the key/)]);
    process.env['SUANPAN_SECRET'] = 'a secret';
    expect(await lacks()).toEqual([expect.stringMatching(/SUANPAN_SECRET/)]);
  });

  test('without its key restores, and says so', async () => {
    await made(path, null);
    const file = join(folder, 'one.db');
    await on(path, 'backup', file, '--without-key');
    const target = join(temporaryFolder(), 'ledger.db');
    const { status, lacks } = await json(target, 'restore', file);
    expect([status, lacks]).toEqual([0, [expect.stringMatching(/its key: .*ledger\.db\.key is missing/)]]);
    expect(existsSync(`${target}.key`)).toBe(false);
  });

  test('is refused over a file without --force, and over a ledger always', async () => {
    await made(path, null);
    const file = join(folder, 'one.db');
    writeFileSync(file, 'mine');
    expect(await on(path, 'backup', file)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/--force/),
    });
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect((await on(path, 'backup', file, '--force')).status).toBe(0);
    expect(await on(path, 'restore', file)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/already/),
    });
  });

  test('that does not verify is not made, and says one thing', async () => {
    await made(path, null);
    const bytes = readFileSync(path);
    bytes[bytes.indexOf('AccountOpened')] = 0x42;
    writeFileSync(path, bytes);
    const { status, stdout, stderr } = await on(path, 'backup', join(folder, 'one.db'));
    expect([status, stderr]).toEqual([1, '']);
    expect(stdout).toMatch(/differs.*\n.*does not verify, and was deleted\n$/);
    expect(stdout).not.toMatch(/verified/);
    expect(readdirSync(folder).filter((name) => name.includes('one.db'))).toEqual([]);
    const broken = join(folder, 'broken.db');
    copyFileSync(path, broken);
    const target = join(temporaryFolder(), 'new', 'ledger.db');
    expect(await on(target, 'restore', broken)).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/broken\.db does not verify; nothing was restored/),
    });
    expect(readdirSync(join(target, '..'))).toEqual([]);
  });

  test.each([
    [
      'half of it',
      (bytes: Buffer) => bytes.subarray(0, bytes.length / 2),
      /it is cut off: it has \d+ of \d+ bytes/,
    ],
    ['all but a byte', (bytes: Buffer) => bytes.subarray(0, bytes.length - 1), /it is cut off/],
    ['nothing', () => Buffer.alloc(0), /it is empty/],
    ['something else', () => randomBytes(8_192), /it is not what `suanpan backup` writes/],
    ['its first page damaged', (bytes: Buffer) => bytes.fill(0xa5, 100, 4_096), /malformed/],
  ])('of which there is %s is refused in one line with the way on', async (_, cut, why) => {
    await made(path, null);
    const file = join(folder, 'one.db');
    await on(path, 'backup', file);
    writeFileSync(file, cut(readFileSync(file)));
    const target = join(temporaryFolder(), 'ledger.db');
    const { status, stderr } = await on(target, 'restore', file);
    expect([status, stderr.trim().split('\n')]).toEqual([1, [expect.stringContaining(file)]]);
    expect(stderr).toMatch(why);
    expect(stderr).toMatch(/; nothing was restored: use another backup\n$/);
    expect(existsSync(target)).toBe(false);
  });

  test('beside another key says which key is in the way', async () => {
    await made(path, null);
    const file = join(folder, 'one.db');
    await on(path, 'backup', file);
    const target = join(temporaryFolder(), 'ledger.db');
    writeFileSync(`${target}.key`, randomBytes(32).toString('base64'));
    expect(await json(target, 'restore', file)).toMatchObject({
      status: 0,
      lacks: [`the key that it carries: a different key is at ${target}.key; move that away to use it`],
    });
    rmSync(`${target}.key`);
    expect((await on(target, 'checkpoint', 'sign')).status).toBe(0);
    expect(existsSync(`${target}.key`)).toBe(true);
  });

  test.each(['a folder', 'a device'])('to %s is refused, also with --force', async (what) => {
    await made(path, null);
    const place = what === 'a folder' ? folder : join(folder, 'device');
    if (what === 'a device') symlinkSync('/dev/null', place);
    for (const force of [[], ['--force']]) {
      const { status, stderr } = await on(path, 'backup', place, ...force);
      expect([status, stderr]).toEqual([
        2,
        expect.stringMatching(/ cannot be written: it is (a folder|not a file)\n$/),
      ]);
    }
    expect(statSync(place).isFile()).toBe(false);
  });

  const trouble = whyNot('mount');
  test.skipIf(trouble !== null)(`on a full disk is not there, and says so${trouble ?? ''}`, async () => {
    await made(path, null);
    const disk = smallDisk(1);
    mkdirSync(join(disk.folder, 'to'));
    disk.fill();
    for (const [at, ...words] of [
      [path, 'backup', join(disk.folder, 'to', 'one.db')],
      [path, 'export', join(disk.folder, 'to', 'one.ndjson')],
    ] as const)
      expect(await on(at, ...words)).toMatchObject({
        status: 2,
        stderr: expect.stringMatching(/^suanpan: .*one\.\w+ cannot be written: the disk is full\n$/),
      });
    const file = join(folder, 'one.db');
    await on(path, 'backup', file);
    expect(await on(join(disk.folder, 'to', 'ledger.db'), 'restore', file)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/ledger\.db cannot be written: the disk is full\n$/),
    });
    expect(readdirSync(join(disk.folder, 'to'))).toEqual([]);
  });
});
