/** Startup check: the ledger is consistent with its external checkpoints. */

import { missingOf } from '../checkpoint/external-checkpoint.ts';
import { openLogTree } from '../checkpoint/log-tree.ts';
import { derivedPath } from '../derived/files.ts';
import { LedgerShorter } from '../eventstore/event-store.ts';
import { WAY_ON } from '../eventstore/sqlite/detect-lost-end.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Where } from '../ledger/location.ts';
import type { Settings } from './settings.ts';

/**
 * Rejects with LedgerShorter if the last checkpoint in SUANPAN_CHECKPOINT_FILE is not in the ledger, unless the loss is
 * accepted. An engine may be restored by its own operator while servers run; there it is only reported.
 */
export const checkWitness = async (
  { store, isShared }: Pick<Ledger, 'store' | 'isShared'>,
  { base }: Where,
  { checkpointFile, acceptLoss }: Pick<Settings, 'checkpointFile' | 'acceptLoss'>,
  tell: (notice: string) => void,
): Promise<void> => {
  if (checkpointFile === null) return;
  const tree = openLogTree(store, base === null ? ':memory:' : derivedPath(base, 'tree'));
  try {
    const missing = await missingOf(store, tree, checkpointFile);
    if (missing === null) return;
    if (!acceptLoss && !isShared)
      throw new LedgerShorter(`the ledger lacks what was signed: ${missing}; ${WAY_ON}`);
    tell(`the ledger lacks what was signed: ${missing}`);
  } finally {
    tree.close();
  }
};
