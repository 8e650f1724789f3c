/** Checks a ledger against its external checkpoints: what they sign must still be in it. */
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import type { EventStore } from '../eventstore/event-store.ts';
import { hexText } from './bytes.ts';
import { notesIn } from './checkpoint-files.ts';
import { checkpointOf } from './consistency-proof.ts';
import { isTreeDamage, type LogTree } from './log-tree.ts';
import type { Checkpoint } from './note.ts';
import { originOf } from './signing-keys.ts';

/** The last checkpoints are at the end of the file; the first line read may be incomplete. */
const TAIL_BYTES = 64 * 1024;

/**
 * Why the ledger is inconsistent with the last checkpoint in a file, in a sentence; null if it is consistent, or the
 * file has no checkpoint of this ledger.
 */
export const missingOf = async (store: EventStore, tree: LogTree, path: string): Promise<string | null> => {
  const last = await lastIn(store, path);
  if (!last) return null;
  await tree.bringUp();
  if (last.size > tree.size()) await tree.rebuild();
  if (last.size > tree.size())
    return `the checkpoint of ${last.time} in ${path} covers ${last.size} leaves, the ledger has ${tree.size()}`;
  if (hasRoot(tree, last)) return null;
  // Only the ledger can tell: the tree beside it may be damaged.
  await tree.rebuild();
  return hasRoot(tree, last)
    ? null
    : `the checkpoint of ${last.time} in ${path} is of another history than the ledger's`;
};

const hasRoot = (tree: LogTree, { size, root }: Checkpoint): boolean => {
  try {
    return tree.root(size) === hexText(root);
  } catch (error) {
    if (isTreeDamage(error)) return false;
    throw error;
  }
};

const lastIn = async (store: EventStore, path: string): Promise<Checkpoint | null> => {
  const checkpoints = notesIn(tailOf(path)).flatMap((note) => checkpointOf(note) ?? []);
  if (checkpoints.length === 0) return null;
  const origin = await originOf(store);
  const own = checkpoints.filter((one) => one.origin === origin);
  return own.sort((a, b) => b.size - a.size)[0] ?? null;
};

const tailOf = (path: string): string => {
  if (!existsSync(path)) return '';
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES));
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, bytes.length, size - bytes.length));
  } finally {
    closeSync(file);
  }
};
