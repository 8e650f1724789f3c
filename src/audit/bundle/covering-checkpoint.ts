/** Chooses the checkpoint of a bundle: the first by an unrevoked key that covers the required events. */

import type { Signed } from '../../checkpoint/log-tables.ts';
import type { LogTree, PlacedLeaf } from '../../checkpoint/log-tree.ts';
import { signingKeys } from '../../checkpoint/signing-keys.ts';
import { onSoundTree } from '../../checkpoint/sound-tree.ts';
import { pathOfLeaf } from '../../checkpoint/tree-proofs.ts';
import type { EventStore } from '../../eventstore/event-store.ts';
import { CATALOGUE } from '../../ledger/system/catalogue.ts';
import type { ProvedLeaf } from './format.ts';

export interface Covering {
  readonly signed: Signed;
  /** Leaves of the account's stream and of the catalogue, with their paths to the checkpoint's root. */
  readonly leaves: readonly ProvedLeaf[];
  /** The last required revision of each. */
  readonly needed: readonly number[];
}

const PAGE = 64;

/**
 * The first checkpoint that covers a close and the catalogue it used, with checked proofs; null if none does yet. A
 * damaged tree is rebuilt first; rejects with LedgerDamaged if that does not help.
 */
export const coveringCheckpoint = (
  of: { readonly store: EventStore; readonly tree: LogTree },
  stream: string,
  closed: number,
  published: number,
): Promise<Covering | null> => onSoundTree(of.tree, () => covering(of, stream, closed, published));

const covering = async (
  { store, tree }: { readonly store: EventStore; readonly tree: LogTree },
  stream: string,
  closed: number,
  published: number,
): Promise<Covering | null> => {
  const revoked = new Set((await signingKeys(store)).flatMap(({ key, revoked: is }) => (is ? [key] : [])));
  await tree.bringUp();
  // Without price books there is no catalogue to cover.
  const all = [[stream, closed] as const, [CATALOGUE, published - 1] as const];
  const matters = all.filter(([, revision]) => revision >= 0);
  const needed = matters.map(([, revision]) => revision);
  const leaves = matters.map(([name, revision]) => tree.covering(name, revision));
  const found = leaves.flatMap((leaf) => leaf ?? []);
  if (found.length < leaves.length) return null;
  let from = Math.max(...found.map(({ index }) => index)) + 1;
  for (;;) {
    const page = tree.checkpoints({ from, limit: PAGE });
    const signed = page.find(({ key }) => !revoked.has(key));
    if (signed) return { signed, leaves: found.map((leaf) => provedLeaf(tree, signed, leaf)), needed };
    if (page.length < PAGE) return null;
    from = (page.at(-1)?.size ?? from) + 1;
  }
};

/** A leaf with its path to a checkpoint's root. Throws TreeDamaged if the path does not lead there. */
const provedLeaf = (tree: LogTree, signed: Signed, leaf: PlacedLeaf): ProvedLeaf => ({
  ...leaf,
  path: pathOfLeaf(tree, signed, leaf),
});
