/**
 * The end of the log of checkpoints, from which the next one is signed. The tree gives only nodes under the last
 * checkpoint, which its signed root proves; leaves after it are read from the log's events.
 */
import { openPauses } from '../async/pauses.ts';
import { type EventStore, VersionConflict } from '../eventstore/event-store.ts';
import { eventsOf, lastEvent } from '../eventstore/reading.ts';
import { decodeSystem } from '../ledger/system/codec.ts';
import type { SystemEvent, SystemEventData } from '../ledger/system/events.ts';
import { type Frontier, openFrontier } from './frontier.ts';
import { hashOfLeaf, LOG } from './leaf.ts';
import type { Signed } from './log-tables.ts';
import { type LogTree, TreeDamaged } from './log-tree.ts';
import { checkRoot } from './sound-tree.ts';

export type Leaves = SystemEventData['LeavesAdded']['leaves'];

export interface LogEnd {
  /** Number of the log's events. */
  readonly length: number;
  /** All leaves, including those no checkpoint covers yet. */
  readonly frontier: Frontier;
  /** The last checkpoint, as recorded; null if there is none. */
  readonly last: Signed | null;
}

/** The last event is a checkpoint, unless signing was interrupted; others may have thousands of leaves. */
const PAGE = 1;

/**
 * The log's end, which the tree must have read. Throws TreeDamaged if the tree does not fit it, and VersionConflict if
 * another writer has appended.
 */
export const logEnd = async (store: EventStore, tree: LogTree): Promise<LogEnd> => {
  const length = tree.length();
  const stored = await lastEvent(store, LOG, { from: length - 1, types: ['CheckpointSigned'], page: PAGE });
  const last = stored && signedBy(decodeSystem(stored));
  requireLength(tree, length);
  const frontier = openFrontier({ size: last?.size ?? 0, node: tree.node });
  if (last) checkRoot(last, frontier.root());
  const pause = openPauses();
  const since = { from: stored ? stored.revision + 1 : 0, to: length - 1 };
  for await (const later of eventsOf(store, LOG, since)) {
    const { type, data } = decodeSystem(later);
    if (type === 'LeavesAdded') addTo(frontier, data.leaves);
    const turn = pause();
    if (turn) await turn;
  }
  requireLength(tree, length);
  if (frontier.size() !== tree.size())
    throw new TreeDamaged(`the log has ${frontier.size()} leaves, its tree ${tree.size()}`);
  if (last?.note !== tree.last()?.note)
    throw new TreeDamaged(
      `the last checkpoint in the log's tree is not the log's of size ${last?.size ?? 0}`,
    );
  return { length, frontier, last };
};

const signedBy = ({ type, data }: SystemEvent): Signed | null => {
  if (type !== 'CheckpointSigned') return null;
  const { size, root, key, note } = data;
  return { size, root, key, note };
};

/** Adds the leaves of an event. */
export const addTo = (frontier: Frontier, leaves: Leaves): void => {
  for (const [stream, revision, head] of leaves) frontier.add(hashOfLeaf({ stream, revision, head }));
};

/** Throws VersionConflict unless the tree has read exactly the log up to there: another may have, or rebuilds it. */
export const requireLength = (tree: LogTree, length: number): void => {
  if (tree.length() !== length) throw new VersionConflict(LOG, length, tree.length());
};
