/** The unit for systemd: what it sets are settings, what it runs is there, and systemd itself finds nothing wrong with it. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readSettings } from '../../src/serve/settings.ts';
import { ROOT } from '../docs/shell-blocks.ts';

const UNIT = join(ROOT, 'deploy/suanpan.service');
const unit = readFileSync(UNIT, 'utf8');
const valuesOf = (name: string): string[] =>
  [...unit.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value = '']) => value);

const hasSystemd = spawnSync('systemd-analyze', ['--version']).error === undefined;
if (!hasSystemd) console.log('skipped: systemd-analyze is not installed');

test('what it sets are settings of the server, and the ready file is the one that is waited for', () => {
  const env = Object.fromEntries(valuesOf('Environment').map((text) => text.split(/=(.*)/s).slice(0, 2)));
  const { readyFile, store } = readSettings({}, env);
  expect(store).toBe('sqlite:/var/lib/suanpan/ledger.db');
  const [start = ''] = valuesOf('ExecStart');
  const [post = ''] = valuesOf('ExecStartPost');
  expect(start).toMatch(/suanpan\/bin\/suanpan\.js serve$/);
  expect(post).toContain(`wait --ready-file ${readyFile}`);
  const seconds = Number(/--timeout (\d+)/.exec(post)?.[1]);
  expect(Number(valuesOf('TimeoutStartSec')[0])).toBeGreaterThan(seconds);
});

test.skipIf(!hasSystemd)('systemd finds nothing wrong with it, and little that is exposed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'suanpan-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  // Where it would be installed: what it runs must exist there for the check.
  const installed = join(folder, 'suanpan.service');
  mkdirSync(join(folder, 'bin'));
  symlinkSync(process.execPath, join(folder, 'bin/node'));
  writeFileSync(installed, unit.replaceAll('/usr/bin/node', join(folder, 'bin/node')));
  const verified = spawnSync('systemd-analyze', ['verify', '--man=no', installed], { encoding: 'utf8' });
  const own = verified.stderr.split('\n').filter((line) => line.includes('suanpan'));
  expect([verified.status, own]).toEqual([0, []]);
  const args = ['security', '--offline=true', '--no-pager', installed];
  const { stdout } = spawnSync('systemd-analyze', args, { encoding: 'utf8' });
  const exposure = Number(/exposure level for \S+: ([\d.]+)/.exec(stdout)?.[1]);
  expect(exposure).toBeLessThan(2);
});
