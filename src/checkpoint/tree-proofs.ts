/** Proofs from the log's tree, each checked against the signed root before it is returned. */
import { hexText } from './bytes.ts';
import { CONSISTENCY_FORMAT, type ConsistencyFile } from './consistency-proof.ts';
import { hashOfLeaf } from './leaf.ts';
import type { Signed } from './log-tables.ts';
import type { LogTree, PlacedLeaf } from './log-tree.ts';
import {
  consistencyProof,
  inclusionProof,
  rootByInclusion,
  rootsByConsistency,
  treeRoot,
} from './merkle-tree.ts';
import { checkRoot, onSoundTree } from './sound-tree.ts';

/** The path of a leaf to a checkpoint's root, in hex. Throws TreeDamaged if it does not lead there. */
export const pathOfLeaf = (tree: LogTree, signed: Signed, leaf: PlacedLeaf): string[] => {
  const path = inclusionProof(leaf.index, signed.size, tree.node);
  checkRoot(signed, rootByInclusion(hashOfLeaf(leaf), leaf.index, signed.size, path));
  return path.map(hexText);
};

/**
 * The proof from an earlier size to a checkpoint; null if the size is not between 1 and the checkpoint's. A damaged tree
 * is rebuilt first; rejects with LedgerDamaged if that does not help.
 */
export const consistencyFor = async (
  tree: LogTree,
  from: number,
  later: Signed,
): Promise<ConsistencyFile | null> => {
  const { size, note } = later;
  if (from < 1 || from > size) return null;
  const path = await onSoundTree(tree, () => {
    const proof = consistencyProof(from, size, tree.node);
    // The signed root, which is the later one, determines the earlier one.
    const roots = rootsByConsistency({ size: from, root: treeRoot(from, tree.node) }, size, proof);
    checkRoot(later, roots?.root ?? null);
    return proof.map(hexText);
  });
  return { format: CONSISTENCY_FORMAT, from, to: size, path, note };
};
