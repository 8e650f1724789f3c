/** An expected failure of a command is one line and the right exit code; a bug is distinguished by its error type. */
import { once } from 'node:events';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { WrongUse } from '../../src/cli/command.ts';
import { CHECK_FAILED, failureOf, INTERNAL, WRONG_USE } from '../../src/cli/failure.ts';
import { LedgerDamaged } from '../../src/eventstore/event-store.ts';
import { commandLine } from '../support/command-line.ts';
import { folderOfFile } from '../support/folder.ts';

const folder = folderOfFile();
const at = (name: string): string => join(folder(), name);

const oneLine = async (args: readonly string[]): Promise<{ status: number; line: string }> => {
  const { status, stderr } = await commandLine(args);
  expect(stderr, args.join(' ')).toMatch(/^suanpan: .+\n$/);
  expect(stderr).not.toMatch(/internal error| at .+:\d+:\d+/);
  return { status, line: stderr.trim() };
};

/** Files that are not what they should be, for every command that reads one. */
const READS: Readonly<Record<string, (file: string) => string[]>> = {
  import: (file) => ['import', file, '--store', `sqlite:${at('import.db')}`],
  load: (file) => ['load', file, '--store', `sqlite:${at('load.db')}`],
  verify: (file) => ['verify', file],
  'verify --key': (file) => ['verify', at('empty'), '--key', file],
  'verify --checkpoint': (file) => ['verify', at('empty'), '--checkpoint', file],
  'price-book lint': (file) => ['price-book', 'lint', file],
  'price-book publish': (file) => ['price-book', 'publish', file, '--store', `sqlite:${at('publish.db')}`],
  restore: (file) => ['restore', file, '--store', `sqlite:${at('restore.db')}`],
};

describe.each(Object.entries(READS))('%s', (name, args) => {
  test.each([
    ['a file that is not there', (): string => at('missing')],
    ['a folder', (): string => folder()],
    ['a file within a file', (): string => at('empty/inner')],
    ['a name that is too long', (): string => at('x'.repeat(300))],
    ['links that lead in a circle', (): string => at('circle')],
  ])('%s is one line and exit 2', async (_, file) => {
    writeFileSync(at('empty'), '');
    try {
      symlinkSync(at('circle'), at('circle'));
    } catch {
      // It is there already.
    }
    const { status, line } = await oneLine(args(file()));
    expect([name, status], line).toEqual([name, WRONG_USE]);
  });
});

/** Stores that are not ledgers, for commands that read one. */
describe.each(['bill a 2019-01', 'account a', 'overview', 'rebuild', 'checkpoint list', 'export -'])(
  'suanpan %s',
  (words) => {
    test.each([
      ['nothing', (): string => at('none.db'), WRONG_USE],
      ['a folder', (): string => at('folder.db'), CHECK_FAILED],
      ['text', (): string => at('text.db'), CHECK_FAILED],
      ['an empty file', (): string => at('zero.db'), CHECK_FAILED],
    ])('of %s is one line', async (_, path, exit) => {
      mkdirSync(at('folder.db'), { recursive: true });
      writeFileSync(
        at('text.db'),
        'this is text, and long enough to be looked at as a database\n'.repeat(20),
      );
      writeFileSync(at('zero.db'), '');
      const { status, line } = await oneLine([...words.split(' '), '--store', `sqlite:${path()}`]);
      expect([words, [exit, WRONG_USE].includes(status)], line).toEqual([words, true]);
    });
  },
);

/** Commands that write a ledger, each with the words of a good use. */
const WRITE: readonly string[] = [
  'close-month 2019-01',
  'checkpoint sign',
  'keys create',
  'keys revoke key_1',
  'signing-keys create',
  'signing-keys rotate',
  'dispute open a 2019-01 --meter m --reason r --by b',
  'price-book publish price-books/face-recognition-2019-01.json',
];

test.each(WRITE)('suanpan %s makes no ledger where there is none', async (words) => {
  const path = at('typo/ledger.db');
  const { status, line } = await oneLine([...words.split(' '), '--store', `sqlite:${path}`]);
  expect([status, line]).toEqual([WRONG_USE, `suanpan: store: there is no ledger at ${path}`]);
  expect(existsSync(at('typo'))).toBe(false);
});

test('an address in use is one line that says what to do', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  try {
    const args = ['serve', '--store', 'memory:', '--port', String(port), '--log', 'silent'];
    const { status, line } = await oneLine(args);
    expect([status, line]).toEqual([
      WRONG_USE,
      expect.stringContaining(`127.0.0.1:${port}: the address is in use`),
    ]);
  } finally {
    server.close();
  }
});

describe('by type', () => {
  const system = (code: string, more: object = {}): Error =>
    Object.assign(new Error(`${code}: as Node says it`), { code, syscall: 'write', errno: -1, ...more });

  test.each([
    ['ENOSPC', { path: '/x' }, '/x: the disk is full'],
    ['EADDRINUSE', { address: '::', port: 80 }, ':::80: the address is in use'],
    ['ENOTFOUND', { hostname: 'h' }, 'h: the host name is not known'],
    ['EIO', {}, 'the disk reports an input/output error'],
    ['EMFILE', {}, 'too many files are open'],
  ])('%s of the system is foreseen', (code, more, said) => {
    expect(failureOf(system(code, more))).toMatchObject({
      exit: WRONG_USE,
      code: code.toLowerCase(),
      message: expect.stringContaining(said),
    });
  });

  test('a RangeError or TypeError of the program is a fault of it, and says where', () => {
    for (const error of [new RangeError('Invalid array length'), new TypeError('x is not a function')]) {
      const { exit, code, message } = failureOf(error);
      expect([exit, code]).toEqual([INTERNAL, 'internal_error']);
      expect(message).toContain(error.message);
      expect(message).not.toContain('\n');
    }
  });

  test('what the caller mends, and a check that failed, are told apart; a refusal keeps its code', () => {
    expect(failureOf(new WrongUse('bill_unknown: none'))).toMatchObject({ exit: 2, code: 'bill_unknown' });
    expect(failureOf(new LedgerDamaged('cut\nhere'))).toMatchObject({ exit: 1, message: 'cut; here' });
    const full = Object.assign(new Error('database or disk is full'), {
      code: 'ERR_SQLITE_ERROR',
      errcode: 13,
    });
    expect(failureOf(full)).toMatchObject({ exit: 2, code: 'enospc' });
    for (const errcode of [8, 10, 778, 14]) {
      const trouble = Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', errcode });
      expect(failureOf(trouble)).toMatchObject({ exit: 2, code: 'disk_trouble' });
    }
  });
});
