/** Checkpoints of a ledger: what they cover, what they find, and how keys follow one another. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { verifyStore } from '../../src/audit/verify/verify-store.ts';
import { checkpointsIn } from '../../src/checkpoint/checkpoint-files.ts';
import { openCheckpointSigner } from '../../src/checkpoint/checkpoint-queue.ts';
import { inconsistency } from '../../src/checkpoint/consistency-proof.ts';
import { openLogTree } from '../../src/checkpoint/log-tree.ts';
import { revokeSigningKey, rotated, signingKeys } from '../../src/checkpoint/signing-keys.ts';
import { consistencyFor } from '../../src/checkpoint/tree-proofs.ts';
import { calendarOf } from '../../src/domain/calendar.ts';
import { openMemoryStore } from '../../src/eventstore/memory.ts';
import { openSqliteStore } from '../../src/eventstore/sqlite/store.ts';
import { temporaryFolder } from '../support/folder.ts';
import { SERVER_KEY, sealedLedger, verified } from '../support/sealed.ts';

const calendar = calendarOf('Asia/Shanghai');
const findings = async (store: Parameters<typeof verifyStore>[0], notes = '') =>
  (await verifyStore(store, calendar, () => undefined, notes === '' ? [] : checkpointsIn(notes))).findings;

test('a checkpoint has a leaf for every stream that changed since the last one, and for no other', async () => {
  const { given, sealer, store } = await sealedLedger();
  const size = sealer.tree.size();
  expect(size).toBe((await store.heads({ after: null, limit: 100 })).length - 1);
  expect(await sealer.sign()).toEqual(sealer.tree.last());
  expect(sealer.tree.last()?.size).toBe(size);
  await given.has('2019-03-02T00:00:00+08:00', 'deposit', { amount: '1', reference: 'wire 2' });
  await given.has('2019-03-02T00:00:00+08:00', 'deposit', { amount: '2', reference: 'wire 3' });
  expect((await sealer.sign()).size).toBe(size + 1);
  expect(await findings(store, `${sealer.tree.last()?.note}`)).toEqual([]);
});

test('two servers that sign at once, and one that was cut between leaves and signature, leave one log', async () => {
  const { given, store } = await sealedLedger();
  const of = { store, path: ':memory:', serverKey: SERVER_KEY, now: () => Date.UTC(2026, 1, 1), file: null };
  const servers = [openCheckpointSigner(of), openCheckpointSigner(of), openCheckpointSigner(of)];
  for (let i = 0; i < 5; i++) {
    await given.has('2019-03-02T00:00:00+08:00', 'deposit', { amount: '1', reference: `wire ${i + 10}` });
    const signed = await Promise.all(servers.map((one) => one.sign()));
    expect(new Set(signed.map(({ root }) => root)).size).toBe(1);
  }
  expect(await findings(store)).toEqual([]);
});

test('an old checkpoint is proved to be how the ledger began, and another is not', async () => {
  const { given, sealer } = await sealedLedger();
  const old = sealer.tree.last();
  await given.has('2019-03-02T00:00:00+08:00', 'deposit', { amount: '1', reference: 'wire 2' });
  const now = await sealer.sign();
  if (!old) throw new Error('no checkpoint');
  const [a, b] = checkpointsIn(`${old.note}\n${now.note}`);
  const proof = await consistencyFor(sealer.tree, old.size, now);
  if (!a || !b || !proof) throw new Error('no proof');
  expect(inconsistency(a, b, proof)).toBeNull();
  expect(inconsistency(a, b, null)).toMatch(/a proof .* is needed/);
  const forged = { ...a, root: new Uint8Array(32) };
  expect(inconsistency(forged, b, proof)).toMatch(/no longer begins with|leads to/);
  expect(inconsistency({ ...a, origin: 'suanpan/other' }, b, proof)).toMatch(/different ledgers/);
  expect(inconsistency(a, b, { ...proof, path: proof.path.slice(1) })).not.toBeNull();
  expect(await consistencyFor(sealer.tree, now.size + 1, now)).toBeNull();
});

test('a key vouches for the next, a revoked one signs no more, and old bundles stay what they are', async () => {
  const ledger = await sealedLedger();
  const { store, sealer, given } = ledger;
  const first = ledger.key();
  const before = await ledger.bundle('2019-01');
  await rotated(store, SERVER_KEY, Date.now());
  await given.closes('2019-03', '2019-04-01T04:00:00+08:00');
  const { key } = await sealer.sign();
  expect(key).not.toBe(first.text);
  expect(await ledger.bundle('2019-01')).toBe(before);
  // Whoever holds the first key alone can follow to the second.
  const march = await ledger.bundle('2019-03');
  expect(await verified(march, [first])).toMatchObject({ ok: true, isKeyHeld: true, signedBy: key });
  const stranger = (await sealedLedger()).key();
  expect(await verified(march, [stranger])).toMatchObject({ ok: false, isKeyHeld: false });
  expect(await revokeSigningKey(store, key, Date.now())).toBe(true);
  expect(await revokeSigningKey(store, key, Date.now())).toBe(false);
  expect((await sealer.sign()).key).toBe(first.text);
  expect(await verified(await ledger.bundle('2019-03'))).toMatchObject({ ok: true, signedBy: first.text });
  expect((await signingKeys(store)).map(({ revoked }) => revoked)).toEqual([false, true]);
  expect(await findings(store)).toEqual([]);
});

test('checkpoints are appended to a file outside, each once; a tree that is lost is made again', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'checkpoints.txt');
  const store = openMemoryStore();
  const { given } = await sealedLedger(store, join(folder, 'tree'));
  const of = { store, path: join(folder, 'other'), serverKey: SERVER_KEY, now: Date.now, file };
  const sealer = openCheckpointSigner(of);
  await sealer.sign();
  await given.has('2019-03-02T00:00:00+08:00', 'deposit', { amount: '1', reference: 'wire 2' });
  const last = await sealer.sign();
  await sealer.sign();
  await sealer.close();
  const kept = checkpointsIn(readFileSync(file, 'utf8'));
  expect(kept.at(-1)?.size).toBe(last.size);
  expect(kept.length).toBe(1);
  const tree = openLogTree(store, ':memory:');
  await tree.bringUp();
  expect(tree.root(last.size)).toBe(last.root);
});

test('closes that follow one another share a checkpoint, and stopping signs what is still to be signed', async () => {
  const { given, sealer, store } = await sealedLedger();
  given.ledger.onClosed(sealer.soon);
  const before = sealer.tree.size();
  await given.closes('2019-03', '2019-04-01T04:00:00+08:00');
  await given.closes('2019-04', '2019-05-01T04:00:00+08:00');
  await sealer.close();
  const tree = openLogTree(store, ':memory:');
  await tree.bringUp();
  expect(tree.size()).toBe(before + 1);
  expect(tree.last()?.size).toBe(before + 1);
});

test('a store of other files is covered the same', async () => {
  const path = join(temporaryFolder(), 'ledger.db');
  const { sealer, store } = await sealedLedger(openSqliteStore(path), `${path}.tree`);
  const note = sealer.tree.last()?.note ?? '';
  expect(await findings(store, note)).toEqual([]);
  await sealer.close();
  await store.close();
});
