/** A damaged tree of the log changes what an answer costs, never the answer: nothing is signed or proved from it. */
import { randomUUID } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { NotCovered, writeBundle } from '../../src/audit/bundle/write.ts';
import { verifyStore } from '../../src/audit/verify/verify-store.ts';
import { checkpointsIn } from '../../src/checkpoint/checkpoint-files.ts';
import { type CheckpointSigner, openCheckpointSigner } from '../../src/checkpoint/checkpoint-queue.ts';
import { inconsistency } from '../../src/checkpoint/consistency-proof.ts';
import { missingOf } from '../../src/checkpoint/external-checkpoint.ts';
import { LOG } from '../../src/checkpoint/leaf.ts';
import { consistencyFor } from '../../src/checkpoint/tree-proofs.ts';
import { calendarOf } from '../../src/domain/calendar.ts';
import { type EventStore, LedgerDamaged } from '../../src/eventstore/event-store.ts';
import { openMemoryStore } from '../../src/eventstore/memory.ts';
import { eventsAfter } from '../../src/eventstore/reading.ts';
import { inDatabase } from '../../src/files/sqlite-file.ts';
import { issuedBill } from '../../src/ledger/queries/bills.ts';
import { readSystemWhole } from '../../src/ledger/system/streams.ts';
import { folderOfFile, temporaryFolder } from '../support/folder.ts';
import { type Given, givenLedger } from '../support/given.ts';
import { SERVER_KEY, type SealedLedger, sealedLedger, verified } from '../support/sealed.ts';

const second = await import(new URL('../../examples/verify-bundle.mjs', import.meta.url).href);
const calendar = calendarOf('Asia/Shanghai');

type Lived = Pick<SealedLedger, 'given' | 'store' | 'of'>;

interface Place {
  readonly folder: string;
  readonly path: string;
  readonly ledger: Lived;
}

const LEAVES = 15;
/** After the last close. */
const LATER = '2019-04-02';

const open = (store: EventStore, path: string): CheckpointSigner =>
  openCheckpointSigner({ store, path, serverKey: SERVER_KEY, now: () => Date.UTC(2026, 1, 1), file: null });

/**
 * A ledger whose log has fifteen leaves, the last of which is the account's at its last close: all levels of the tree are
 * in the next root, and in proofs. Its tree is in a file that nothing has open.
 */
const livedIn = async (path: string): Promise<SealedLedger> => {
  const ledger = await sealedLedger(openMemoryStore(), path);
  const { tree } = ledger.sealer;
  while (tree.size() < LEAVES - 1) {
    await deposit(ledger, `more ${tree.size()}`);
    await ledger.sealer.sign();
  }
  await ledger.given.closes('2019-03', '2019-04-01T04:00:00+08:00');
  await ledger.sealer.sign();
  expect(tree.size()).toBe(LEAVES);
  await ledger.sealer.close();
  return ledger;
};

const wholeFolder = folderOfFile();
const wholeTree = (): string => join(wholeFolder(), 'ledger.db.tree');
let whole: SealedLedger;
beforeAll(async () => {
  whole = await livedIn(wholeTree());
});

/** A copy of that ledger and its tree. */
const lived = async (): Promise<Place> => {
  const folder = temporaryFolder();
  const path = join(folder, 'ledger.db.tree');
  cpSync(wholeTree(), path);
  const store = openMemoryStore();
  for await (const event of eventsAfter(whole.store, { records: true }))
    await store.append(event.stream, event.revision, [{ ...event, id: randomUUID() }]);
  const given = await givenLedger([], { store, opened: null });
  return { folder, path, ledger: { given, store, of: { ...whole.of, store } } };
};
const deposit = ({ given }: { readonly given: Given }, reference: string, day = '2019-03-02') =>
  given.has(`${day}T00:00:00+08:00`, 'deposit', { amount: '1', reference });

const sql = (text: string) => (place: Place) => inDatabase(place.path, (db) => db.exec(text));

