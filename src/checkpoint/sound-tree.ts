/**
 * The log's tree as a derived file: what is signed or proved from it is compared with a signed root first. Where they
 * differ, the tree is rebuilt from the ledger's events; if they still do, the ledger itself is not what was signed.
 */
import { LedgerDamaged } from '../eventstore/event-store.ts';
import { hexText } from './bytes.ts';
import type { Signed } from './log-tables.ts';
import { isTreeDamage, type LogTree, TreeDamaged } from './log-tree.ts';
import { parseCheckpoint, parseNote } from './note.ts';

/**
 * Runs work that throws TreeDamaged for a tree it cannot use; then rebuilds the tree and runs the work once more. Rejects
 * with LedgerDamaged if that does not help either.
 */
export const onSoundTree = async <Result>(
  tree: LogTree,
  work: () => Result | Promise<Result>,
): Promise<Result> => {
  try {
    return await work();
  } catch (error) {
    if (!isTreeDamage(error)) throw error;
  }
  await tree.rebuild();
  try {
    return await work();
  } catch (error) {
    if (error instanceof TreeDamaged)
      throw new LedgerDamaged(
        `the ledger is damaged: ${error.message}; suanpan verify --store says where, docs/limits.md (Proof) what to do`,
      );
    throw error;
  }
};

/** Throws TreeDamaged unless a root over a checkpoint's leaves is the one that its note signs. */
export const checkRoot = ({ size, root, note }: Signed, computed: Uint8Array | null): void => {
  const read = parseNote(note);
  const checkpoint = read && parseCheckpoint(read.text);
  const found = computed ? hexText(computed) : 'none';
  if (checkpoint?.size !== size || hexText(checkpoint.root) !== root || found !== root)
    throw new TreeDamaged(
      `the log of ${checkpoint?.origin ?? 'checkpoints'} has the root ${found}, not the ${root} of its checkpoint of size ${size}`,
    );
};
