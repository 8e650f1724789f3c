/** An append-only Merkle tree that keeps only what its root needs: the roots of its complete subtrees. */
import { nodeHash, treeRoot } from './merkle-tree.ts';

export interface Frontier {
  add(leaf: Uint8Array): void;
  size(): number;
  root(): Uint8Array;
}

export const openFrontier = (): Frontier => {
  /** By level: the root of the last complete subtree of that size that is not part of a larger one. */
  const roots: (Uint8Array | null)[] = [];
  let size = 0;
  return {
    size: () => size,
    add: (leaf) => {
      let hash = leaf;
      let level = 0;
      for (let left = roots[level]; left; left = roots[level]) {
        hash = nodeHash(left, hash);
        roots[level] = null;
        level += 1;
      }
      roots[level] = hash;
      size += 1;
    },
    root: () => {
      const [smallest, ...larger] = roots.flatMap((root) => root ?? []);
      return smallest
        ? larger.reduce((right, left) => nodeHash(left, right), smallest)
        : treeRoot(0, () => new Uint8Array());
    },
  };
};
