/**
 * A ledger that is opened through a symbolic link: lock, key, watermark and derived files are those beside the file itself,
 * so that two names are one ledger.
 */
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { served } from '../support/api.ts';
import { commandLine } from '../support/command-line.ts';
import { temporaryFolder } from '../support/folder.ts';

let folder: string;
const at = (name: string): string => join(folder, name);
const store = (name: string): string => `sqlite:${at(name)}`;

/** Opens an account; the clock is a test's, since one that starts now would have closes to catch up with. */
const life = (id: string): string => {
  const line = { at: '2019-01-01T00:00:00+08:00', command: 'open-account', account: id, id, name: id };
  writeFileSync(at(`${id}.ndjson`), JSON.stringify(line));
  return at(`${id}.ndjson`);
};
const CLOCK = '2019-01-02T00:00:00+08:00';

beforeEach(() => {
  folder = temporaryFolder();
  mkdirSync(at('disk'));
  mkdirSync(at('data'));
});

test('has one writer, one key and one set of derived files, whatever its name', {
  timeout: 60_000,
}, async () => {
  symlinkSync('../disk/ledger.db', at('data/ledger.db'));
  // The link leads nowhere yet: the ledger is made where it leads.
  const made = await commandLine(['import', life('a'), '--store', store('data/ledger.db')]);
  expect([made.status, made.stderr]).toEqual([0, '']);
  const server = await served({ SUANPAN_STORE: store('disk/ledger.db'), SUANPAN_CLOCK: CLOCK });
  try {
    for (const words of [
      ['import', life('b')],
      ['keys', 'create', '--name', 'k'],
    ]) {
      const { status, stderr } = await commandLine([...words, '--store', store('data/ledger.db')]);
      expect([words, status, stderr]).toEqual([words, 2, expect.stringContaining('open for writing')]);
    }
    await server.ok('GET', '/checkpoints');
    await server.ok('POST', '/checkpoints', {});
  } finally {
    await server.stop();
  }
  const linked = await served({ SUANPAN_STORE: store('data/ledger.db'), SUANPAN_CLOCK: CLOCK });
  await linked.ok('POST', '/checkpoints', {});
  await linked.stop();
  expect(readdirSync(at('data'))).toEqual(['ledger.db']);
  expect(readdirSync(at('disk'))).toContain('ledger.db.key');
});

test('is put back where the link leads, by restore and load', async () => {
  expect((await commandLine(['import', life('a'), '--store', store('ledger.db')])).status).toBe(0);
  expect((await commandLine(['backup', at('backup'), '--store', store('ledger.db')])).status).toBe(0);
  expect((await commandLine(['export', at('export'), '--store', store('ledger.db')])).status).toBe(0);
  for (const [name, words] of Object.entries({
    restored: ['restore', at('backup')],
    loaded: ['load', at('export')],
    copied: ['copy', store('ledger.db')],
  })) {
    symlinkSync(`../disk/${name}`, at(`data/${name}`));
    const target = name === 'copied' ? [store(`data/${name}`)] : ['--store', store(`data/${name}`)];
    const { status, stderr } = await commandLine([...words, ...target]);
    expect([name, status, stderr]).toEqual([name, 0, '']);
    expect(readdirSync(at('disk'))).toContain(name);
    expect((await commandLine(['verify', '--store', store(`data/${name}`)])).status).toBe(0);
  }
  expect(readdirSync(at('data')).sort()).toEqual(['copied', 'loaded', 'restored']);
});

test('whose link leads in a circle is named as such', async () => {
  symlinkSync('circle', at('circle'));
  const { status, stderr } = await commandLine(['import', life('a'), '--store', store('circle')]);
  expect([status, stderr]).toEqual([2, expect.stringMatching(/^suanpan: .*circle.*\n$/)]);
});
