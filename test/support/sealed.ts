/** A ledger with a month that has packs, post-paid calls, a correction and a dispute, closed twice and sealed. */
import { createHash } from 'node:crypto';
import type { Verdict } from '../../src/audit/bundle/verdict.ts';
import { verifyBundle } from '../../src/audit/bundle/verify.ts';
import { type BundleOf, writeBundle } from '../../src/audit/bundle/write.ts';
import { type CheckpointSigner, openCheckpointSigner } from '../../src/checkpoint/checkpoint-queue.ts';
import { parseVerifierKey, type VerifierKey } from '../../src/checkpoint/note.ts';
import type { EventStore } from '../../src/eventstore/event-store.ts';
import { openMemoryStore } from '../../src/eventstore/memory.ts';
import { issuedBill } from '../../src/ledger/queries/bills.ts';
import { type Given, givenLedger } from './given.ts';

export const SERVER_KEY = createHash('sha256').update('a test').digest();
export const POOL = 'face-recognition/compare';

export interface SealedLedger {
  readonly given: Given;
  readonly store: EventStore;
  readonly sealer: CheckpointSigner;
  readonly of: BundleOf;
  /** The bundle of a month as text. */
  bundle(month: string, options?: { withHolder?: boolean }): Promise<string>;
  key(): VerifierKey;
}

/** Lives until March of 2019; January and February are closed, and a checkpoint covers both. */
export const sealedLedger = async (
  store: EventStore = openMemoryStore(),
  path = ':memory:',
): Promise<SealedLedger> => {
  const given = await givenLedger(['face-recognition'], { store });
  const sealer = openCheckpointSigner({
    store,
    path,
    serverKey: SERVER_KEY,
    now: () => Date.UTC(2026, 0, 1),
    file: null,
  });
  await given.has('2019-01-02T00:00:00+08:00', 'deposit', { amount: '90000', reference: 'wire 1' });
  await given.has('2019-01-02T00:00:00+08:00', 'buy-packs', { pool: POOL, size: 1_000_000 });
  await report(given, '2019-01-10T08:00:00+08:00', 'january', 30, 40_000);
  await given.closes('2019-01', '2019-02-01T04:00:00+08:00');
  await report(given, '2019-02-10T08:00:00+08:00', 'february', 20, 9_000);
  const corrected = { source: '/gateway/1', record: 'february-3', calls: 1, reason: 'counted twice' };
  await given.has('2019-02-11T08:00:00+08:00', 'correct-usage', corrected);
  await given.has('2019-02-12T08:00:00+08:00', 'open-dispute', {
    month: '2019-01',
    reason: 'too many calls',
  });
  await given.closes('2019-02', '2019-03-01T04:00:00+08:00');
  await sealer.sign();
  const of = { store, tree: sealer.tree, serverKey: SERVER_KEY, zone: 'Asia/Shanghai' };
  const key = parseVerifierKey(sealer.tree.last()?.key ?? '');
  return {
    given,
    store,
    sealer,
    of,
    bundle: async (month, options) => {
      const issued = await issuedBill(store, 'acme', month);
      if (!issued) throw new Error(`no bill of ${month}`);
      let text = '';
      for await (const piece of writeBundle(of, issued, options)) text += piece;
      return text;
    },
    key: () => {
      if (!key) throw new Error('no key');
      return key;
    },
  };
};

const report = async (given: Given, time: string, name: string, count: number, calls: number) => {
  const at = Date.parse(time);
  const records = Array.from({ length: count }, (_, i) => ({
    source: '/gateway/1',
    id: `${name}-${i}`,
    interface: POOL,
    time: at + i * 60_000,
    calls: calls + i,
    submitted: null,
  }));
  for (let i = 0; i < count; i += 7)
    await given.ledger.meter('acme', records.slice(i, i + 7), at + 3_600_000);
};

/** Verifies a bundle's text or bytes, in pieces of some bytes. */
export const verified = (
  bundle: string | Uint8Array,
  keys: readonly VerifierKey[] = [],
  pieceBytes = 4_096,
): Promise<Verdict> => {
  const bytes = typeof bundle === 'string' ? new TextEncoder().encode(bundle) : bundle;
  const pieces = async function* () {
    for (let i = 0; i < bytes.length; i += pieceBytes) yield bytes.subarray(i, i + pieceBytes);
  };
  return verifyBundle(pieces(), { keys });
};
