/**
 * The package as a stranger gets it: packed, put into an empty project, every module of it type-checked and used on each
 * supported Node, and its command run. Nothing is asked of a network, except in full proof.
 */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { linkedIn, packed, ROOT, run, unpackedIn } from './installed.ts';
import { nodeOf, SUPPORTED } from './nodes.ts';

const MINUTES = 60_000;
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
const HISTORY = join(ROOT, 'test/history');
const { exports: EXPORTS } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
};

const folder = mkdtempSync(join(tmpdir(), 'suanpan-test-'));
const folderOf = (name: string): string => {
  mkdirSync(join(folder, name));
  return join(folder, name);
};
const project = folderOf('project');
let tarball = '';
beforeAll(() => {
  tarball = packed(folderOf('packed'));
  unpackedIn(project, tarball);
}, 5 * MINUTES);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const nodes = SUPPORTED.map((version) => nodeOf(version, folderOf(`node-${version}`)));
for (const { path, why } of nodes) if (!path) console.log(`skipped: ${why}`);

describe('the modules', () => {
  test('that are named are in the package', () => {
    const names = run('tar', ['-tzf', tarball], project).stdout.split('\n');
    for (const [name, target] of Object.entries(EXPORTS))
      for (const file of typeof target === 'string' ? [target] : Object.values(target))
        if (!file.includes('*')) expect(names, name).toContain(file.replace('./', 'package/'));
    expect(names.filter((name) => /^package\/(src|test|client|bench)\//.test(name))).toEqual([]);
  });

  test.each([
    ['use-node', 'nodenext', { types: ['node'] }],
    ['use-browser', 'bundler', { types: [], lib: ['es2022', 'dom', 'dom.iterable', 'dom.asynciterable'] }],
  ])('type-check in a strict project: %s with %s', (name, resolution, own) => {
    for (const types of ['@types/node', 'undici-types']) linkedIn(join(project, 'node_modules'), types);
    const compilerOptions = {
      target: 'es2022',
      module: resolution === 'bundler' ? 'esnext' : 'nodenext',
      moduleResolution: resolution,
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: false,
      outDir: 'out',
      ...own,
    };
    copyFileSync(join(ROOT, 'test/package/use', `${name}.mts.txt`), join(project, `${name}.mts`));
    const config = join(project, `tsconfig.${name}.json`);
    writeFileSync(config, JSON.stringify({ compilerOptions, files: [`${name}.mts`] }));
    const { stdout, stderr } = run(process.execPath, [TSC, '-p', config], project);
    expect(stdout + stderr).toBe('');
  });

  test.for(nodes)('are used on Node $version', ({ path, version, why }, context) => {
    if (!path) return context.skip(why);
    const args = [
      join(project, 'out/use-node.mjs'),
      join(HISTORY, 'bundle-1-2019-01.suanpan'),
      readFileSync(join(HISTORY, 'bundle-1.key'), 'utf8').trim(),
      join(project, 'node_modules/suanpan/price-books/face-recognition-2019-01.json'),
    ];
    const { stdout, stderr, status } = run(path, args, project);
    // Node before 20.16 says so of its own Ed25519.
    const own = stderr.replace(
      /^.*ExperimentalWarning: The Ed25519 .*\n\(Use `node --trace-warnings .*\n/m,
      '',
    );
    expect([own, status]).toEqual(['', 0]);
    const { node, ...told } = JSON.parse(stdout) as { node: string };
    expect(`${node}.`).toMatch(new RegExp(`^${version}[.]`));
    expect(told).toEqual({
      client: [1, 'account_unknown', true],
      verify: [true, true],
      'price-book': ['face-recognition', 64, false],
      domain: ['accepted', '(52000000 − 50000000 − 10000) × 0.0032 = 6368', '6368.00', '148868.00'],
    });
  });
});

test('the verifier of one file is as large as docs/audit-bundle.md says', () => {
  const text = readFileSync(join(ROOT, 'docs/audit-bundle.md'), 'utf8');
  const [, plain, gzipped] = /`dist\/verify.js`\s+\((\d+) KB, (\d+) KB gzipped\)/.exec(text) ?? [];
  const bytes = readFileSync(join(project, 'node_modules/suanpan/dist/verify.js'));
  for (const [said, length] of [
    [plain, bytes.length],
    [gzipped, gzipSync(bytes).length],
  ] as const)
    expect(Math.abs(Number(said) * 1_000 - length), `says ${said} KB of ${length}`).toBeLessThan(length / 20);
});

describe('the command', () => {
  const bin = () => join(project, 'node_modules/suanpan/bin/suanpan.js');
  const older = nodes.find(({ major, path }) => path !== null && major < 24);

  test('runs, without warnings', () => {
    const version = run(process.execPath, [bin(), '--version'], project);
    expect(version).toMatchObject({ stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), stderr: '' });
    const args = ['demo', '--exit', '--accounts', '2', '--records', '400'];
    expect(run(process.execPath, [bin(), ...args], project).stdout).toContain('all match');
  });

  test.skipIf(!older)(
    'on an older Node says what is true there, and runs where Node 24 lies beside it',
    () => {
      const other = folderOf('older');
      unpackedIn(other, tarball);
      const own = join(other, 'node_modules/suanpan/bin/suanpan.js');
      const { status, stderr, stdout } = run(older?.path ?? '', [own, '--version'], other);
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(
        /^suanpan: the command needs Node 24 or newer, this is v2\d\..*npm install node@24/,
      );
      expect(stderr).not.toContain('npm ci');
      linkedIn(join(other, 'node_modules'), 'node');
      expect(run(older?.path ?? '', [own, '--version'], other).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    },
  );
});

test.skipIf(process.env['SUANPAN_PROOF'] !== 'full')(
  'installs from the registry, without a word of engines (full proof)',
  { timeout: 10 * MINUTES },
  () => {
    const other = folderOf('registry');
    writeFileSync(join(other, 'package.json'), JSON.stringify({ name: 'stranger', type: 'module' }));
    const { status, stderr } = run('npm', ['install', '--no-audit', '--no-fund', tarball], other);
    expect([status, stderr]).toEqual([0, expect.not.stringContaining('EBADENGINE suanpan')]);
    const bin = join(other, 'node_modules/.bin/suanpan');
    expect(run(process.execPath, [bin, '--version'], other).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  },
);
