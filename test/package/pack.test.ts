/** The package as a stranger gets it: packed, installed elsewhere, run. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MINUTES = 60_000;

test('packs, installs elsewhere and runs', { timeout: 5 * MINUTES }, (context) => {
  const folder = temporaryFolder();
  const run = (command: string, args: readonly string[], cwd: string) =>
    spawnSync(command, args, { cwd, encoding: 'utf8', env: { ...process.env, SUANPAN_STORE: '' } });
  const packed = run('npm', ['pack', '--pack-destination', folder], ROOT);
  expect(packed.stderr + packed.stdout).not.toContain('npm error');
  const tarball = readdirSync(folder).find((file) => file.endsWith('.tgz')) ?? '';
  const installed = run('npm', ['install', '--prefix', folder, join(folder, tarball)], folder);
  if (installed.status !== 0) {
    console.log(
      `skipped: the package's dependencies cannot be installed here: ${installed.stderr.slice(0, 300)}`,
    );
    context.skip();
  }
  const suanpan = join(folder, 'node_modules', 'suanpan', 'bin', 'suanpan.js');
  expect(run(process.execPath, [suanpan, '--version'], folder).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  const demo = run(
    process.execPath,
    [suanpan, 'demo', '--exit', '--accounts', '10', '--records', '2000'],
    folder,
  );
  expect(demo.stdout).toContain('all match');
});
