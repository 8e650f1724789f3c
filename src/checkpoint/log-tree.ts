/**
 * The log's Merkle tree in SQLite beside the ledger: complete nodes, and leaf indexes by stream. Derived from the log's
 * events; `bringUp` updates it; it can be deleted without loss. Its file may have been damaged: what is signed or proved
 * from it is checked first (`sound-tree.ts`).
 */
import type { EventStore } from '../eventstore/event-store.ts';
import { hashAt } from '../eventstore/hash-at.ts';
import { isUnsound, makeRoom } from '../files/sound-database.ts';
import { inTransaction } from '../files/sqlite-file.ts';
import type { SystemEvent } from '../ledger/system/events.ts';
import { readSystemWhole } from '../ledger/system/streams.ts';
import { hexText } from './bytes.ts';
import { hashOfLeaf, type Leaf, LOG } from './leaf.ts';
import {
  forgetLog,
  isComplete,
  type LogTables,
  openLogTables,
  reachedIn,
  type Signed,
  signedOf,
} from './log-tables.ts';
import { type NodeReader, nodeHash, treeRoot } from './merkle-tree.ts';

/** A checkpoint, and the content hash of the request that asked for it. */
export interface Asked {
  readonly signed: Signed;
  readonly hash: string;
}

export interface PlacedLeaf extends Leaf {
  readonly index: number;
}

/** The tree's file is damaged: it lacks a node, or does not have the root that was signed. */
export class TreeDamaged extends Error {}

export interface LogTree {
  /** Reads the log to its end. */
  bringUp(): Promise<void>;
  /** Empties the tree and reads the whole log again; concurrent calls share it. */
  rebuild(): Promise<void>;
  /** Number of leaves, including those no checkpoint covers yet. */
  size(): number;
  /** Number of the log's events read. */
  length(): number;
  readonly node: NodeReader;
  root(size: number): string;
  /** A stream's last leaf, or null. */
  latest(stream: string): PlacedLeaf | null;
  /** The first leaf of a stream that covers a revision, or null. */
  covering(stream: string, revision: number): PlacedLeaf | null;
  /** Checkpoints of at least that size, by size, then in the order of signing. */
  checkpoints(options: { readonly from: number; readonly limit: number }): Signed[];
  /** A page in the order of signing; `next` is the cursor of the next page, or null. */
  checkpointsAfter(from: number, limit: number): { items: Signed[]; next: number | null };
  last(): Signed | null;
  /** The checkpoint requested under an idempotency key, or null. */
  askedBy(key: string): Asked | null;
  close(): void;
}

/** Opens or creates the tree at a path; a damaged one is rebuilt. `:memory:` keeps it in memory. */
export const openLogTree = (store: EventStore, path: string): LogTree => {
  let tables = openLogTables(path);
  let rebuilding: Promise<void> | null = null;
  const node: NodeReader = (level, index) => nodeIn(tables, level, index);
  /** SQLite's number of the state that was checked: another one where anybody else has written to the file. */
  let checked: unknown = null;
  const checkComplete = (): void => {
    const version = tables.version.get()?.['data_version'];
    if (version === checked) return;
    if (!isComplete(tables)) throw new TreeDamaged("the log's tree lacks a leaf or a checkpoint");
    checked = version;
  };
  const empty = (): void => {
    try {
      forgetLog(tables);
    } catch (error) {
      if (!isUnsound(error)) throw error;
      tables.db.close();
      makeRoom(path);
      tables = openLogTables(path);
      checked = null;
    }
  };
  const rebuild = async (): Promise<void> => {
    empty();
    await bringUp(store, () => tables);
  };
  const rebuildOnce = (): Promise<void> => {
    rebuilding ??= rebuild().finally(() => {
      rebuilding = null;
    });
    return rebuilding;
  };
  return {
    bringUp: async () => {
      try {
        checkComplete();
        await bringUp(store, () => tables);
      } catch (error) {
        if (!isTreeDamage(error)) throw error;
        await rebuildOnce();
      }
    },
    rebuild: rebuildOnce,
    size: () => reachedIn(tables).size,
    length: () => reachedIn(tables).length,
    node,
    root: (size) => hexText(treeRoot(size, node)),
    latest: (stream) => leafOf(stream, tables.latest.get(stream)),
    covering: (stream, revision) => leafOf(stream, tables.covering.get(stream, revision)),
    checkpoints: ({ from, limit }) => tables.signed.all(from, limit).map(signedOf),
    last: () => {
      const row = tables.last.get();
      return row ? signedOf(row) : null;
    },
    checkpointsAfter: (from, limit) => {
      const rows = tables.signedFrom.all(from, limit + 1);
      const next = rows[limit]?.['revision'];
      return {
        items: rows.slice(0, limit).map(signedOf),
        next: next === undefined ? null : Number(next),
      };
    },
    askedBy: (key) => {
      const row = tables.askedBy.get(key);
      return row ? { signed: signedOf(row), hash: String(row['hash']) } : null;
    },
    close: () => tables.db.close(),
  };
};

