/** Chooses the checkpoint of a bundle: the first by an unrevoked key that covers the required events. */

import { hexText } from '../../checkpoint/bytes.ts';
import type { Signed } from '../../checkpoint/log-tables.ts';
import type { LogTree, PlacedLeaf } from '../../checkpoint/log-tree.ts';
import { inclusionProof } from '../../checkpoint/merkle-tree.ts';
import { signingKeys } from '../../checkpoint/signing-keys.ts';
import type { EventStore } from '../../eventstore/event-store.ts';
import { CATALOGUE } from '../../ledger/system/catalogue.ts';
import type { ProvedLeaf } from './format.ts';

export interface Covering {
  readonly signed: Signed;
  /** Leaves of the account's stream and of the catalogue. */
  readonly leaves: readonly PlacedLeaf[];
  /** The last required revision of each. */
  readonly needed: readonly number[];
}

const PAGE = 64;

/** The first checkpoint that covers a close and the catalogue it used; null if none does yet. */
export const coveringCheckpoint = async (
  { store, tree }: { store: EventStore; tree: LogTree },
  stream: string,
  closed: number,
  published: number,
): Promise<Covering | null> => {
  // Without price books there is no catalogue to cover.
  const all = [[stream, closed] as const, [CATALOGUE, published - 1] as const];
  const matters = all.filter(([, revision]) => revision >= 0);
  const needed = matters.map(([, revision]) => revision);
  const leaves = matters.map(([name, revision]) => tree.covering(name, revision));
  const found = leaves.flatMap((leaf) => leaf ?? []);
  if (found.length < leaves.length) return null;
  const revoked = new Set((await signingKeys(store)).flatMap(({ key, revoked: is }) => (is ? [key] : [])));
  let from = Math.max(...found.map(({ index }) => index)) + 1;
  for (;;) {
    const page = tree.checkpoints({ from, limit: PAGE });
    const signed = page.find(({ key }) => !revoked.has(key));
    if (signed) return { signed, leaves: found, needed };
    if (page.length < PAGE) return null;
    from = (page.at(-1)?.size ?? from) + 1;
  }
};

/** A leaf with its path to a checkpoint's root. */
export const provedLeaf = (
  tree: LogTree,
  { size }: Signed,
  { stream, revision, head, index }: PlacedLeaf,
): ProvedLeaf => ({
  stream,
  revision,
  head,
  index,
  path: inclusionProof(index, size, tree.node).map(hexText),
});
