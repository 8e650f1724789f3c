/** The derived index: the same promises in memory and on disk. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { randomFrom } from '../../src/demo/random.ts';
import { openFilter } from '../../src/store/filter.ts';
import { fingerprint, probe } from '../../src/store/fingerprint.ts';
import type { IdentityIndex, IndexEntry } from '../../src/store/identity-index.ts';
import { LedgerInUse, openLevelIndex } from '../../src/store/identity-index-level.ts';
import { openMemoryIndex } from '../../src/store/identity-index-memory.ts';
import { temporaryFolder } from '../support/folder.ts';

const record = (id: string, revision: number, ordinal: number): IndexEntry => ({
  key: { kind: 'record', print: fingerprint('/g', id) },
  revision,
  ordinal,
});

const contract = (name: string, open: () => Promise<IdentityIndex>): void => {
  describe(`the identity index: ${name}`, () => {
    test('finds what was put, under its account only, and sees every put before a find', async () => {
      const index = await open();
      const random = randomFrom(3);
      const ids = Array.from({ length: 2_000 }, () => random.uuid());
      index.put(
        'a',
        1,
        ids.map((id, i) => record(id, 0, i)),
      );
      const keys = ids.map((id) => ({ kind: 'record' as const, print: fingerprint('/g', id) }));
      expect(await index.find('a', keys)).toEqual(ids.map((_, ordinal) => ({ revision: 0, ordinal })));
      expect(await index.find('b', keys.slice(0, 3))).toEqual([undefined, undefined, undefined]);
      expect(ids.every((id) => index.maybe('a', fingerprint('/g', id)))).toBe(true);
      await index.close();
    });

    test('keeps texts of each kind apart, and the later entry of a key', async () => {
      const index = await open();
      const text = 'a reference\nof two lines';
      index.put('a', 1, [{ key: { kind: 'deposit', text }, revision: 0, ordinal: 0 }]);
      index.put('a', 2, [{ key: { kind: 'deposit', text }, revision: 1, ordinal: 0 }]);
      expect(
        await index.find('a', [
          { kind: 'deposit', text },
          { kind: 'credit', text },
        ]),
      ).toEqual([{ revision: 1, ordinal: 0 }, undefined]);
      expect([await index.watermark('a'), await index.watermark('b')]).toEqual([2, 0]);
      await index.close();
    });
  });
};

contract('memory', async () => openMemoryIndex());
contract('level', () => openLevelIndex(join(temporaryFolder(), 'index')));

describe('the identity index on disk', () => {
  test('is there again after a close, its filter too; a second process is told', async () => {
    const folder = join(temporaryFolder(), 'index');
    const index = await openLevelIndex(folder);
    index.put('a', 7, [record('one', 6, 2)]);
    await expect(openLevelIndex(folder)).rejects.toBeInstanceOf(LedgerInUse);
    await index.close();
    const again = await openLevelIndex(folder);
    expect(await again.find('a', [record('one', 0, 0).key])).toEqual([{ revision: 6, ordinal: 2 }]);
    expect(await again.watermark('a')).toBe(7);
    await again.flush();
    expect(again.maybe('a', fingerprint('/g', 'one'))).toBe(true);
    await again.close();
  });
});

test('the filter never forgets and seldom errs', () => {
  const filter = openFilter();
  const random = randomFrom(9);
  const kept = Array.from({ length: 300_000 }, () => random.uuid());
  for (const id of kept) filter.add('acme', fingerprint('/g', id));
  expect(kept.every((id) => filter.has('acme', fingerprint('/g', id)))).toBe(true);
  let wrong = 0;
  for (let i = 0; i < 100_000; i++) if (filter.has('acme', fingerprint('/g', random.uuid()))) wrong += 1;
  expect(wrong).toBeLessThan(200);
});

test('fingerprints are what they always were', () => {
  expect(fingerprint('/gateway/1', 'record-1')).toEqual(GOLDEN);
  expect(probe(GOLDEN, 1)).not.toEqual(GOLDEN);
  expect(fingerprint('/gateway/1', 'record-2')).not.toEqual(GOLDEN);
});

/** Kept on disk by every ledger there is. */
const GOLDEN = { hi: 641451647, lo: 427999981 };
