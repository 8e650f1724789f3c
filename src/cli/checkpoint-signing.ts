/** Checkpoints on the command line: from a ledger opened for reading, or for writing if one must be signed. */

import { type CheckpointSigner, openCheckpointSigner } from '../checkpoint/checkpoint-queue.ts';
import { type LogTree, openLogTree } from '../checkpoint/log-tree.ts';
import { derivedPath } from '../derived/files.ts';
import type { EventStore } from '../eventstore/event-store.ts';
import { DEFAULT_STORE, type Where, whereOf } from '../ledger/location.ts';
import { ledgerSecret } from '../ledger/secrets/check-value.ts';
import { heldKey } from '../ledger/secrets/server-key.ts';
import { type Context, dataOf, storeOf } from './command.ts';

/**
 * Runs work with the signer of a store open for writing; checkpoints are also appended to SUANPAN_CHECKPOINT_FILE.
 * Rejects with SecretMismatch if the server key is not the ledger's.
 */
export const sealing = async <T>(
  context: Context,
  store: EventStore,
  work: (sealer: CheckpointSigner) => Promise<T>,
): Promise<T> => {
  const where = placeOf(context);
  const serverKey = await keyFor(context, store, 'write');
  const file = (where.kind !== 'memory' && process.env['SUANPAN_CHECKPOINT_FILE']) || null;
  const sealer = openCheckpointSigner({ store, path: treeOf(where), serverKey, file, now: Date.now });
  try {
    return await work(sealer);
  } finally {
    await sealer.close();
  }
};

/** Runs work with the tree of checkpoints of a store, read to its end; needs no key. */
export const withTree = async <T>(
  context: Context,
  store: EventStore,
  work: (tree: LogTree) => Promise<T>,
): Promise<T> => {
  const tree = openLogTree(store, treeOf(placeOf(context)));
  try {
    await tree.bringUp();
    return await work(tree);
  } finally {
    tree.close();
  }
};

/** The server key for a command; SUANPAN_NEW_SECRET declares that the previous one is lost. */
export const keyFor = (context: Context, store: EventStore, mode: 'read' | 'write'): Promise<Buffer> => {
  const where = placeOf(context);
  const isReplaced = mode === 'write' && process.env['SUANPAN_NEW_SECRET'] === 'true';
  return ledgerSecret({ store, where, secret: secretOf(where), mode: isReplaced ? 'replace' : mode });
};

/** Throws BadSetting if no server key can be found, before the ledger is opened for writing. */
export const requireKey = (context: Context): void => {
  const where = placeOf(context);
  heldKey(secretOf(where), where);
};

/** Rejects with SecretMismatch if the given key is not the ledger's, before anything is written. */
export const checkKey = async (context: Context, store: EventStore): Promise<void> => {
  const where = placeOf(context);
  if (where.kind === 'engine' && secretOf(where) === null) return;
  if (process.env['SUANPAN_NEW_SECRET'] !== 'true') await keyFor(context, store, 'read');
};

const placeOf = (context: Context): Where => whereOf(storeOf(context, DEFAULT_STORE), dataOf());
const treeOf = ({ base }: Where): string => (base === null ? ':memory:' : derivedPath(base, 'tree'));
const secretOf = ({ kind }: Where): string | null =>
  (kind !== 'memory' && process.env['SUANPAN_SECRET']) || null;
