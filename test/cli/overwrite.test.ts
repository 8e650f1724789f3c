/** No command writes over a file without --force; made from the table of commands, so that a new one must say what it writes. */
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { commandLine } from '../support/command-line.ts';

const AT = '2019-01-01T00:00:00+08:00';
const LIFE = [
  { at: AT, command: 'open-account', account: 'acme', name: '' },
  { at: AT, command: 'activate-service', account: 'acme', product: 'face-recognition' },
  { at: '2019-02-01T04:00:00+08:00', command: 'close-month', account: 'acme', month: '2019-01' },
];

let folder = '';
const store = (): string => `sqlite:${join(folder, 'ledger.db')}`;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'suanpan-overwrite-'));
  writeFileSync(join(folder, 'life'), LIFE.map((line) => JSON.stringify(line)).join('\n'));
  for (const words of [
    ['import', join(folder, 'life')],
    ['checkpoint', 'sign', '-o', join(folder, 'kept')],
  ])
    expect((await commandLine([...words, '--store', store()])).status).toBe(0);
  return () => rmSync(folder, { recursive: true, force: true });
});

/** How each command that writes a file is told to write one. */
const WRITES: Readonly<Record<string, (file: string) => string[]>> = {
  export: (file) => ['export', file],
  bundle: (file) => ['bundle', 'acme', '2019-01', '-o', file],
  checkpoint: (file) => ['checkpoint', 'prove', join(folder, 'kept'), '-o', file],
  backup: (file) => ['backup', file],
};
const writing = Object.entries(commands).flatMap(([name, { writesFile }]) => (writesFile ? [name] : []));

describe('a command that writes a file', () => {
  test('says so in the table', () => {
    expect(Object.keys(WRITES).sort()).toEqual(writing.sort());
    for (const [name, command] of Object.entries(commands))
      if (command.flags?.['output']) expect(command.writesFile, name).toBe(true);
  });

  test.each(writing)(
    '%s: refuses a file that is there, in one line, and writes over it with --force',
    async (name) => {
      const file = join(folder, `${name}.out`);
      const words = [...(WRITES[name]?.(file) ?? []), '--store', store()];
      writeFileSync(file, 'what was there');
      const refused = await commandLine(words);
      expect([refused.status, refused.stderr.trim().split('\n')]).toEqual([
        2,
        [expect.stringMatching(/is there already \(--force writes over it\)$/)],
      ]);
      expect(readFileSync(file, 'utf8')).toBe('what was there');
      expect(await commandLine([...words, '--force'])).toMatchObject({ status: 0, stderr: '' });
      expect(readFileSync(file, 'utf8')).not.toBe('what was there');
      expect(readdirSync(folder).filter((found) => found.includes('.part-'))).toEqual([]);
    },
  );

  test.each(writing)('%s: never writes over a file of its own ledger, by whatever name', async (name) => {
    const bytes = (): string[] =>
      readdirSync(folder)
        .filter((found) => found.startsWith('ledger.db'))
        .map((found) =>
          lstatSync(join(folder, found)).isFile()
            ? createHash('sha256')
                .update(readFileSync(join(folder, found)))
                .digest('hex')
            : found,
        );
    const before = bytes();
    const link = join(folder, `${name}-link`);
    symlinkSync(join(folder, 'ledger.db'), link);
    const own = ['', '-wal', '.key', '.mark', '.views', '.views-wal', '.snapshots', '.outbox', '.backed-up'];
    const files = own.map((end) => join(folder, `ledger.db${end}`));
    for (const file of [...files, join(folder, 'ledger.db.index', 'CURRENT'), link]) {
      const words = [...(WRITES[name]?.(file) ?? []), '--store', store(), '--force'];
      const { status, stderr } = await commandLine(words);
      expect([status, stderr], file).toEqual([
        2,
        expect.stringMatching(/ is a file of the ledger itself: name another one\n$/),
      ]);
    }
    expect(bytes()).toEqual(before);
  });

  test.each(['--ready-file', '--checkpoint-file'])(
    'serve %s: neither writes nor takes away a file of its ledger',
    async (flag) => {
      const before = readFileSync(join(folder, 'ledger.db'));
      for (const end of ['', '.key', '.views']) {
        const { status, stderr } = await commandLine([
          'serve',
          '--store',
          store(),
          flag,
          join(folder, `ledger.db${end}`),
        ]);
        expect([status, stderr]).toEqual([2, expect.stringContaining('is a file of the ledger itself')]);
      }
      expect(readFileSync(join(folder, 'ledger.db')).equals(before)).toBe(true);
    },
  );

  test('export: a table has its digest beside it, which writes over no other and goes with its file', async () => {
    const sum = (at: string) => readFileSync(`${at}.sha256`, 'utf8');
    for (const name of ['bills.csv', 'a\\b\nc.csv', 'one.ndjson']) {
      const file = join(folder, name);
      const kind = name.endsWith('.csv') ? ['--as', 'bills'] : ['--account', 'acme'];
      const words = ['export', file, ...kind, '--store', store()];
      writeFileSync(`${file}.sha256`, 'of another');
      expect((await commandLine(words)).status).toBe(2);
      expect(sum(file)).toBe('of another');
      rmSync(`${file}.sha256`);
      expect(await commandLine(words)).toMatchObject({ status: 0, stderr: '' });
      const digest = createHash('sha256').update(readFileSync(file)).digest('hex');
      const escaped = name === 'a\\b\nc.csv' ? ['\\', 'a\\\\b\\nc.csv'] : ['', name];
      expect(sum(file)).toBe(`${escaped[0]}${digest}  ${escaped[1]}\n`);
      writeFileSync(`${file}.sha256`, 'old');
      expect((await commandLine([...words, '--force'])).status).toBe(0);
      expect(sum(file)).toContain(digest);
    }
    const whole = join(folder, 'whole.ndjson');
    expect((await commandLine(['export', whole, '--store', store()])).status).toBe(0);
    expect(existsSync(`${whole}.sha256`)).toBe(false);
  });

  test('writes it through what writes files whole, and nothing else does', () => {
    const root = join(import.meta.dirname, '..', '..', 'src');
    const raw = /\b(writeFileSync|createWriteStream|appendFileSync|writeFile|appendFile)\(/;
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /^(?!files\/).*\.ts$/.test(file),
    );
    // The mark of an identity index in use, which is derived.
    expect(files.filter((file) => raw.test(readFileSync(join(root, file), 'utf8')))).toEqual([
      'identity-index/unclean-shutdown.ts',
    ]);
  });
});
