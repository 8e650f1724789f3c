/** Style that a machine can see: who imports whom, how long files are, that documents name what there is. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { PROBLEM_CODES, type ProblemCode, statusOf } from '../src/api/http/problems/problem.ts';
import { storedEvents } from '../src/codec/stored-events.ts';
import { DERIVED_KINDS } from '../src/derived/files.ts';
import { REFUSALS, USAGE_REFUSALS } from '../src/domain/refusals.ts';
import { systemEvents } from '../src/ledger/system/events.ts';
import { circleOf, exportsOf, namesImported } from './support/exports.ts';
import { functionsOf } from './support/functions.ts';
import { PARSES_JSON } from './support/json-of-the-ledger.ts';
import { EVENTS_IMPORT, EVENTS_OF_ALL, isEventsOf, MAY_IMPORT, SHARED } from './support/rooms.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => join('src', file));
const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const LINES_MAX = 245;
/** Of a function's body. */
const FUNCTION_MAX = 80;

const importsOf = (file: string): string[] =>
  [...textOf(file).matchAll(/^(?:import|export)[^;]*? from '([^']+)'/gms)].map(([, name = '']) => name);
const placeOf = (file: string, name: string): string =>
  name.startsWith('.') ? normalize(join(dirname(file), name)) : name;

