/** `suanpan copy`: there and back, as a program that is killed and started again, and every wrong use of it. */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openLevelIndex } from '../../src/identity-index/level.ts';
import { commandLine } from '../support/command-line.ts';
import { temporaryFolder } from '../support/folder.ts';

const MAIN = fileURLToPath(new URL('../../bin/suanpan.js', import.meta.url));
const SIGNALLED = fileURLToPath(new URL('./copy-signalled.ts', import.meta.url));
const run = (...args: string[]) => {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { status, signal, stdout, stderr };
};
const suanpan = (...args: string[]) => commandLine(args);
const copied = async (from: string, to: string) => {
  const { status, stdout, stderr } = await suanpan('copy', from, to, '--json');
  expect([status, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
};

let folder: string;
let store: string;
let events: number;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'suanpan-copy-'));
  store = `sqlite:${join(folder, 'ledger.db')}`;
  const made = await suanpan('demo', '--exit', '--accounts', '4', '--records', '1200', '--store', store);
  expect(made.status, made.stderr).toBe(0);
  // The last line is no event: it says how many there are.
  events = (await suanpan('export', '-', '--store', store)).stdout.trimEnd().split('\n').length - 1;
  expect(events).toBeGreaterThan(300);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A file that opens an account. */
const opening = (id: string): string => {
  const file = join(folder, `${id}.ndjson`);
  const line = { at: '2031-01-01T00:00:00+08:00', command: 'open-account', account: id, id };
  writeFileSync(file, JSON.stringify(line));
  return file;
};

test('a copy has every byte and bill, replays, goes on, and is brought up to date', async () => {
  const there = temporaryFolder();
  const [one, two] = [`sqlite:${join(there, 'deep', 'one.db')}`, `sqlite:${join(there, 'two.db')}`];
  expect(await copied(store, one)).toMatchObject({ ok: true, events, copied: events, isBehind: false });
  expect(await copied(one, two)).toMatchObject({ events, copied: events });
  // Secrets stay encrypted under the key that the ledger was written with: it is taken along.
  for (const path of [join(there, 'deep', 'one.db'), join(there, 'two.db')])
    copyFileSync(join(folder, 'ledger.db.key'), `${path}.key`);
  for (const kind of ['events', 'bills', 'usage'])
    expect((await suanpan('export', '-', '--as', kind, '--store', two)).stdout).toBe(
      (await suanpan('export', '-', '--as', kind, '--store', store)).stdout,
    );
  expect((await suanpan('replay', '--all', '--store', two)).status).toBe(0);
  expect((await suanpan('import', opening('later'), '--store', one)).stdout).toContain('1 done');
  // The copy has an index and views of its own by now; they are behind, as after a crash, and catch up.
  expect((await suanpan('rebuild', '--store', two)).status).toBe(0);
  const again = await copied(one, two);
  expect(again.copied).toBeGreaterThan(0);
  expect(again.events).toBe(events + again.copied);
  expect((await suanpan('account', 'later', '--store', two)).status).toBe(0);
  expect(JSON.parse((await suanpan('rebuild', '--store', two, '--json')).stdout)).toMatchObject({
    identical: true,
  });
  expect((await suanpan('import', opening('last'), '--store', two)).stdout).toContain('1 done');
  // Now the copy is a ledger of its own.
  const refused = await suanpan('copy', one, two);
  expect(refused.status).toBe(2);
  expect(refused.stderr).toMatch(
    /holds no copy of .*, and was left as it is: after \d+ events that are the same/,
  );
});

describe('a copy that is ended', () => {
  test('by kill −9 is no ledger, and goes on where it stood', async () => {
    const path = join(temporaryFolder(), 'copy.db');
    const to = `sqlite:${path}`;
    for (const turns of [0, 10, 10, 14]) {
      const { signal, stdout } = run(SIGNALLED, store, to, 'SIGKILL', String(turns));
      expect([signal, stdout]).toEqual(['SIGKILL', '']);
      expect([existsSync(path), existsSync(`${path}.part`)]).toEqual([false, true]);
      expect((await suanpan('verify', '--store', to)).status).toBe(2);
    }
    const rest = await copied(store, to);
    expect(rest.events).toBe(events);
    expect(readdirSync(join(path, '..'))).toEqual(['copy.db']);
    expect(rest.copied).toBeLessThan(events);
    expect((await suanpan('export', '-', '--store', to)).stdout).toBe(
      (await suanpan('export', '-', '--store', store)).stdout,
    );
  });

  test('by Ctrl-C says so, and goes on', async () => {
    const to = `sqlite:${join(temporaryFolder(), 'copy.db')}`;
    const { status, stdout } = run(SIGNALLED, store, to, 'SIGINT', '12');
    expect([status, JSON.parse(stdout)]).toEqual([130, { ok: false, stopped: true }]);
    expect((await copied(store, to)).copied).toBeLessThan(events);
  });
});

test('a tampered ledger is named by its event, and makes no ledger', async () => {
  const path = join(temporaryFolder(), 'tampered.db');
  await copied(store, `sqlite:${path}`);
  const db = new DatabaseSync(path);
  const place = `FROM events e JOIN streams s ON s.id = e.stream WHERE s.name = 'account-demo-01' AND revision = 7`;
  db.exec(
    `UPDATE events SET data = replace(data, '"', ' "') WHERE position = (SELECT position ${place}); PRAGMA wal_checkpoint(TRUNCATE)`,
  );
  db.close();
  const to = join(path, '..', 'to.db');
  const { status, stdout, stderr } = await suanpan('copy', `sqlite:${path}`, `sqlite:${to}`, '--json');
  expect([status, stderr]).toEqual([1, '']);
  expect(JSON.parse(stdout)).toMatchObject({
    ...{ ok: false, stream: 'account-demo-01', revision: 7, what: 'hash' },
  });
  expect(existsSync(to)).toBe(false);
});

test('what lies where the copy is to be: leftovers, an empty ledger, a writer', async () => {
  const there = temporaryFolder();
  const path = join(there, 'l.db');
  for (const kind of ['-wal', '.views', '.tree']) writeFileSync(`${path}${kind}`, 'left behind');
  await copied(store, `sqlite:${path}`);
  expect(readdirSync(there)).toEqual(['l.db']);

  const index = await openLevelIndex(`${path}.index`);
  const held = run(MAIN, 'copy', store, `sqlite:${path}`);
  await index.close();
  expect([held.status, held.stderr]).toEqual([2, expect.stringContaining('another process')]);

  const empty = join(there, 'empty.db');
  writeFileSync(empty, '');
  const refused = await suanpan('copy', store, `sqlite:${empty}`);
  expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('is an empty file')]);
});

test('wrong use is one line and exit 2, and makes nothing', async () => {
  const there = temporaryFolder();
  const link = join(there, 'link.db');
  symlinkSync(store.slice('sqlite:'.length), link);
  const none = `sqlite:${join(there, 'none.db')}`;
  for (const [args, message] of [
    [[store, store], 'are one ledger'],
    [[store, `sqlite:${link}`], 'are one ledger'],
    [[store.replace('sqlite:', 'sqlite:/.'), store], 'are one ledger'],
    [[none, `sqlite:${join(there, 'to.db')}`], 'there is no ledger at'],
    [[store, 'memory:'], 'memory:'],
    [[store, 'elsewhere'], 'elsewhere'],
    [[store], 'usage: suanpan copy FROM TO'],
  ] as const) {
    const { status, stdout, stderr } = await suanpan('copy', ...args);
    expect([status, stdout], args.join(' ')).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  }
  expect(readdirSync(there)).toEqual(['link.db']);
});
