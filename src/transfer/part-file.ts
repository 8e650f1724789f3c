/** A ledger's file is written under a temporary name and renamed when it is complete. */
import { existsSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { removeDerived } from '../derived/files.ts';
import { StoreUnavailable } from '../eventstore/event-store.ts';
import { syncFolder } from '../files/folder.ts';
import { removeDatabase, walPath } from '../files/sqlite-file.ts';
import { LedgerExists } from './new-place.ts';

/** Renames a closed file to a path without a ledger. Throws LedgerExists, and then leaves the file where it is. */
export const moveIntoPlace = (part: string, path: string): void => {
  // A remaining write-ahead log means that the disk was full; its content would be lost by the rename.
  if (existsSync(walPath(part))) throw new StoreUnavailable(`${part} could not be written to its end`);
  if (existsSync(path)) throw new LedgerExists(path);
  // Derived data and write-ahead log of an earlier ledger at this path must not be used.
  removeDatabase(path);
  removeDerived(path);
  renameSync(part, path);
  syncFolder(dirname(path));
};
