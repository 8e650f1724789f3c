/**
 * Everything beside the log is derived: deleted, alone or all together, no answer changes, nothing is counted twice,
 * and the ledger goes on as one that lost nothing. The commands are those of the command line, run in this process.
 */
import { cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { account } from '../../src/cli/account-command.ts';
import { bill, replay } from '../../src/cli/bill-commands.ts';
import type { Command } from '../../src/cli/command.ts';
import { explain } from '../../src/cli/explain-command.ts';
import { overview, rebuild } from '../../src/cli/rebuild-command.ts';
import { verify } from '../../src/cli/verify-command.ts';
import { importFile } from '../../src/cli/write-commands.ts';
import { openSnapshots } from '../../src/derived/account-snapshots.ts';
import type { ImportResult } from '../../src/import/result.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runs } from '../support/proof.ts';

const ACCOUNTS = ['steady', 'busy', 'corrected'];
const MONTHS = ['2019-01', '2019-02'];
const POOL = 'face-recognition/compare';

const line = (on: string, account: string, command: string, more: object) => {
  return { at: `2019-${on}T04:00:00+08:00`, command, account, ...more };
};
const deposit = (on: string, who: string, amount: string, reference: string, more: object = {}) =>
  line(on, who, 'deposit', { amount, reference, ...more });
const close = (on: string, who: string, month: string) => line(on, who, 'close-month', { id: month, month });
const correction = (on: string, who: string, calls: number) =>
  line(on, who, 'correct-usage', { source: '/g', record: 'u2', calls, reason: 'a test' });
const usage = (subject: string, id: string, day: string, calls: number, name = POOL) => {
  const time = `2019-${day}T08:00:00+08:00`;
  const data = { interface: name, calls };
  return { specversion: '1.0', type: 'suanpan.usage', source: '/g', id, subject, time, data };
};
/** So many facts in a month that a snapshot is kept in its midst. */
const busy = (month: string) =>
  Array.from({ length: 300 }, (_, n) => [
    usage('busy', `${month} ${n}`, `${month}-04`, 1_000 + n),
    deposit(`${month}-05`, 'busy', '1', `${month} ${n}`),
  ]).flat();

/** Two months of three accounts, with repeats, conflicts, refusals, late usage and a correction; and part of a third. */
const LIFE: readonly object[] = [
  ...ACCOUNTS.flatMap((id) => [
    line('01-01', id, 'open-account', { id: 'open', name: `Holder of ${id}` }),
    line('01-01', id, 'activate-service', { id: 'activate', product: 'face-recognition' }),
    deposit('01-01', id, '900000', 'wire-1', { id: 'paid' }),
    line('01-01', id, 'buy-packs', { pool: POOL, size: 1_000_000 }),
    ...[1, 2].map(() => usage(id, 'u1', '01-10', 1_500_000)),
    ...[70_000, 9].map((calls) => usage(id, 'u2', '01-11', calls)),
    usage(id, 'u3', '01-12', 5, 'no/such'),
    close('02-01', id, '2019-01'),
    usage(id, 'late', '01-31', 600_000),
  ]),
  correction('02-03', 'corrected', 7),
  ...busy('02'),
  ...ACCOUNTS.map((id) => close('03-01', id, '2019-02')),
  ...busy('03'),
];

/** What comes after needs what was known before: records, command keys, references, the month so far. */
const AFTER: readonly object[] = ACCOUNTS.flatMap((id) => [
  usage(id, 'u1', '01-10', 1_500_000),
  usage(id, 'u2', '01-11', 8),
  usage(id, 'new', '03-20', 40_000),
  deposit('03-20', id, '1', 'wire-2', { id: 'paid' }),
  deposit('03-20', id, '7', 'wire-1', { id: 'paid again' }),
  correction('03-21', id, 3),
  close('04-01', id, '2019-03'),
]);

/** Runs a command on the ledger in a folder and gives what it says to people and to programs. */
const ran = async (folder: string, what: Command, words: readonly string[], flags: object = {}) => {
  const said: string[] = [];
  const answers: unknown[] = [];
  const say = (text: string) => void said.push(text);
  const answer = (value: unknown) => void answers.push(value);
  const out = {
    json: false,
    say,
    answer,
    progress: () => undefined,
    done: () => undefined,
    complain: () => undefined,
    isAnswered: () => answers.length > 0,
    longProgress: () => undefined,
    file: () => Promise.resolve(),
  };
  const store = `sqlite:${join(folder, 'ledger.db')}`;
  return { code: await what.run({ words, flags: { store, ...flags }, out }), said, answers };
};

/** Everything that can be asked of the ledger in a folder. */
const asked = async (folder: string, months = MONTHS) => {
  const words = ACCOUNTS.flatMap((id) => months.map((month) => [id, month]));
  const bills = words.flatMap((w) => [bill, explain, replay].map((what) => ran(folder, what, w)));
  return [
    ...(await Promise.all([...bills, ...ACCOUNTS.map((id) => ran(folder, account, [id]))])),
    await ran(folder, overview, []),
    await ran(folder, replay, [], { all: true }),
    await ran(folder, verify, [`sqlite:${join(folder, 'ledger.db')}`], { store: true }),
  ];
};

/** Imports lines; problems come in the order in which accounts got their turns. */
const imported = async (folder: string, lines: readonly object[]) => {
  const file = join(folder, 'lines.ndjson');
  writeFileSync(file, lines.map((l) => JSON.stringify(l)).join('\n'));
  const [result] = (await ran(folder, importFile, [file])).answers as [ImportResult];
  return { ...result, problems: result.problems.toSorted((a, b) => a.line - b.line) };
};

const deleted = (folder: string, parts: readonly string[]): void => {
  for (const part of parts) {
    const names = readdirSync(folder).filter((name) => name.startsWith(`ledger.db.${part}`));
    expect(names, part).not.toEqual([]);
    for (const name of names) rmSync(join(folder, name), { recursive: true });
  }
};

/** What a copy of a ledger answers without some parts, when it hears the same again, and when it goes on without them. */
const lived = async (built: string, folder: string, parts: readonly string[]) => {
  cpSync(built, folder, { recursive: true });
  deleted(folder, parts);
  const before = await asked(folder);
  const again = await imported(folder, LIFE);
  const after = await asked(folder);
  deleted(folder, parts);
  const more = await imported(folder, AFTER);
  const later = await asked(folder, [...MONTHS, '2019-03']);
  // New facts are sealed with when they were recorded, which differs.
  const butSeals: unknown = JSON.parse(JSON.stringify(later).replaceAll(/\b[0-9a-f]{64}\b/g, 'seal'));
  return { before, again, after, more, butSeals, codes: [...before, ...later].map(({ code }) => code) };
};

test('what is derived, deleted: the same answers, nothing twice, and on as before', async () => {
  const folder = temporaryFolder();
  const built = temporaryFolder();
  const first = await imported(built, LIFE);
  expect(first.usage).toEqual({ accepted: 609, duplicates: 3, conflicts: 3, refused: 3 });
  expect(first.commands.refused).toBe(0);
  const snapshots = openSnapshots(join(built, 'ledger.db.snapshots'));
  expect(snapshots.get('account-busy')?.length).toBeGreaterThan(700);
  snapshots.close();
  const whole = await lived(built, join(folder, 'whole'), []);
  expect(new Set(whole.codes)).toEqual(new Set([0]));
  expect(whole.after).toEqual(whole.before);
  expect(whole.again.usage).toEqual({ accepted: 0, duplicates: 612, conflicts: 3, refused: 3 });
  expect(whole.again.commands.done).toBe(0);
  expect(whole.again.problems).toEqual(first.problems);
  expect(whole.more.usage).toEqual({ accepted: 3, duplicates: 3, conflicts: 3, refused: 0 });
  const problems = ['conflict', 'idempotency_key_reused', 'reference_used'].map((code) => ({ code }));
  expect(whole.more.problems).toMatchObject(ACCOUNTS.flatMap(() => problems));

  const each = [['index', 'snapshots', 'views'], ['views'], ['index'], ['snapshots']];
  for (const parts of each.slice(0, runs('derived files deleted', 2, each.length))) {
    expect(await lived(built, join(folder, parts.join()), parts), parts.join()).toEqual(whole);
    // Views that are made anew while the ledger goes on are those of the log.
    expect(await ran(join(folder, parts.join()), rebuild, [])).toMatchObject({ code: 0 });
  }
});
