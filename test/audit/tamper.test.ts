/** Any flipped byte, deleted, inserted or swapped event is found, with its stream and revision. */

import { Buffer } from 'node:buffer';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { Finding } from '../../src/audit/verify/finding.ts';
import { verifyStore } from '../../src/audit/verify/verify-store.ts';
import { randomFrom } from '../../src/demo/random.ts';
import { openSqliteStore } from '../../src/eventstore/sqlite/store.ts';
import { temporaryFolder } from '../support/folder.ts';
import { givenLedger } from '../support/given.ts';
import { runs } from '../support/proof.ts';

const ledgerFile = async (): Promise<string> => {
  const path = join(temporaryFolder(), 'ledger.db');
  const given = await givenLedger(['face-recognition'], { store: openSqliteStore(path) });
  await given.has('2019-01-02T00:00:00+08:00', 'deposit', { amount: '5000', reference: 'w' });
  for (let i = 0; i < 12; i++) {
    const records = Array.from({ length: 40 }, (_, k) => ({
      source: '/g',
      id: `r${i}-${k}`,
      interface: 'face-recognition/compare',
      time: Date.parse('2019-01-05T00:00:00Z') + k * 60_000,
      calls: 1 + k,
      submitted: null,
    }));
    await given.ledger.meter('acme', records, Date.parse('2019-01-06T00:00:00Z'));
  }
  await given.closes('2019-01', '2019-02-01T04:00:00+08:00');
  await given.ledger.close();
  return path;
};

const findings = async (path: string): Promise<readonly Finding[]> => {
  const store = openSqliteStore(path, { readOnly: true });
  const { calendarOf } = await import('../../src/domain/calendar.ts');
  const verified = await verifyStore(store, calendarOf('Asia/Shanghai'), () => undefined);
  await store.close();
  return verified.findings;
};

/** What a column holds as bytes, with one bit flipped. */
const flipped = (value: unknown, at: number): Uint8Array | string => {
  const bytes = typeof value === 'string' ? Buffer.from(value) : Buffer.from(value as Uint8Array);
  const place = at % bytes.length;
  bytes[place] = (bytes[place] ?? 0) ^ (1 << (at % 7));
  return typeof value === 'string' ? bytes.toString('latin1') : bytes;
};

test('an untouched ledger has no findings', async () => {
  expect(await findings(await ledgerFile())).toEqual([]);
});

test('random tampering is always found', async () => {
  const path = await ledgerFile();
  const random = randomFrom(11);
  const count = runs('tampered stores', 50, 10_000);
  const db = new DatabaseSync(path);
  db.exec('CREATE TEMP TABLE kept AS SELECT * FROM events');
  const last = Number(db.prepare('SELECT max(position) AS n FROM events').get()?.['n']);
  for (let i = 0; i < count; i++) {
    const position = random.between(1, last - 1);
    const what = random.pick([
      'header',
      'data',
      'hash',
      'records',
      'place',
      'delete',
      'swap',
      'insert',
    ] as const);
    db.exec('BEGIN');
    if (what === 'delete') db.exec(`DELETE FROM events WHERE position = ${position}`);
    else if (what === 'swap') {
      db.exec(`UPDATE events SET position = -1 WHERE position = ${position};
        UPDATE events SET position = ${position} WHERE position = ${position + 1};
        UPDATE events SET position = ${position + 1} WHERE position = -1`);
    } else if (what === 'insert') {
      db.exec(`INSERT INTO events(stream, revision, header, hash, data, records, place)
        SELECT stream, 1000, header, hash, data, records, place FROM events WHERE position = ${position}`);
    } else {
      const row = db.prepare(`SELECT ${what} AS value FROM events WHERE position = ?`).get(position);
      if (row?.['value'] === null) {
        db.exec('ROLLBACK');
        continue;
      }
      const value = flipped(row?.['value'], random.between(0, 100_000));
      db.prepare(`UPDATE events SET ${what} = ? WHERE position = ?`).run(value, position);
    }
    db.exec('COMMIT');
    const found = await findings(path).catch((error: unknown) => [String(error)]);
    expect(found.length, `${what} at ${position}`).toBeGreaterThan(0);
    restore(db, what, position);
  }
  db.close();
}, 3_600_000);

const restore = (db: DatabaseSync, what: string, position: number): void => {
  if (what === 'insert') db.exec('DELETE FROM events WHERE revision = 1000');
  else if (what === 'swap') {
    db.exec(`UPDATE events SET position = -1 WHERE position = ${position};
      UPDATE events SET position = ${position} WHERE position = ${position + 1};
      UPDATE events SET position = ${position + 1} WHERE position = -1`);
  } else
    db.exec(
      `DELETE FROM events WHERE position = ${position}; INSERT INTO events SELECT * FROM kept WHERE position = ${position}`,
    );
};
