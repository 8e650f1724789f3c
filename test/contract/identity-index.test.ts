/** The derived index: the same promises in memory and on disk. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { randomFrom } from '../../src/demo/random.ts';
import { openFilter } from '../../src/identity-index/bloom-filter.ts';
import { fingerprint, probe } from '../../src/identity-index/fingerprint.ts';
import { LedgerInUse, openLevelIndex } from '../../src/identity-index/level.ts';
import { openMemoryIndex } from '../../src/identity-index/memory.ts';
import { type IdentityIndex, IndexBehind, type IndexEntry, keyText } from '../../src/identity-index/port.ts';
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
        'hash',
        ids.map((id, i) => record(id, 0, i)),
      );
      const keys = ids.map((id) => ({ kind: 'record' as const, print: fingerprint('/g', id) }));
      expect(await index.find('a', keys)).toEqual(ids.map((_, ordinal) => ({ revision: 0, ordinal })));
      expect(await index.find('b', keys.slice(0, 3))).toEqual([undefined, undefined, undefined]);
      expect(ids.every((id) => index.maybe('a', fingerprint('/g', id)))).toBe(true);
      await index.close();
    });

    test('forgets an account, and no other', async () => {
      const index = await open();
      for (const account of ['a', 'ab'])
        index.put(account, 3, 'hash', [record('one', 0, 0), record('two', 2, 1)]);
      await index.forget('a');
      const keys = ['one', 'two'].map((id) => ({ kind: 'record' as const, print: fingerprint('/g', id) }));
      expect(await index.find('a', keys)).toEqual([undefined, undefined]);
      expect(await index.watermark('a')).toEqual({ length: 0, head: null });
      expect((await index.find('ab', keys)).every(Boolean)).toBe(true);
      index.put('a', 1, null, [record('two', 0, 0)]);
      expect(await index.find('a', keys)).toEqual([undefined, { revision: 0, ordinal: 0 }]);
      await index.close();
    });

    test('answers as a map would, whatever is put and asked', async () => {
      const index = await open();
      const random = randomFrom(21);
      const accounts = ['a', 'ab', '算'] as const;
      const model = new Map<string, { revision: number; ordinal: number }>();
      const keyed = (): { account: string; key: IndexEntry['key'] } => {
        const text = `id-${random.between(0, 300)}`;
        const key: IndexEntry['key'] = random.perMille(700)
          ? { kind: 'record', print: fingerprint('/g', text) }
          : { kind: random.pick(['command', 'deposit', 'credit', 'corrected'] as const), text };
        return { account: random.pick(accounts), key };
      };
      for (let round = 1; round <= 150; round++) {
        const account = random.pick(accounts);
        const entries = Array.from({ length: random.between(0, 12) }, (_, ordinal) => ({
          key: keyed().key,
          revision: random.pick([round, round * 1_000, round * 1_000_000] as const),
          ordinal,
        }));
        index.put(account, round, `${round}`, entries);
        for (const { key, revision, ordinal } of entries) {
          const isRecord = key.kind === 'record';
          model.set(`${account} ${keyText(key)}`, { revision, ordinal: isRecord ? ordinal : 0 });
        }
        const asked = Array.from({ length: 8 }, keyed);
        for (const { account: of, key } of asked) {
          const [found] = await index.find(of, [key]);
          const expected = model.get(`${of} ${keyText(key)}`);
          expect(found && { ...found, ordinal: key.kind === 'record' ? found.ordinal : 0 }).toEqual(expected);
          if (expected && key.kind === 'record') expect(index.maybe(of, key.print)).toBe(true);
        }
        expect(await index.watermark(account)).toEqual({ length: round, head: `${round}` });
      }
      await index.close();
    });

    test('holds two identities of one fingerprint, the later under its next probe', async () => {
      const index = await open();
      const print = fingerprint('/g', 'one');
      index.put('a', 1, null, [{ key: { kind: 'record', print }, revision: 0, ordinal: 4 }]);
      const next = probe(print, 1);
      expect(await index.find('a', [{ kind: 'record', print: next }])).toEqual([undefined]);
      index.put('a', 2, null, [{ key: { kind: 'record', print: next }, revision: 1, ordinal: 5 }]);
      expect(
        await index.find('a', [
          { kind: 'record', print },
          { kind: 'record', print: next },
        ]),
      ).toEqual([
        { revision: 0, ordinal: 4 },
        { revision: 1, ordinal: 5 },
      ]);
      await index.close();
    });

    test('keeps texts of each kind apart, and the later entry of a key', async () => {
      const index = await open();
      const text = 'a reference\nof two lines';
      index.put('a', 1, null, [{ key: { kind: 'deposit', text }, revision: 0, ordinal: 0 }]);
      index.put('a', 2, null, [{ key: { kind: 'deposit', text }, revision: 1, ordinal: 0 }]);
      expect(
        await index.find('a', [
          { kind: 'deposit', text },
          { kind: 'credit', text },
        ]),
      ).toEqual([{ revision: 1, ordinal: 0 }, undefined]);
      expect([(await index.watermark('a')).length, (await index.watermark('b')).length]).toEqual([2, 0]);
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
    index.put('a', 7, null, [record('one', 6, 2)]);
    await expect(openLevelIndex(folder)).rejects.toBeInstanceOf(LedgerInUse);
    await index.close();
    const again = await openLevelIndex(folder);
    expect(await again.find('a', [record('one', 0, 0).key])).toEqual([{ revision: 6, ordinal: 2 }]);
    expect((await again.watermark('a')).length).toBe(7);
    await again.flush();
    expect(again.maybe('a', fingerprint('/g', 'one'))).toBe(true);
    // Until it is filled, everything may be held.
    await expect.poll(() => again.maybe('a', fingerprint('/g', 'never'))).toBe(false);
    expect(again.maybe('a', fingerprint('/g', 'one'))).toBe(true);
    await again.close();
  });
});

describe('the identity index on disk, when things go wrong', () => {
  test('closes once, with what was put last, however often it is asked to', async () => {
    const folder = join(temporaryFolder(), 'index');
    const index = await openLevelIndex(folder);
    index.put('a', 1, null, [record('x', 0, 0)]);
    await Promise.all([index.close(), index.close()]);
    index.put('a', 2, null, [record('y', 1, 0)]);
    const again = await openLevelIndex(folder);
    expect((await again.watermark('a')).length).toBe(1);
    await again.close();
  });

  test('after a put it could not write it says so until it is told again: nothing later hides what is lost', async () => {
    const folder = join(temporaryFolder(), 'index');
    const index = await openLevelIndex(folder);
    index.put('a', 1, null, [record('kept', 0, 0)]);
    index.put('b', 1, null, [record('other', 0, 0)]);
    await index.flush();
    // No place that the index can write.
    index.put('a', 2, null, [record('lost', 1, 70_000)]);
    await index.flush();
    index.put('a', 3, null, [record('later', 2, 0)]);
    const { key } = record('lost', 1, 0);
    for (const account of ['a', 'b'])
      await expect(index.find(account, [key])).rejects.toBeInstanceOf(IndexBehind);
    expect(index.maybe('a', fingerprint('/g', 'later'))).toBe(true);
    expect([(await index.watermark('a')).length, (await index.watermark('b')).length]).toEqual([1, 1]);
    index.put('a', 2, null, [record('lost', 1, 7)]);
    index.put('a', 3, null, [record('later', 2, 0)]);
    expect(await index.find('a', [key, record('kept', 0, 0).key])).toEqual([
      { revision: 1, ordinal: 7 },
      { revision: 0, ordinal: 0 },
    ]);
    await index.close();
    const again = await openLevelIndex(folder);
    expect((await again.watermark('a')).length).toBe(3);
    await again.close();
  });

  test.each(['CURRENT', 'MANIFEST-000002'])('is made anew when its %s cannot be read', async (name) => {
    const folder = join(temporaryFolder(), 'index');
    const index = await openLevelIndex(folder);
    index.put('a', 7, null, [record('one', 6, 2)]);
    await index.close();
    expect(readdirSync(folder)).toContain(name);
    writeFileSync(join(folder, name), 'no such thing');
    const again = await openLevelIndex(folder);
    expect((await again.watermark('a')).length).toBe(0);
    again.put('a', 1, null, [record('one', 0, 0)]);
    expect(await again.find('a', [record('one', 0, 0).key])).toEqual([{ revision: 0, ordinal: 0 }]);
    await again.close();
  });
});

describe('the identity index on disk, after the machine went down', () => {
  const opened = async (mark: (path: string) => void) => {
    const folder = join(temporaryFolder(), 'index');
    const index = await openLevelIndex(folder);
    index.put('a', 7, null, [record('one', 6, 2)]);
    await index.close();
    expect(readdirSync(folder)).not.toContain('OPEN');
    mark(join(folder, 'OPEN'));
    const again = await openLevelIndex(folder);
    const { length: watermark } = await again.watermark('a');
    expect(readdirSync(folder)).toContain('OPEN');
    await again.close();
    return watermark;
  };

  test('a folder left open in an earlier start of the machine is made anew', async () => {
    expect(await opened((path) => writeFileSync(path, 'another start'))).toBe(0);
    expect(await opened((path) => writeFileSync(path, ''))).toBe(0);
  });

  test.skipIf(!existsSync(BOOT_ID))('a folder left open by a process that died is whole', async () => {
    expect(await opened((path) => writeFileSync(path, readFileSync(BOOT_ID, 'utf8').trim()))).toBe(7);
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

/** Linux's id of this boot. */
const BOOT_ID = '/proc/sys/kernel/random/boot_id';

/** Kept on disk by every ledger there is. */
const GOLDEN = { hi: 641451647, lo: 427999981 };
