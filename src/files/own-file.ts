/** Files that a library is going to open, made beforehand so that their owner alone can read them. */
import { closeSync, existsSync, openSync } from 'node:fs';
import { PRIVATE_FILE } from './whole-file.ts';

/** Makes an empty file for its owner alone where there is none; SQLite gives what it puts beside it the same mode. */
export const makeOwnFile = (path: string): void => {
  if (path !== ':memory:' && !existsSync(path)) closeSync(openSync(path, 'a', PRIVATE_FILE));
};
