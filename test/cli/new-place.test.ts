/**
 * Where `restore`, `load` and `copy` make a ledger: something else that lies there is named and left as it is, and a server
 * that still has a ledger open whose file was deleted keeps its place.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeAll, describe, expect, test } from 'vitest';
import { served, withAccount } from '../support/api.ts';
import { commandLine } from '../support/command-line.ts';
import { folderOfFile } from '../support/folder.ts';

const folder = folderOfFile();
const at = (name: string): string => join(folder(), name);
const store = (path: string): string => `sqlite:${path}`;

/** The command that makes a ledger at a path, each with a source that it takes. */
const MAKING: Readonly<Record<string, (path: string) => string[]>> = {
  restore: (path) => ['restore', at('backup'), '--store', store(path)],
  load: (path) => ['load', at('export'), '--store', store(path)],
  copy: (path) => ['copy', store(at('source.db')), store(path)],
};

beforeAll(async () => {
  const line = { at: '2019-01-01T00:00:00+08:00', command: 'open-account', account: 'a', id: '1', name: 'A' };
  writeFileSync(at('life'), JSON.stringify(line));
  const words = [
    ['import', at('life')],
    ['backup', at('backup')],
    ['export', at('export')],
  ];
  for (const one of words)
    expect((await commandLine([...one, '--store', store(at('source.db'))])).status).toBe(0);
});

const database = (path: string, mode: string): void => {
  const db = new DatabaseSync(path);
  db.exec(`PRAGMA journal_mode = ${mode}; CREATE TABLE notes(text); INSERT INTO notes VALUES (1)`);
  db.close();
};

const KINDS: Readonly<Record<string, { readonly says: RegExp; readonly make: (path: string) => void }>> = {
  'a text': {
    says: /is there already, and is no ledger, but a file of another kind: move it away/,
    make: (path) => writeFileSync(path, 'a text\n'.repeat(2_000)),
  },
  'a short text': {
    says: /is there already, and is no ledger, but a file of another kind/,
    make: (path) => writeFileSync(path, 'hello\n'),
  },
  'an empty file': { says: /and is an empty file/, make: (path) => writeFileSync(path, '') },
  'a database': {
    says: /and is a database, but not a ledger \(the table notes/,
    make: (path) => database(path, 'DELETE'),
  },
  'a database with a log': {
    says: /and is a database, but not a ledger \(the table notes/,
    make: (path) => database(path, 'WAL'),
  },
  'a folder': { says: /is a folder/, make: (path) => mkdirSync(path) },
  'a pipe': {
    says: /and is no file, but a device or a pipe/,
    make: (path) => void execFileSync('mkfifo', [path]),
  },
};

describe.each(Object.entries(KINDS))('%s in the place', (kind, { says, make }) => {
  test.each(Object.keys(MAKING))('of a new ledger: %s', async (name) => {
    const place = at(`${name} onto ${kind}`);
    mkdirSync(place);
    const path = join(place, 'ledger.db');
    make(path);
    const isFile = !/folder|pipe/.test(kind);
    const before = isFile ? readFileSync(path) : null;
    const { status, stdout, stderr } = await commandLine(MAKING[name]?.(path) ?? []);
    expect([status, stdout, stderr]).toEqual([2, '', expect.stringMatching(says)]);
    expect(stderr).toMatch(/^suanpan: [^\n]+\n$/);
    expect(readdirSync(place)).toEqual(['ledger.db']);
    if (before) expect(readFileSync(path).equals(before)).toBe(true);
  });
});

test('a ledger in the place is named as one, by restore and load; of a copy it is brought up to date', async () => {
  const path = at('there.db');
  for (const name of ['restore', 'load', 'restore', 'load', 'copy']) {
    const { status, stderr } = await commandLine(MAKING[name]?.(path) ?? []);
    const isFirst = name === 'restore' && status === 0;
    if (isFirst || name === 'copy') expect([name, status, stderr]).toEqual([name, 0, '']);
    else expect([name, status, stderr]).toEqual([name, 2, `suanpan: there is a ledger at ${path} already\n`]);
  }
});

describe('a server whose ledger was deleted under it', () => {
  test.each(Object.keys(MAKING))('keeps its place, and takes no more: %s', async (name) => {
    const place = at(`server ${name}`);
    mkdirSync(place);
    const path = join(place, 'ledger.db');
    const api = await served({ SUANPAN_STORE: store(path) });
    try {
      await withAccount(api);
      rmSync(path);
      const lost = await api.send('POST', '/accounts/acme/deposits', { amount: '5.00', reference: 'lost' });
      expect([lost.status, lost.body.code]).toEqual([503, 'store_unavailable']);
      expect(lost.body.detail).toMatch(/^nothing was recorded: .*ledger\.db was moved or deleted/);
      expect((await fetch(`${api.base}/readyz`)).status).toBe(503);
      const { status, stderr } = await commandLine(MAKING[name]?.(path) ?? []);
      expect([status, stderr]).toEqual([2, 'suanpan: another process has this ledger open for writing\n']);
      expect(readdirSync(place)).not.toContain('ledger.db');
    } finally {
      await api.stop();
    }
    const { status, stderr } = await commandLine(MAKING[name]?.(path) ?? []);
    expect([status, stderr]).toEqual([0, expect.not.stringContaining('internal error')]);
    expect((await commandLine(['verify', '--store', store(path)])).status).toBe(0);
  });
});

test('what killed runs left beside it is removed with their logs, an hour later', async () => {
  const place = at('left');
  mkdirSync(place);
  const path = join(place, 'ledger.db');
  // No process has such a number.
  const left = ['', '-wal', '-shm', '-journal'].map((end) => `${path}.part-99999999-0a1b2c3d${end}`);
  for (const name of ['restore', 'load']) {
    for (const one of left) {
      writeFileSync(one, 'x');
      utimesSync(one, 1, 1);
    }
    const { status, stderr } = await commandLine(MAKING[name]?.(path) ?? []);
    expect([name, status, stderr]).toEqual([name, 0, '']);
    expect(readdirSync(place).filter((found) => found.includes('part'))).toEqual([]);
    rmSync(place, { recursive: true });
    mkdirSync(place);
  }
});
