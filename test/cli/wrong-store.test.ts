/**
 * A store that is not a ledger, for every command of the table that takes one: one line that says what it is and the next
 * step, and nothing is written to it or beside it.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeAll, describe, expect, test } from 'vitest';
import { flagsOf } from '../../src/cli/command.ts';
import { commands } from '../../src/cli/commands.ts';
import { CHECK_FAILED, WRONG_USE } from '../../src/cli/failure.ts';
import { commandLine } from '../support/command-line.ts';
import { folderOfFile } from '../support/folder.ts';

const folder = folderOfFile();
const at = (name: string): string => join(folder(), name);
const AT = '2019-01-01T00:00:00Z';

/** Good uses of each command; those that may make a ledger where none is, and those that want none there. */
const USES: Readonly<Record<string, readonly string[]>> = {
  serve: ['serve --port 0 --log silent'],
  demo: ['demo --exit'],
  import: ['import LINES'],
  'close-month': ['close-month 2019-01'],
  blocked: ['blocked 2019-01'],
  bill: ['bill a 2019-01'],
  replay: ['replay a 2019-01', 'replay --all'],
  explain: ['explain a 2019-01'],
  estimate: ['estimate a'],
  account: ['account a', `account a --as-of ${AT}`],
  changes: [`changes a --from ${AT} --to 2019-02-01T00:00:00Z`],
  bundle: ['bundle a 2019-01 -o OUT', 'bundle a 2019-01 --html OUT'],
  verify: ['verify'],
  dispute: ['dispute list a', 'dispute open a 2019-01 --meter m --reason r --by b'],
  checkpoint: ['checkpoint sign', 'checkpoint list', 'checkpoint prove LINES'],
  quarantine: ['quarantine'],
  rebuild: ['rebuild'],
  overview: ['overview'],
  export: ['export -', 'export OUT'],
  load: ['load LINES'],
  backup: ['backup OUT'],
  restore: ['restore LINES'],
  keys: ['keys list', 'keys create', 'keys revoke key_1'],
  'signing-keys': ['signing-keys list', 'signing-keys create'],
  'price-book': ['price-book show ocr', 'price-book publish price-books/ocr-2019-01.json'],
};
const MAKE_ONE = ['serve', 'demo', 'import', 'price-book publish', 'price-book show'];
const WANT_NONE = ['load', 'restore'];

const STORES: Readonly<
  Record<string, { readonly exit: number; readonly says: RegExp; readonly make: (path: string) => void }>
> = {
  folder: {
    ...{ exit: WRONG_USE, says: /is a folder: name the ledger's file in it/ },
    make: (path) => mkdirSync(path),
  },
  text: {
    ...{ exit: CHECK_FAILED, says: /name the right --store, or put back a backup/ },
    make: (path) => writeFileSync(path, 'a text that is as long as a database must be\n'.repeat(99)),
  },
  cut: {
    ...{ exit: CHECK_FAILED, says: /name the right --store, or put back a backup/ },
    make: (path) => {
      const db = new DatabaseSync(`${path}.whole`);
      db.exec('CREATE TABLE some(a); CREATE TABLE others(b)');
      db.close();
      writeFileSync(path, readFileSync(`${path}.whole`).subarray(0, 5_000));
    },
  },
  foreign: {
    ...{
      exit: CHECK_FAILED,
      says: /is a database, but not a ledger \(the table notes .*name the right --store/,
    },
    make: (path) => {
      const db = new DatabaseSync(path);
      db.exec('CREATE TABLE notes(text); INSERT INTO notes VALUES (1)');
      db.close();
    },
  },
  empty: {
    ...{ exit: WRONG_USE, says: /there is no ledger at .*: the file is empty/ },
    make: (path) => writeFileSync(path, ''),
  },
  'behind a file': {
    ...{ exit: WRONG_USE, says: /there is no ledger at |a part of its path is a file, not a folder/ },
    make: () => writeFileSync(at('file'), 'x'),
  },
};

test('every command of the table that takes a store is tried', () => {
  const taking = Object.entries(commands).flatMap(([name, command]) =>
    'store' in flagsOf(command) ? [name] : [],
  );
  expect(Object.keys(USES).sort()).toEqual(taking.filter((name) => name !== 'wait').sort());
});

describe.each(Object.entries(STORES))('a store that is %s', (name, { exit, says, make }) => {
  const path = (): string => (name === 'behind a file' ? at('file/ledger.db') : at(`${name}.db`));
  beforeAll(() => {
    make(path());
    writeFileSync(at('lines'), '{"some":"line"}\n');
  });
  const uses = Object.values(USES)
    .flat()
    .filter((use) => !(name === 'empty' && MAKE_ONE.some((one) => use.startsWith(one))));

  test.each(uses)('%s', async (use) => {
    const before = readdirSync(folder());
    const words = use.replace('LINES', at('lines')).replace('OUT', at('out')).split(' ');
    const store = ['--store', `sqlite:${path()}`];
    const { status, stderr } = await commandLine(
      use === 'verify' ? ['verify', '--store', `sqlite:${path()}`] : [...words, ...store],
    );
    expect(stderr).toMatch(/^suanpan: .+\n$/);
    expect(stderr).not.toMatch(/internal error/);
    if (WANT_NONE.some((one) => use.startsWith(one)) && exit !== WRONG_USE) expect(stderr).toMatch(/already/);
    else if (!/LINES/.test(use))
      expect([use, status, stderr]).toEqual([use, exit, expect.stringMatching(says)]);
    expect(readdirSync(folder())).toEqual(before);
  });
});
