/**
 * Derived files know what they were derived from: put beside another ledger, or beside what the ledger was before, each
 * is found at the next opening and derived again. Made from the one list of derived files.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { DERIVED, DERIVED_KINDS, type DerivedKind, derivedPath } from '../../src/derived/files.ts';
import { temporaryFolder } from '../support/folder.ts';
import { pairs } from '../support/proof.ts';
import { builtLedgers, observed } from './ledger-copies.ts';

/** Of an embedded ledger there are all but the directory of an engine's streams (`esdb/ledger/derived-folder.test.ts`). */
const KINDS = DERIVED_KINDS.filter((kind) => kind !== 'heads');
const SOURCES = ['older', 'newer', 'other'] as const;

let places: Awaited<ReturnType<typeof builtLedgers>>;
let expected: Awaited<ReturnType<typeof observed>>;
let built = '';
beforeAll(async () => {
  const { mkdtempSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  built = mkdtempSync(join(tmpdir(), 'suanpan-bound-'));
  places = await builtLedgers(built);
  const clean = join(built, 'clean');
  cpSync(join(places.target, 'ledger.db'), join(clean, 'ledger.db'));
  expected = await observed(clean);
  return () => rmSync(built, { recursive: true, force: true });
}, 300_000);

/** Copies a derived file, or a ledger, with its logs. */
const put = (from: string, to: string): void => {
  for (const end of ['', '-wal', '-shm'])
    if (existsSync(`${from}${end}`)) cpSync(`${from}${end}`, `${to}${end}`, { recursive: true });
};

const beside = (folder: string, kind: DerivedKind): string => derivedPath(join(folder, 'ledger.db'), kind);

/** What may have become of a derived file. */
const DAMAGE: Readonly<Record<string, (path: string) => void>> = {
  empty: (path) => truncateSync(path),
  'cut off': (path) => truncateSync(path, Math.floor(statSync(path).size / 2)),
  garbage: (path) => writeFileSync(path, Buffer.alloc(Math.max(8_192, statSync(path).size), 0xa5)),
  'an empty folder': (path) => {
    rmSync(path);
    mkdirSync(path);
  },
};

describe('a derived file', () => {
  test('is on the list: nothing else lies beside a ledger', () => {
    const others = readdirSync(places.target).filter(
      (name) => !KINDS.some((kind) => name.startsWith(`ledger.db.${kind}`)),
    );
    expect(others.filter((name) => !/^ledger\.db(\.mark|\.key)?$/.test(name))).toEqual([]);
    for (const kind of KINDS) expect(existsSync(beside(places.target, kind)), kind).toBe(true);
  });

  test.each(pairs('derived files of another ledger', KINDS, SOURCES))(
    '%s of the %s ledger is derived again',
    async (kind, source) => {
      const folder = join(temporaryFolder(), 'ledger');
      cpSync(places.target, folder, { recursive: true });
      for (const end of ['', '-wal', '-shm'])
        rmSync(`${beside(folder, kind)}${end}`, { recursive: true, force: true });
      put(beside(places[source], kind), beside(folder, kind));
      expect(await observed(folder)).toEqual(expected);
    },
  );

  test.each(SOURCES)('is derived again when a ledger is copied over the %s one', async (source) => {
    const folder = join(temporaryFolder(), 'ledger');
    cpSync(places[source], folder, { recursive: true });
    cpSync(join(places.target, 'ledger.db'), join(folder, 'ledger.db'));
    expect(await observed(folder)).toEqual(expected);
  });

  test.each(pairs('damaged derived files', KINDS, Object.keys(DAMAGE)))(
    '%s that is %s is derived again',
    async (kind, how) => {
      const folder = join(temporaryFolder(), 'ledger');
      cpSync(places.target, folder, { recursive: true });
      const path = beside(folder, kind);
      for (const end of ['-wal', '-shm']) rmSync(`${path}${end}`, { force: true });
      if (statSync(path).isFile()) DAMAGE[how]?.(path);
      else for (const name of readdirSync(path)) DAMAGE[how]?.(join(path, name));
      expect(await observed(folder)).toEqual(expected);
    },
  );

  test.each(KINDS.filter((kind) => DERIVED[kind] === 'sqlite'))(
    '%s: a folder in its place that holds something is left alone, in one line',
    async (kind) => {
      const folder = join(temporaryFolder(), 'ledger');
      cpSync(places.target, folder, { recursive: true });
      const path = beside(folder, kind);
      for (const end of ['', '-wal', '-shm']) rmSync(`${path}${end}`, { force: true });
      mkdirSync(path);
      writeFileSync(join(path, 'of somebody'), '');
      await expect(observed(folder)).rejects.toThrow(/a folder is in its place: move that away/);
      expect(readdirSync(path)).toEqual(['of somebody']);
    },
  );

  test('is named in one file of the source alone', () => {
    const root = join(import.meta.dirname, '..', '..', 'src');
    const named = new RegExp(`['\`.}]\\.(${KINDS.join('|')})(['\`]|-wal)`);
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.ts'),
    );
    expect(files.filter((file) => named.test(readFileSync(join(root, file), 'utf8')))).toEqual([]);
  });
});
