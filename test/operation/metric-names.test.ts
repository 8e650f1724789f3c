/**
 * Metrics as Prometheus wants them: what `promtool check metrics` looks at, looked at here, and by promtool itself where
 * it is installed (Debian's package `prometheus`).
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { USAGE_REFUSALS } from '../../src/domain/refusals.ts';
import { noteBackup } from '../../src/operation/last-backup.ts';
import { type ServedApi, served, usage, withAccount } from '../support/api.ts';

const hasPromtool = spawnSync('promtool', ['--version']).error === undefined;
if (!hasPromtool) console.log('skipped: promtool is not installed (Debian: apt install prometheus)');

let api: ServedApi;
let folder = '';
let text = '';
const BACKED_UP = Date.UTC(2026, 5, 1);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'suanpan-test-'));
  const ledger = join(folder, 'ledger.db');
  api = await served({ SUANPAN_STORE: `sqlite:${ledger}` });
  await withAccount(api);
  await api.ok('POST', '/usage', [usage('1'), usage('2', { data: { interface: 'none/none', calls: 1 } })]);
  noteBackup(ledger, BACKED_UP);
  await api.ok('POST', '/checkpoints');
  text = await (await fetch(`${api.base}/metrics`)).text();
});
afterAll(async () => {
  await api.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: string;
}

const families = (): Family[] =>
  [...text.matchAll(/^# HELP (\S+) (.*)\n# TYPE \S+ (\w+)$/gm)].map(
    ([, name = '', help = '', type = '']) => ({
      name,
      help,
      type,
    }),
  );

test('every metric has a help and a type', () => {
  const named = new Set(
    [...text.matchAll(/^([a-zA-Z_:][a-zA-Z0-9_:]*)[{ ]/gm)].map(([, name = '']) =>
      name.replace(/_(bucket|sum|count)$/, ''),
    ),
  );
  const known = new Set(families().map(({ name }) => name));
  expect([...named].filter((name) => !known.has(name))).toEqual([]);
});

test('counters and nothing else are called `_total`', () => {
  for (const { name, type } of families())
    expect(name.endsWith('_total'), `${name} is a ${type}`).toBe(type === 'counter');
});

test('names are lower case, in base units, and do not say what they are', () => {
  for (const { name, help } of families()) {
    expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
    expect(help.length, name).toBeGreaterThan(0);
    expect(name).not.toMatch(/_(counter|gauge|histogram|summary)(_|$)/);
    expect(name).not.toMatch(/_(ms|us|ns|s|sec|minutes|hours|days|milliseconds|kb|mb|bits|percent)(_|$)/);
    expect(name).not.toMatch(/_(count|sum|bucket)$/);
  }
});

test.skipIf(!hasPromtool)('promtool has nothing to say', () => {
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
    input: text,
    encoding: 'utf8',
  });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
});

describe('what an operator watches', () => {
  const figure = (name: string): number => {
    const line = text.split('\n').find((one) => one.startsWith(`${name} `));
    return Number(line?.slice(name.length + 1));
  };

  test('refused usage by code, each there from the beginning', () => {
    for (const code of USAGE_REFUSALS)
      expect(figure(`suanpan_usage_refused_total{code="${code}"}`), code).toBe(
        code === 'interface_unknown' ? 1 : 0,
      );
  });

  test('the last backup and the last checkpoint', () => {
    expect(figure('suanpan_last_backup_timestamp_seconds')).toBe(BACKED_UP / 1_000);
    expect(figure('suanpan_last_checkpoint_timestamp_seconds')).toBeGreaterThan(BACKED_UP / 1_000);
  });

  test('accounts, months open, closes that wait', () => {
    for (const name of ['suanpan_accounts', 'suanpan_accounts_below_zero', 'suanpan_months_open'])
      expect(Number.isInteger(figure(name)), name).toBe(true);
  });
});
