/** A ledger's file that is made beside its place, and moved there when it is whole. */
import { existsSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { removeDerived } from '../derived/files.ts';
import { StoreUnavailable } from '../eventstore/event-store.ts';
import { syncFolder } from '../files/folder.ts';
import { removeDatabase, walPath } from '../files/sqlite-file.ts';

/** There is a ledger where one was to be made. */
export class LedgerExists extends RangeError {
  constructor(path: string) {
    super(`there is a ledger at ${path} already`);
  }
}

/** Moves a file that is closed to a place where there is none. Throws LedgerExists; then it stays where it is. */
export const moveIntoPlace = (part: string, path: string): void => {
  // What is still in its log would stay behind when the file moves: the disk was full.
  if (existsSync(walPath(part))) throw new StoreUnavailable(`${part} could not be written to its end`);
  if (existsSync(path)) throw new LedgerExists(path);
  // What was derived from another ledger at this place must not be believed, nor what was left of its log.
  removeDatabase(path);
  removeDerived(path);
  renameSync(part, path);
  syncFolder(dirname(path));
};
