/** The files of the identity index beside a ledger are lost or damaged: no record is metered twice, and no command is stopped. */
import { existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commandLine } from '../support/command-line.ts';
import { temporaryFolder } from '../support/folder.ts';

const at = '2019-01-01T00:00:00+08:00';
const life = [
  { at, command: 'open-account', account: 'acme', id: 'c1', name: 'Acme' },
  { at, command: 'activate-service', account: 'acme', id: 'c2', product: 'face-recognition' },
  { at, command: 'deposit', account: 'acme', id: 'c3', amount: '200000', reference: 'wire-1' },
];
const usage = (id: string) => ({
  ...{ specversion: '1.0', type: 'suanpan.usage', source: '/gateway/1', id, subject: 'acme' },
  time: '2019-01-10T08:00:00+08:00',
  data: { interface: 'face-recognition/search', calls: 1000 },
});

/** A ledger that metered two records, each imported by a process of its own; imports lines into it. */
const givenTwoRecords = async () => {
  const folder = temporaryFolder();
  const imported = async (lines: readonly object[]) => {
    const file = join(folder, 'lines.ndjson');
    writeFileSync(file, lines.map((line) => JSON.stringify(line)).join('\n'));
    const words = ['import', file, '--json', '--store', `sqlite:${join(folder, 'ledger.db')}`];
    const { status, stdout, stderr } = await commandLine(words);
    expect([status, stderr]).toEqual([0, '']);
    const { usage: counts } = JSON.parse(stdout);
    return { accepted: counts.accepted, duplicates: counts.duplicates };
  };
  for (const lines of [life, [usage('first')], [usage('second')]]) await imported(lines);
  return { index: join(folder, 'ledger.db.index'), imported };
};

const TWO_DUPLICATES = { accepted: 0, duplicates: 2 };
const emptyTables = (folder: string): void => {
  const tables = readdirSync(folder).filter((name) => name.endsWith('.ldb'));
  expect(tables.length).toBeGreaterThan(0);
  for (const name of tables) truncateSync(join(folder, name));
};

test.each(['CURRENT', 'MANIFEST', 'log'])('without its %s', async (part) => {
  const { index, imported } = await givenTwoRecords();
  const names = readdirSync(index).filter((name) => name.startsWith(part) || name.endsWith(`.${part}`));
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) rmSync(join(index, name));
  expect(await imported([usage('first'), usage('second')])).toEqual(TWO_DUPLICATES);
  expect(await imported([usage('first'), usage('third')])).toEqual({ accepted: 1, duplicates: 1 });
});

test('with tables of no length', async () => {
  const { index, imported } = await givenTwoRecords();
  emptyTables(index);
  expect(await imported([usage('first'), usage('second')])).toEqual(TWO_DUPLICATES);
});

/** Linux's id of this boot. */
const BOOT_ID = '/proc/sys/kernel/random/boot_id';

test.skipIf(!existsSync(BOOT_ID))('with tables of no length, after its process was killed', async () => {
  const { index, imported } = await givenTwoRecords();
  writeFileSync(join(index, 'OPEN'), readFileSync(BOOT_ID, 'utf8').trim());
  rmSync(join(index, 'FILES'), { force: true });
  emptyTables(index);
  expect(await imported([usage('first'), usage('second')])).toEqual(TWO_DUPLICATES);
});