describe('tidy', () => {
  test.each(files)('%s imports only what its layer may', (file) => {
    const folder = file.split('/')[1] ?? '';
    const allowed = MAY_IMPORT[folder] ?? [];
    for (const name of importsOf(file)) {
      const place = placeOf(file, name);
      const layer = place.startsWith('src/') ? (place.split('/')[1] ?? '') : place;
      if (isEventsOf(file)) expect(EVENTS_IMPORT, `${file} imports ${name}`).toContain(place);
      if (layer === folder || layer === 'text') continue;
      if (file === EVENTS_OF_ALL && isEventsOf(place)) continue;
      if (SHARED.includes(layer) && folder !== 'domain' && folder !== 'projections') continue;
      if (layer.startsWith('node:'))
        expect(['domain', 'projections'], `${file} imports ${name}`).not.toContain(folder);
      else expect(allowed, `${file} imports ${name}`).toContain(layer);
      if (folder === 'domain' && layer === 'zod') expect(file).toContain('-schema');
    }
  });

  test('one folder knows the client of the engine', () => {
    for (const file of files.filter((name) => importsOf(name).includes('@eventstore/db-client')))
      expect(dirname(file)).toBe('src/eventstore/eventstoredb');
  });

  test('a ledger is read in one way, and its streams are named in one place', () => {
    const engines = (file: string): boolean => file.startsWith('src/eventstore/');
    // They stand between a reader and an engine, and hand on what they are asked for.
    const between = [
      'src/ledger/following/read-worker.ts',
      'src/transfer/copy-stopping.ts',
      'src/transfer/copy-verify.ts',
    ];
    for (const file of files.filter((name) => !engines(name) && !between.includes(name))) {
      expect(textOf(file), file).not.toMatch(/\b(store|from|to)(\(\))?\.(read|readAll|streams|heads)\(/);
      expect(textOf(file), file).not.toMatch(/['`]account-|\^?\\?\{"type":/);
    }
  });

  test('a database is connected to and written in one way, and files beside a ledger are named in one place', () => {
    for (const file of files.filter((name) => name !== 'src/files/sqlite-file.ts')) {
      expect(textOf(file), file).not.toMatch(/new DatabaseSync\(|-(wal|shm|journal)\b|\bCOMMIT\b/);
      for (const kind of DERIVED_KINDS) expect(textOf(file), file).not.toContain(`}.${kind}\``);
    }
    for (const [end, home] of [
      ['key', 'src/ledger/secrets/server-key.ts'],
      ['mark', 'src/eventstore/sqlite/watermark.ts'],
      ['backed-up', 'src/ledger/own-files.ts'],
    ])
      expect(files.filter((file) => textOf(file).includes(`}.${end}\``))).toEqual([home]);
  });

  test('no file is long, and none is named for nothing', () => {
    for (const file of files) {
      expect(textOf(file), `${file} says at its head what it is`).toMatch(/^\/\*\*/);
      expect(textOf(file).split('\n').length, file).toBeLessThanOrEqual(LINES_MAX);
      expect(file).not.toMatch(/(^|\/)(utils|helpers|manager|service|index)\.ts$/);
    }
  });

  test('no function is long', () => {
    const long = files.flatMap((file) =>
      functionsOf(file, textOf(file)).flatMap(({ name, lines }) =>
        lines > FUNCTION_MAX ? [`${file}: ${name} has ${lines} lines`] : [],
      ),
    );
    expect(long).toEqual([]);
  });

  test('no file imports itself by way of others, types included', () => {
    const imports = new Map(
      files.map((file) => [
        file,
        importsOf(file).flatMap((name) => (name.startsWith('.') ? [placeOf(file, name)] : [])),
      ]),
    );
    expect(circleOf(imports)).toBeNull();
  });

  test('what is exported is imported somewhere, or is a type of an export beside it', () => {
    const readers = ['test', 'bench', 'scripts', 'client'].flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.(ts|mjs|js)$/.test(file) && !file.includes('node_modules'))
        .map((file) => join(folder, file)),
    );
    const imported = new Set([...files, ...readers].flatMap((file) => namesImported(file, textOf(file))));
    const isUsed = (file: string, name: string): boolean =>
      imported.has(`${file} ${name}`) || imported.has(`${file} *`);
    const unused = files
      // Modules of the package export to programs.
      .filter((file) => !/^src\/(package|browser)\//.test(file))
      .flatMap((file) => exportsOf(file, textOf(file)))
      .filter(({ file, name, isType }) => {
        const isBeside = isType && (textOf(file).match(new RegExp(`\\b${name}\\b`, 'g')) ?? []).length > 1;
        return !isBeside && !isUsed(file, name);
      });
    expect(unused.map(({ file, name }) => `${file}: ${name}`)).toEqual([]);
  });

  test('every file is reached from the command line, or is a thread of its own, for browsers or a module of the package', () => {
    const reached = new Set<string>();
    const reach = (file: string): void => {
      if (reached.has(file)) return;
      reached.add(file);
      for (const name of importsOf(file)) if (name.startsWith('.')) reach(placeOf(file, name));
    };
    for (const start of [
      'cli/main.ts',
      'identity-index/worker.ts',
      'ledger/following/follow-worker.ts',
      'ledger/following/read-worker.ts',
      'ledger/account/ingest.ts',
      'ledger/refused-usage/log.ts',
      'browser/verify.ts',
      'browser/read-bundle.ts',
      'package/price-book.ts',
      'package/domain.ts',
      'browser/sha256.ts',
    ]) {
      reach(join('src', start));
    }
    expect(files.filter((file) => !reached.has(file))).toEqual([]);
  });

  test('a command that serves nothing loads no server, and none loads the client of an engine it is not on', () => {
    const loaded = new Set<string>();
    const load = (name: string): void => {
      if (loaded.has(name)) return;
      loaded.add(name);
      if (!name.startsWith('src/')) return;
      const text = textOf(name).replace(/^(?:import|export) type [^;]*;/gms, '');
      for (const [, next = ''] of text.matchAll(/^(?:import|export)[^;]*? from '([^']+)'/gms))
        load(next.startsWith('.') ? placeOf(name, next) : next);
    };
    load('src/cli/main.ts');
    expect(loaded).toContain('zod');
    for (const name of ['fastify', 'pino', 'prom-client', 'nodemailer', '@eventstore/db-client'])
      expect(loaded, name).not.toContain(name);
  });

  test('the domain knows no clock, no chance and no product', () => {
    const products = readdirSync(join(ROOT, 'price-books'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.json'))
      .map((file) => basename(file).replace(/(-\d{4}-\d\d)?\.json$/, ''));
    for (const file of files.filter((f) => f.startsWith('src/domain'))) {
      expect(textOf(file), file).not.toMatch(/Date\.now|new Date\(\)|Math\.random|process\.|parseFloat/);
      for (const product of products) expect(textOf(file), file).not.toContain(`'${product}`);
    }
  });

  test('text reaches the standard streams through one place, which escapes it', () => {
    for (const file of files)
      if (file !== 'src/cli/standard-streams.ts') {
        expect(textOf(file), file).not.toMatch(/\bconsole\.|process\.std(out|err)\.(write|end)\b/);
        if (file !== 'src/cli/output.ts') expect(textOf(file), file).not.toMatch(/processStreams\(\)\./);
      }
  });

  test('JSON of others is read without loss: a text is parsed by itself only where the ledger, or this package, wrote it', () => {
    const raw = files.filter((file) => textOf(file).includes('JSON.parse('));
    expect(raw.sort()).toEqual(Object.keys(PARSES_JSON).sort());
  });

  test('no type is talked around', () => {
    for (const file of files)
      expect(textOf(file), file).not.toMatch(/as any|as unknown as|@ts-ignore|@ts-expect-error/);
  });

  test('the documents name every refusal and every fact, and nothing else', () => {
    const codes = [...textOf('docs/refusals.md').matchAll(/^\| `([a-z_]+)`/gm)].map(([, code]) => code);
    expect(codes.sort()).toEqual(
      [...new Set<string>([...REFUSALS, ...USAGE_REFUSALS, ...PROBLEM_CODES])].sort(),
    );
    for (const [, code, status] of textOf('docs/refusals.md').matchAll(/^\| `([a-z_]+)` +\| +(\d+) \|/gm))
      if (PROBLEM_CODES.includes(code as ProblemCode))
        expect([code, statusOf(code as ProblemCode)]).toEqual([code, Number(status)]);
    const [facts = '', beside = ''] = textOf('docs/events.md').split('## System events');
    const named = [...facts.matchAll(/^### (\w+)$/gm)].map(([, name]) => name);
    expect(named.sort()).toEqual(Object.keys(storedEvents).sort());
    const namedBeside = [...beside.matchAll(/^### (\w+)$/gm)].map(([, name]) => name);
    expect(namedBeside.sort()).toEqual(Object.keys(systemEvents).sort());
  });
});
