/**
 * Failures of the machine or of a setting, as problems with a name: the caller cannot correct them, an operator can.
 */

import { ViewUnreadable } from '../../../derived/views.ts';
import { LedgerDamaged } from '../../../eventstore/event-store.ts';
import { diskTrouble } from '../../../eventstore/sqlite/disk-trouble.ts';
import { FileUnwritable } from '../../../files/whole-file.ts';
import { SecretUnreadable } from '../../../ledger/secrets/encryption.ts';
import { ApiProblem } from './problem.ts';

/** The problem of such an error; null if it is someone else's fault, or unexpected. */
export const operatorProblem = (error: unknown): ApiProblem | null => {
  if (error instanceof SecretUnreadable) return new ApiProblem('secret_unreadable', error.message);
  // The ledger has the checkpoint already: only the copy outside is missing.
  if (error instanceof FileUnwritable) return new ApiProblem('checkpoint_file_unwritable', error.message);
  if (error instanceof LedgerDamaged) return new ApiProblem('store_damaged', error.message);
  if (error instanceof ViewUnreadable) return new ApiProblem('store_damaged', damagedText(error));
  const trouble = diskTrouble(error);
  if (trouble !== null) return new ApiProblem('store_unavailable', trouble);
  return isSqlite(error) ? new ApiProblem('store_damaged', damagedText(error)) : null;
};

/** A derived file, or the ledger's file, cannot be read. */
const isSqlite = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR';

const damagedText = ({ message }: Error): string =>
  `a file of the ledger cannot be read (${message}): stop the server, run suanpan verify --store, and start it again`;
