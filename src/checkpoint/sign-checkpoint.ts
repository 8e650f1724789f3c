/**
 * Signs a checkpoint: appends a leaf for every stream that has changed since the last one, then signs the root over all
 * leaves. If the server crashes in between, the next checkpoint covers the leaves. Two servers that sign concurrently
 * are serialized by version conflicts.
 */

import type { Buffer } from 'node:buffer';
import { openPauses } from '../async/pauses.ts';
import { headerText } from '../codec/event-codec.ts';
import { type EventStore, VersionConflict } from '../eventstore/event-store.ts';
import { streamHeads } from '../eventstore/reading.ts';
import { hexOf, seal } from '../integrity/seal-events.ts';
import type { SystemEventData } from '../ledger/system/events.ts';
import type { RequestMark } from '../ledger/system/request-mark.ts';
import { hexText, sameBytes, utf8 } from './bytes.ts';
import { hashOfLeaf, LOG } from './leaf.ts';
import { addTo, type Leaves, type LogEnd, logEnd, requireLength } from './log-end.ts';
import type { Signed } from './log-tables.ts';
import { type LogTree, TreeDamaged } from './log-tree.ts';
import { checkpointText, noteText } from './note.ts';
import { currentSigner, originOf, signingKeys } from './signing-keys.ts';
import { onSoundTree } from './sound-tree.ts';

export interface Signing {
  readonly store: EventStore;
  readonly tree: LogTree;
  readonly serverKey: Buffer;
  /** The real instant, in milliseconds. */
  readonly now: () => number;
  /** The request that asks for it; it gets its own checkpoint even if nothing changed. */
  readonly mark?: RequestMark | null;
}

const HEADS_A_PAGE = 1_000;
const LEAVES_AN_EVENT = 4_000;
const ATTEMPTS = 20;

/**
 * Signs the current heads of all streams; without a request, returns the last checkpoint if nothing changed. Rejects with
 * LedgerDamaged, and records nothing, if the log does not have the root that its last checkpoint signed.
 */
export const signCheckpoint = async (of: Signing): Promise<Signed> => {
  for (let attempt = 1; ; attempt++) {
    try {
      // The signer first: creating its key changes a stream too.
      await currentSigner(of.store, of.serverKey, of.now());
      await of.tree.bringUp();
      return await onSoundTree(of.tree, async () => {
        const end = await logEnd(of.store, of.tree);
        return signed(of, await addLeaves(of, end, await changed(of)));
      });
    } catch (error) {
      if (!(error instanceof VersionConflict) || attempt === ATTEMPTS) throw error;
    }
  }
};

/** Number of leaves that a checkpoint signed now would cover (dry run). */
export const wouldCover = async (of: Pick<Signing, 'store' | 'tree'>): Promise<number> => {
  await of.tree.bringUp();
  return onSoundTree(of.tree, async () => of.tree.size() + (await changed(of)).length);
};

/** New leaves for streams whose head differs from their last leaf. */
const changed = async ({ store, tree }: Pick<Signing, 'store' | 'tree'>): Promise<Leaves> => {
  const leaves: Leaves = [];
  const pause = openPauses();
  for await (const { stream, length, hash } of streamHeads(store, { page: HEADS_A_PAGE })) {
    if (stream !== LOG && lags(tree, stream, length - 1, hexOf(hash)))
      leaves.push([stream, length - 1, hexOf(hash)]);
    const turn = pause();
    if (turn) await turn;
  }
  return leaves;
};

/** Whether a stream's head has no leaf yet. Throws TreeDamaged for a leaf that is not the log's. */
const lags = (tree: LogTree, stream: string, revision: number, head: string): boolean => {
  const leaf = tree.latest(stream);
  if (!leaf || leaf.revision > revision) return !leaf;
  const isSound =
    leaf.revision === revision ? leaf.head === head : sameBytes(tree.node(0, leaf.index), hashOfLeaf(leaf));
  if (!isSound)
    throw new TreeDamaged(`leaf ${leaf.index} of the log is not event ${leaf.revision} of ${stream}`);
  return leaf.revision < revision;
};

const addLeaves = async (of: Signing, end: LogEnd, leaves: Leaves): Promise<LogEnd> => {
  const { frontier, last } = end;
  let { length } = end;
  for (let i = 0; i < leaves.length; i += LEAVES_AN_EVENT) {
    requireLength(of.tree, length);
    // A tree that was being rebuilt did not know them.
    const some = leaves
      .slice(i, i + LEAVES_AN_EVENT)
      .filter(([stream, revision]) => (of.tree.latest(stream)?.revision ?? -1) < revision);
    if (some.length === 0) continue;
    await append(of, length, 'LeavesAdded', { from: frontier.size(), leaves: some });
    addTo(frontier, some);
    length += 1;
  }
  return { length, frontier, last };
};

const signed = async (of: Signing, { length, frontier, last }: LogEnd): Promise<Signed> => {
  const { store, tree, serverKey, now } = of;
  const size = frontier.size();
  const { mark = null } = of;
  // The same request may have been handled concurrently by another server.
  requireLength(tree, length);
  const asked = mark && tree.askedBy(mark.key);
  if (asked) return asked.signed;
  if (last?.size === size && !mark && !(await isRevoked(store, last.key))) return last;
  const signer = await currentSigner(store, serverKey, now());
  const root = frontier.root();
  const text = checkpointText({
    origin: await originOf(store),
    size,
    root,
    time: new Date(now()).toISOString(),
  });
  const note = noteText(text, { ...signer.key, signature: signer.sign(utf8(text)) });
  const checkpoint = { size, root: hexText(root), key: signer.key.text, note };
  await append(of, length, 'CheckpointSigned', { ...checkpoint, command: mark });
  return checkpoint;
};

const isRevoked = async (store: EventStore, key: string): Promise<boolean> =>
  (await signingKeys(store)).some((one) => one.key === key && one.revoked);

/** Appends to a log of that length; throws VersionConflict if another writer was first. */
const append = async <Type extends 'LeavesAdded' | 'CheckpointSigned'>(
  { store, tree, now }: Signing,
  expected: number,
  type: Type,
  data: SystemEventData[Type],
): Promise<void> => {
  const { length, hash } = await store.head(LOG);
  if (length !== expected) throw new VersionConflict(LOG, expected, length);
  const at = now();
  const header = headerText(type, 1, at, new Date(at).toISOString());
  await store.append(LOG, length, seal(LOG, length, hash, [{ header, data: JSON.stringify(data) }]));
  await tree.bringUp();
};