/** Overwrites all but the first page, which holds the schema and which opening reads. */
const overwritten = ({ path }: Place): void => {
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.fill(0xa5, 4_096));
};

const ofAnotherLedger = async ({ path }: Place): Promise<void> => {
  const other = join(temporaryFolder(), 'other.tree');
  await livedIn(other);
  cpSync(other, path);
};

const DAMAGES: Readonly<Record<string, (place: Place) => unknown>> = {
  'leaves zeroed': sql('UPDATE nodes SET hash = zeroblob(32) WHERE level = 0'),
  'level 1 zeroed': sql('UPDATE nodes SET hash = zeroblob(32) WHERE level = 1'),
  'level 2 zeroed': sql('UPDATE nodes SET hash = zeroblob(32) WHERE level = 2'),
  'level 3 zeroed': sql('UPDATE nodes SET hash = zeroblob(32) WHERE level = 3'),
  'a leaf deleted': sql('DELETE FROM nodes WHERE level = 0 AND i = 14'),
  'a node deleted': sql('DELETE FROM nodes WHERE level = 2 AND i = 2'),
  'all nodes deleted': sql('DELETE FROM nodes'),
  'a hash changed': sql('UPDATE nodes SET hash = randomblob(32) WHERE level = 1 AND i = 6'),
  'a hash of another length': sql("UPDATE nodes SET hash = x'00' WHERE level = 0"),
  'a wrong number of leaves': sql('UPDATE reached SET size = size + 1'),
  'the last checkpoint lost': sql('DELETE FROM signed WHERE revision = (SELECT max(revision) FROM signed)'),
  'the last root changed': sql("UPDATE signed SET root = '00'"),
  'the last note changed': sql("UPDATE signed SET note = 'x'"),
  'a head changed': sql("UPDATE leaves SET head = '00'"),
  'no stream known': sql('DELETE FROM leaves'),
  'a stream forgotten': sql('DELETE FROM leaves WHERE i = 14'),
  'a stream known less far': sql('UPDATE OR REPLACE leaves SET revision = revision - 1 WHERE i = 14'),
  'an earlier leaf forgotten': sql('DELETE FROM leaves WHERE i = 3'),
  'an earlier checkpoint lost': sql('DELETE FROM signed WHERE revision = (SELECT min(revision) FROM signed)'),
  'pages overwritten': overwritten,
  'the file of another ledger': ofAnotherLedger,
};

const bundleOf = async (
  { of }: Lived,
  { tree, sign }: CheckpointSigner,
  month = '2019-03',
): Promise<string> => {
  const issued = await issuedBill(of.store, 'acme', month);
  if (!issued) throw new Error('no bill');
  const write = async (): Promise<string> => {
    let text = '';
    for await (const piece of writeBundle({ ...of, tree }, issued)) text += piece;
    return text;
  };
  return write().catch(async (error) => {
    if (!(error instanceof NotCovered)) throw error;
    await sign();
    return write();
  });
};

test.each(Object.entries(DAMAGES))('%s: what is signed is the root over the log', async (_, damage) => {
  const place = await lived();
  const { store } = place.ledger;
  await damage(place);
  await deposit(place.ledger, 'after it', LATER);
  const sealer = open(store, place.path);
  const first = await sealer.sign();
  await deposit(place.ledger, 'and again', LATER);
  const { note, size } = await sealer.sign();
  expect(size).toBe(first.size + 1);
  await sealer.close();
  const kept = checkpointsIn(`${first.note}\n${note}`);
  expect((await verifyStore(store, calendar, () => undefined, kept)).findings).toEqual([]);
  const log = await readSystemWhole(store, LOG, 0, 1_000);
  const leaves = log.flatMap(({ type, data }) => (type === 'LeavesAdded' ? data.leaves : []));
  expect(leaves.length).toBe(size);
  expect(new Set(leaves.map(([stream, revision]) => `${stream} ${revision}`)).size).toBe(size);
});