/** Whether an error says that the tree must be rebuilt. */
export const isTreeDamage = (error: unknown): boolean => error instanceof TreeDamaged || isUnsound(error);

const nodeIn = (tables: LogTables, level: number, index: number): Uint8Array => {
  const hash = tables.node.get(level, index)?.['hash'];
  if (!(hash instanceof Uint8Array))
    throw new TreeDamaged(`the log's tree lacks node ${index} of level ${level}`);
  return hash;
};

const leafOf = (stream: string, row: Record<string, unknown> | undefined): PlacedLeaf | null =>
  row
    ? { stream, revision: Number(row['revision']), head: String(row['head']), index: Number(row['i']) }
    : null;

/** Adds a leaf and all nodes that it completes. */
const addLeaf = (tables: LogTables, leaf: Leaf, index: number): void => {
  tables.putLeaf.run(leaf.stream, leaf.revision, index, leaf.head);
  let hash = hashOfLeaf(leaf);
  let place = index;
  for (let level = 0; ; level++) {
    tables.putNode.run(level, place, hash);
    if (place % 2 === 0) return;
    hash = nodeHash(nodeIn(tables, level, place - 1), hash);
    place = (place - 1) / 2;
  }
};

/** Whether the tree was built from this log: false for another one, or for one restored to an earlier state. */
const isOfThisLog = async (store: EventStore, tables: LogTables): Promise<boolean> => {
  const { length, head } = reachedIn(tables);
  return length === 0 || (await hashAt(store, LOG, length - 1)) === head;
};

/** Events of the log read at once; each may have thousands of leaves. */
const EVENTS_A_ROUND = 32;

/** `tables` are those of the file at each moment: a damaged one is replaced. */
const bringUp = async (store: EventStore, tables: () => LogTables): Promise<void> => {
  if (!(await isOfThisLog(store, tables()))) forgetLog(tables());
  for (;;) {
    const from = reachedIn(tables()).length;
    const events = await readSystemWhole(store, LOG, from, EVENTS_A_ROUND);
    if (events.length === 0) return;
    const head = (await hashAt(store, LOG, from + events.length - 1)) ?? '';
    inTransaction(tables().db, () => take(tables(), { from, events, head }));
  }
};

/** Applies events of the log from a revision on; `head` is the hash of the last one. */
const take = (
  tables: LogTables,
  {
    from,
    events,
    head,
  }: { readonly from: number; readonly events: readonly SystemEvent[]; readonly head: string },
): void => {
  // Others may have applied events meanwhile, or emptied the tree: then the caller reads on from there.
  let { length, size, signed } = reachedIn(tables);
  if (from > length) return;
  for (const [i, event] of events.entries()) {
    if (from + i < length) continue;
    if (event.type === 'LeavesAdded')
      for (const [stream, revision, leafHead] of event.data.leaves)
        addLeaf(tables, { stream, revision, head: leafHead }, size++);
    if (event.type === 'CheckpointSigned') {
      const { size: covered, root, key, note, command } = event.data;
      const { key: asked = null, hash = null } = command ?? {};
      tables.putSigned.run(from + i, covered, root, key, note, asked, hash);
      signed += 1;
    }
    length = from + i + 1;
  }
  if (length === from + events.length) tables.reach.run(length, size, head, signed);
};
