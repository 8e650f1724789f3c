/** The seal, its Merkle root and the blocks that records lie in: all of it is kept on disk, so none of it may drift. */
import { Buffer } from 'node:buffer';
import { zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { randomFrom } from '../../src/demo/random.ts';
import { payloadDigest, type Sealing, sealOf } from '../../src/integrity/hash-chain.ts';
import { packLines, recordLines } from '../../src/integrity/record-block.ts';
import { recordProof, recordsRoot, rootFrom } from '../../src/integrity/record-merkle.ts';
import { hexOf, seal } from '../../src/integrity/seal-events.ts';

const HEADER = '{"type":"Test","version":1,"at":"2019-01-01T00:00:00Z","recordedAt":"2019-01-01T00:00:01Z"}';
const lines = (count: number, seed = 1): string[] => {
  const random = randomFrom(seed);
  return Array.from({ length: count }, (_, i) => `[0,"${random.uuid()}",0,${i},1]`);
};

describe('the seal', () => {
  test('is what it always was', () => {
    const events = seal('account-1', 0, null, [
      { header: HEADER, data: '{"name":"算盘"}' },
      { header: HEADER, data: '{}', lines: ['[1]', '[2]'] },
    ]);
    expect(events.map(({ hash }) => hexOf(hash))).toEqual(GOLDEN);
    expect(events.map(({ revision }) => revision)).toEqual([0, 1]);
  });

  test('changes with every part of what it covers', () => {
    const part: Sealing = {
      previous: '0'.repeat(64),
      stream: 'a',
      revision: 1,
      header: HEADER,
      payload: payloadDigest('{}', null),
    };
    const other: Sealing[] = [
      part,
      { ...part, previous: `${'0'.repeat(63)}1` },
      { ...part, stream: 'b' },
      { ...part, revision: 2 },
      { ...part, payload: payloadDigest('{}', []) },
      ...['"Test"', '"version":1', '"at":"2019', '"recordedAt":"2019'].map((text) => ({
        ...part,
        header: HEADER.replace(text, text.replace(/.(?="?$)/, 'x')),
      })),
    ];
    const seals = other.map(sealOf);
    expect(new Set(seals.map(({ hash }) => hash)).size).toBe(other.length);
    expect(new Set(seals.map(({ id }) => id)).size).toBe(other.length);
    for (const { id } of seals)
      expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  });

  test('of one append is the same whether its events are sealed together or one by one', () => {
    const drafts = [1, 2, 3].map((n) => ({ header: HEADER, data: `{"n":${n}}` }));
    let previous: Uint8Array | null = null;
    const single = drafts.map((draft, i) => {
      const [event] = seal('a', i, previous, [draft]);
      previous = event?.hash ?? null;
      return event;
    });
    expect(seal('a', 0, null, drafts)).toEqual(single);
  });
});

describe('the root over records', () => {
  test.each([1, 2, 15, 16, 17, 256, 257, 1_000])('shows each of %i records without the others', (count) => {
    const all = lines(count);
    const root = recordsRoot(all);
    for (const i of new Set([0, 1, count >> 1, count - 2, count - 1])) {
      const line = all[i];
      if (line === undefined) continue;
      const proof = recordProof(all, i);
      expect(rootFrom(line, proof)).toBe(root);
      expect(rootFrom(`${line} `, proof)).not.toBe(root);
      expect(rootFrom(all[(i + 1) % count] ?? '', proof) === root).toBe(count === 1);
    }
  });

  test('changes when records change places, go or come', () => {
    const all = lines(40);
    const roots = [all, all.toReversed(), all.slice(1), all.slice(0, -1), [...all, '[]']].map(recordsRoot);
    expect(new Set(roots).size).toBe(roots.length);
  });
});

describe('a block of records', () => {
  test('gives back its lines, short or packed, whatever they contain', () => {
    for (const count of [0, 1, 3, 1_000]) {
      const all = lines(count).map((line) => line.replace('0,', '"编号 🧮 \ufffd",'));
      expect(recordLines(packLines(all))).toEqual(all);
    }
  });

  test('still reads what was packed without a checksum', () => {
    const all = lines(300);
    const before = Buffer.concat([Buffer.of(1), zstdCompressSync(Buffer.from(all.join('\n')))]);
    expect(recordLines(before)).toEqual(all);
  });

  test.each([10, 400])('of %i records shows any flipped bit and any byte more or less', (count) => {
    const all = lines(count);
    const text = all.join('\n');
    const block = packLines(all);
    const passes = (changed: Uint8Array): boolean => {
      try {
        return recordLines(changed).join('\n') === text;
      } catch {
        return false;
      }
    };
    expect(passes(block)).toBe(true);
    for (let bit = 0; bit < block.length * 8; bit++) {
      const changed = Buffer.from(block);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      if (passes(changed)) expect.fail(`bit ${bit & 7} of byte ${bit >> 3} is not seen`);
    }
    expect(passes(block.subarray(0, -1))).toBe(false);
    expect(passes(Buffer.concat([block, Buffer.of(0)]))).toBe(false);
  });
});

/** Computed by a program of another language from what the seal is documented to be. */
const GOLDEN = [
  'd5028d1fc10599985fc8c528ff1ef66cc601fbaeb410cc6e8df9e7a10a4db60a',
  '94c562453bb22855e8d0259cde7056e64ac0196e51b225004a2174ee89519bdc',
];