test.each(Object.entries(DAMAGES))('%s: a bundle is what it was, and verifies', async (_, damage) => {
  const place = await lived();
  const undamaged = open(place.ledger.store, ':memory:');
  const before = await bundleOf(place.ledger, undamaged);
  await damage(place);
  const sealer = open(place.ledger.store, place.path);
  const bundle = await bundleOf(place.ledger, sealer);
  await sealer.close();
  expect(bundle).toBe(before);
  expect(await verified(bundle)).toMatchObject({ ok: true });
  const file = join(place.folder, 'bundle');
  writeFileSync(file, bundle);
  expect(await second.verify(file)).toMatchObject({ verified: true, failures: [] });
});

test.each(Object.entries(DAMAGES))(
  '%s: an old checkpoint is proved to be the beginning',
  async (_, damage) => {
    const place = await lived();
    const { store } = place.ledger;
    const undamaged = open(store, ':memory:');
    await undamaged.tree.bringUp();
    const now = undamaged.tree.last();
    if (!now) throw new Error('no checkpoint');
    const all = undamaged.tree.checkpoints({ from: 1, limit: 100 }).filter(({ size }) => size < now.size);
    expect(all.length).toBeGreaterThan(5);
    for (const old of all) {
      await damage(place);
      const sealer = open(store, place.path);
      await sealer.tree.bringUp();
      const [a, b] = checkpointsIn(`${old.note}\n${now.note}`);
      const proof = await consistencyFor(sealer.tree, old.size, now);
      await sealer.close();
      if (!a || !b || !proof) throw new Error('no proof');
      expect(inconsistency(a, b, proof)).toBeNull();
    }
  },
);

test.each(Object.entries(DAMAGES))('%s: a checkpoint kept elsewhere is found in it', async (_, damage) => {
  const place = await lived();
  const { store } = place.ledger;
  const undamaged = open(store, ':memory:');
  await undamaged.tree.bringUp();
  const kept = join(place.folder, 'kept.txt');
  writeFileSync(kept, `${undamaged.tree.last()?.note}\n`);
  await damage(place);
  const sealer = open(store, place.path);
  expect(await missingOf(store, sealer.tree, kept)).toBeNull();
  await sealer.close();
});

test('while a server runs, its tree is emptied, and what it does goes on', async () => {
  const ledger = await sealedLedger(openMemoryStore(), join(temporaryFolder(), 'tree'));
  const path = join(temporaryFolder(), 'tree');
  const sealer = open(ledger.store, path);
  const jan = () => bundleOf(ledger, sealer, '2019-01');
  const before = await jan();
  inDatabase(path, (db) => db.exec('DELETE FROM nodes'));
  const [one, two] = await Promise.all([jan(), jan(), sealer.sign()]);
  expect([one, two]).toEqual([before, before]);
  inDatabase(path, (db) => db.exec('UPDATE nodes SET hash = zeroblob(32)'));
  await deposit(ledger, 'after it');
  await Promise.all([sealer.sign(), jan()]);
  expect((await verifyStore(ledger.store, calendar, () => undefined, [])).findings).toEqual([]);
});

test('a log that is not what was signed is a fault of the ledger, and is not signed again', async () => {
  const { ledger, path } = await lived();
  const { store } = ledger;
  // As if a leaf's event were rewritten: every reader of the log gets another head.
  const read: EventStore['read'] = async (stream, range) =>
    (await store.read(stream, range)).map((event) =>
      stream === LOG && event.revision === 0
        ? { ...event, data: event.data.replace(/"[0-9a-f]{64}"/, `"${'0'.repeat(64)}"`) }
        : event,
    );
  const sealer = open({ ...store, read }, `${path}.rewritten`);
  await deposit(ledger, 'after it', LATER);
  const { length } = await store.head(LOG);
  await expect(sealer.sign()).rejects.toThrow(LedgerDamaged);
  await expect(sealer.sign()).rejects.toThrow(/suanpan\/.*checkpoint of size \d+/);
  expect((await store.head(LOG)).length).toBe(length);
});
