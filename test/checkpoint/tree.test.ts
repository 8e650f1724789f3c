/** The Merkle tree against the published vectors of RFC 6962 implementations, and against its definition. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hexBytes, hexText } from '../../src/checkpoint/bytes.ts';
import { openFrontier } from '../../src/checkpoint/frontier.ts';
import {
  consistencyProof,
  inclusionProof,
  leafHash,
  type NodeReader,
  nodeHash,
  rootByInclusion,
  rootsByConsistency,
  treeRoot,
} from '../../src/checkpoint/merkle-tree.ts';

/** The leaves and roots that Certificate Transparency's reference implementation is tested with. */
const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const bytes = (hex: string) => hexBytes(hex) ?? new Uint8Array();

/** The definition, leaf by leaf. */
const naive = (leaves: readonly Uint8Array[]): Uint8Array => {
  const [only] = leaves;
  if (leaves.length === 1 && only) return only;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return nodeHash(naive(leaves.slice(0, k)), naive(leaves.slice(k)));
};
const reader =
  (leaves: readonly Uint8Array[]): NodeReader =>
  (level, i) =>
    naive(leaves.slice(i * 2 ** level, (i + 1) * 2 ** level));

test('roots are the published ones', () => {
  const hashes = LEAVES.map((leaf) => leafHash(bytes(leaf)));
  const roots = ROOTS.map((_, i) => hexText(treeRoot(i + 1, reader(hashes))));
  expect(roots).toEqual(ROOTS);
  expect(hexText(treeRoot(0, reader([])))).toBe(
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  );
});

const hashes = Array.from({ length: 40 }, (_, i) => leafHash(Uint8Array.of(i)));

test('every leaf is proved in every tree, at its own place alone', () => {
  for (let size = 1; size <= hashes.length; size++) {
    const root = hexText(treeRoot(size, reader(hashes)));
    for (let index = 0; index < size; index++) {
      const path = inclusionProof(index, size, reader(hashes));
      const leaf = hashes[index] ?? new Uint8Array();
      expect(hexText(rootByInclusion(leaf, index, size, path) ?? new Uint8Array())).toBe(root);
      const elsewhere = rootByInclusion(leaf, (index + 1) % size, size, path);
      if (size > 1) expect(elsewhere && hexText(elsewhere)).not.toBe(root);
      expect(rootByInclusion(leaf, index, size, [...path, leaf])).toBeNull();
      if (path.length > 0) expect(rootByInclusion(leaf, index, size, path.slice(1))).toBeNull();
    }
  }
});

test('every tree is proved to begin with every smaller one, and with no other', () => {
  for (let size = 1; size <= hashes.length; size++) {
    const root = treeRoot(size, reader(hashes));
    for (let old = 1; old <= size; old++) {
      const before = { size: old, root: treeRoot(old, reader(hashes)) };
      const path = consistencyProof(old, size, reader(hashes));
      const roots = rootsByConsistency(before, size, path);
      expect([hexText(roots?.old ?? before.root), hexText(roots?.root ?? before.root)]).toEqual([
        hexText(before.root),
        hexText(root),
      ]);
      const forged = { size: old, root: leafHash(before.root) };
      const other = rootsByConsistency(forged, size, path);
      if (old < size)
        expect(other?.old.join() === forged.root.join() && other.root.join() === root.join()).toBe(false);
    }
  }
});

test('a frontier has the root of the tree it has grown to', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), (size) => {
      const many = Array.from({ length: size }, (_, i) => leafHash(Uint8Array.of(i & 255, i >> 8)));
      const frontier = openFrontier();
      for (const leaf of many) frontier.add(leaf);
      expect(hexText(frontier.root())).toBe(hexText(naive(many)));
    }),
    { numRuns: 60 },
  );
});
