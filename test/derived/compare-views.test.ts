/** `verify --store` compares the views with views that are projected again: a wrong, a missing, an extra row is found. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { openLedgerAt } from '../../src/ledger/open.ts';
import { commandLine } from '../support/command-line.ts';
import { temporaryFolder } from '../support/folder.ts';
import { instant } from '../support/given.ts';

const lives = async (path: string, names: readonly string[]) => {
  const ledger = await openLedgerAt({ store: `sqlite:${path}`, clock: 'driven', books: [] });
  const at = instant('2019-01-01T00:00:00+08:00');
  for (const name of names) {
    await ledger.execute(name, { name: 'open-account', body: { name } }, at, null);
    await ledger.execute(name, { name: 'deposit', body: { amount: '10', reference: 'r' } }, at, null);
  }
  await ledger.viewsCaughtUp();
  return ledger;
};

const verified = async (path: string) => {
  const { status, stdout } = await commandLine(['verify', '--store', `sqlite:${path}`, '--json']);
  return { status, ...JSON.parse(stdout) };
};

test('views are what the facts make of them, also beside a server that writes', async () => {
  const path = join(temporaryFolder(), 'ledger.db');
  const ledger = await lives(path, ['a', 'b']);
  expect(await verified(path)).toMatchObject({ status: 0, ok: true, views: { findings: [] } });
  expect((await verified(path)).views.rows).toBeGreaterThan(1);
  await ledger.close();
  expect(await verified(path)).toMatchObject({ status: 0, ok: true });
});

test.each([
  ['UPDATE', 'changed'],
  ['DELETE', 'missing'],
  ['INSERT', 'extra'],
])('a row after %s (%s) is named', async (what) => {
  const path = join(temporaryFolder(), 'ledger.db');
  await (await lives(path, ['a', 'b'])).close();
  const db = new DatabaseSync(`${path}.views`);
  // Of one account: what happens to others does not read it.
  const { projection, key } =
    db.prepare("SELECT projection, key FROM views WHERE projection = 'due' ORDER BY key").get() ?? {};
  if (what === 'DELETE')
    db.prepare('DELETE FROM views WHERE projection = ? AND key = ?').run(projection ?? '', key ?? '');
  else if (what === 'INSERT')
    db.prepare('INSERT INTO views VALUES (?, ?, ?)').run(projection ?? '', 'zzz', '{}');
  else
    db.prepare("UPDATE views SET value = '{}' WHERE projection = ? AND key = ?").run(
      projection ?? '',
      key ?? '',
    );
  db.close();
  const { status, ok, findings, views } = await verified(path);
  expect([status, ok, findings]).toEqual([1, false, []]);
  expect(views.findings).toHaveLength(1);
  expect(views.findings[0]).toMatchObject({ projection });
  const people = await commandLine(['verify', '--store', `sqlite:${path}`]);
  expect(people.stdout).toContain('suanpan rebuild derives them again; a start of a server does not\n');
  // A server starts as a ledger is opened, and follows from where the views are.
  await (await lives(path, ['c'])).close();
  expect((await verified(path)).views.findings).toHaveLength(1);
  expect((await commandLine(['rebuild', '--store', `sqlite:${path}`])).status).toBe(1);
  expect(await verified(path)).toMatchObject({ status: 0, ok: true });
});

test('views of what the ledger was before are named as such', async () => {
  const path = join(temporaryFolder(), 'ledger.db');
  await (await lives(path, ['a'])).close();
  const earlier = join(temporaryFolder(), 'earlier.db');
  copyFileSync(path, earlier);
  await (await lives(path, ['b'])).close();
  copyFileSync(earlier, path);
  const { status, views } = await verified(path);
  expect([status, views.findings[0].expected]).toEqual([1, 'views of this ledger']);
  expect((await commandLine(['overview', '--store', `sqlite:${path}`])).status).toBe(0);
  expect(await verified(path)).toMatchObject({ status: 0, ok: true });
});

test('what a projection of another release left is forgotten when the ledger is opened again', async () => {
  const path = join(temporaryFolder(), 'ledger.db');
  await (await lives(path, ['a'])).close();
  const db = new DatabaseSync(`${path}.views`);
  db.exec(
    "INSERT INTO views VALUES ('of-before', 'a', '{}'); INSERT INTO followed VALUES ('of-before', 1, '1')",
  );
  db.close();
  await (await lives(path, ['b'])).close();
  const after = new DatabaseSync(`${path}.views`);
  const left = after.prepare("SELECT count(*) AS rows FROM views WHERE projection = 'of-before'").get();
  expect(left).toEqual({ rows: 0 });
  expect(after.prepare("SELECT * FROM followed WHERE projection = 'of-before'").all()).toEqual([]);
  after.close();
});
