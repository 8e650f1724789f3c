/** One value of every column changed in turn, in a ledger whose records are packed: verify finds each, and names it. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { verifyStore } from '../../src/audit/verify/verify-store.ts';
import { randomFrom } from '../../src/demo/random.ts';
import { calendarOf } from '../../src/domain/calendar.ts';
import { openSqliteStore } from '../../src/eventstore/sqlite/store.ts';
import { temporaryFolder } from '../support/folder.ts';
import { givenLedger } from '../support/given.ts';

const STREAM = 'account-acme';

/** A ledger whose CallsMetered events hold 150 records each, enough to be compressed. */
const ledgerFile = async (): Promise<string> => {
  const path = join(temporaryFolder(), 'ledger.db');
  const given = await givenLedger(['face-recognition'], { store: openSqliteStore(path) });
  const random = randomFrom(23);
  for (let i = 0; i < 4; i++) {
    const records = Array.from({ length: 150 }, (_, k) => ({
      source: '/g',
      id: random.uuid(),
      interface: 'face-recognition/compare',
      time: Date.parse('2019-01-05T00:00:00Z') + k * 60_000,
      calls: 1 + k,
      submitted: null,
    }));
    await given.ledger.meter('acme', records, Date.parse('2019-01-06T00:00:00Z'));
  }
  await given.ledger.close();
  return path;
};

const findingsOf = async (path: string) => {
  const store = openSqliteStore(path, { readOnly: true });
  try {
    return (await verifyStore(store, calendarOf('Asia/Shanghai'), () => undefined)).findings;
  } finally {
    await store.close();
  }
};

test('a change of any column is found, with its stream and revision', async () => {
  const path = await ledgerFile();
  expect(await findingsOf(path)).toEqual([]);
  const db = new DatabaseSync(path, { readOnly: true });
  const target = db
    .prepare(
      'SELECT position, stream, revision, records FROM events WHERE records IS NOT NULL ORDER BY position',
    )
    .all()[1];
  db.close();
  const { position, stream, revision, records } = target ?? {};
  if (!(records instanceof Uint8Array)) throw new Error('the ledger has no packed records');
  expect(records[0]).toBe(2);
  const at = `WHERE position = ${position}`;
  const changes: readonly (readonly [sql: string, column: string])[] = [
    [`UPDATE events SET position = 100000 ${at}`, 'position'],
    [
      `UPDATE events SET stream = (SELECT id FROM streams WHERE id <> ${stream} LIMIT 1), revision = 900 ${at}`,
      'stream',
    ],
    [`UPDATE events SET revision = 901 ${at}`, 'revision'],
    [`UPDATE events SET header = replace(header, '"version":2', '"version":1') ${at}`, 'header'],
    [`UPDATE events SET header = 'no JSON' ${at}`, 'header that cannot be read'],
    [`UPDATE events SET data = data || ' ' ${at}`, 'data'],
    [`UPDATE events SET hash = zeroblob(32) ${at}`, 'hash'],
    [`UPDATE events SET place = zeroblob(32) ${at}`, 'place'],
    [`UPDATE events SET records = NULL ${at}`, 'records that are gone'],
    [`UPDATE events SET records = zeroblob(9) ${at}`, 'records that cannot be unpacked'],
    [`UPDATE streams SET name = 'account-other' WHERE id = ${stream}`, 'name'],
    [`DELETE FROM streams WHERE id = ${stream}`, 'name that is gone'],
  ];
  const copy = `${path}.copy`;
  for (const [sql, column] of changes) {
    copyFileSync(path, copy);
    const changed = new DatabaseSync(copy);
    const { changes: rows } = changed.prepare(sql).run();
    changed.close();
    expect(Number(rows), column).toBe(1);
    const findings = await findingsOf(copy);
    expect(findings.length, column).toBeGreaterThan(0);
    if (column.startsWith('name')) continue;
    const near = findings.filter((finding) => finding.stream === STREAM || column === 'stream');
    const revisions = near.map((finding) => finding.revision);
    expect(
      revisions.some((found) => [revision, Number(revision) + 1, 900, 901].includes(found)),
      `${column}: ${JSON.stringify(findings)}`,
    ).toBe(true);
  }
});

test('two neighbouring events of different streams that changed places are found', async () => {
  const path = await ledgerFile();
  const db = new DatabaseSync(path);
  const pair = db
    .prepare(
      `SELECT a.position, b.revision, sa.name AS stream FROM events a JOIN events b ON b.position = a.position + 1
       JOIN streams sa ON sa.id = b.stream WHERE a.stream <> b.stream LIMIT 1`,
    )
    .get();
  const { position, revision, stream } = pair ?? {};
  db.exec(`UPDATE events SET position = -1 WHERE position = ${position};
    UPDATE events SET position = ${position} WHERE position = ${position} + 1;
    UPDATE events SET position = ${position} + 1 WHERE position = -1`);
  db.close();
  const findings = await findingsOf(path);
  expect(findings[0]).toMatchObject({ stream, revision, what: 'place' });
});

test('after a crash the ledger is refused with the event that is wrong, and the way on', async () => {
  const path = await ledgerFile();
  const db = new DatabaseSync(path);
  db.exec("UPDATE ledger_meta SET value = '0' WHERE key = 'clean'");
  db.exec(`UPDATE events SET data = data || ' ' WHERE position = (SELECT max(position) FROM events)`);
  db.close();
  for (const readOnly of [true, false])
    expect(() => openSqliteStore(path, { readOnly })).toThrow(
      /is damaged: the seal of event \d+ of account-acme \(position \d+\) does not hold; put back a backup$/,
    );
});
