import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { openSnapshots, type Snapshot } from '../../src/derived/account-snapshots.ts';
import { temporaryFolder } from '../support/folder.ts';

const snapshot: Snapshot = { stream: 'a', length: 3, hash: new Uint8Array(32).fill(7), state: '{"n":3}' };
const pathOf = () => join(temporaryFolder(), 'snapshots');

test('a snapshot is there again after a close, until all are deleted', () => {
  const path = pathOf();
  const first = openSnapshots(path);
  first.put({ ...snapshot, length: 2 });
  first.put(snapshot);
  first.close();
  const again = openSnapshots(path);
  expect(again.get('a')).toEqual(snapshot);
  expect(again.get('b')).toBeNull();
  again.deleteAll();
  expect(again.get('a')).toBeNull();
  again.close();
});

test.each(['length = 4', "state = '{}'", "hash = x'00'", "stream = 'b'", 'proof = NULL'])(
  'a snapshot with another %s is not there',
  (change) => {
    const path = pathOf();
    const first = openSnapshots(path);
    first.put(snapshot);
    first.close();
    const db = new DatabaseSync(path);
    db.exec(`UPDATE snapshots SET ${change}`);
    db.close();
    const again = openSnapshots(path);
    expect([again.get('a'), again.get('b')]).toEqual([null, null]);
    again.put(snapshot);
    expect(again.get('a')).toEqual(snapshot);
    again.close();
  },
);

test('a file that is no database, or of an earlier layout, is made anew', () => {
  const broken = pathOf();
  writeFileSync(broken, 'x'.repeat(10_000));
  const earlier = pathOf();
  const db = new DatabaseSync(earlier);
  db.exec(
    "CREATE TABLE snapshots(stream TEXT PRIMARY KEY, length INTEGER, hash BLOB, state TEXT); INSERT INTO snapshots VALUES ('a', 1, x'00', '{}')",
  );
  db.close();
  for (const path of [broken, earlier]) {
    const snapshots = openSnapshots(path);
    expect(snapshots.get('a')).toBeNull();
    snapshots.put(snapshot);
    expect(snapshots.get('a')).toEqual(snapshot);
    snapshots.close();
  }
});
