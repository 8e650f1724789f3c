/** An append-only Merkle tree that keeps only what its root needs: the roots of its complete subtrees. */
import { type NodeReader, nodeHash, treeRoot } from './merkle-tree.ts';

export interface Frontier {
  add(leaf: Uint8Array): void;
  size(): number;
  root(): Uint8Array;
}

/** An empty tree, or the first `start.size` leaves of one whose nodes are known. */
export const openFrontier = (start?: { readonly size: number; readonly node: NodeReader }): Frontier => {
  /** By level: the root of the last complete subtree of that size that is not part of a larger one. */
  const roots: (Uint8Array | null)[] = start ? rootsOf(start.size, start.node) : [];
  let size = start?.size ?? 0;
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

const rootsOf = (size: number, node: NodeReader): (Uint8Array | null)[] => {
  const roots: (Uint8Array | null)[] = [];
  // Not by bits: a size may exceed 32 of them.
  for (let level = 0, count = size; count > 0; level++, count = Math.floor(count / 2))
    roots.push(count % 2 === 1 ? node(level, count - 1) : null);
  return roots;
};
