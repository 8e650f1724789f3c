/** Creates private files before a library opens them, so that only their owner can read them. */
import { closeSync, existsSync, openSync } from 'node:fs';
import { PRIVATE_FILE } from './whole-file.ts';

/** Creates an empty private file if there is none; SQLite gives its accompanying files the same mode. */
export const makeOwnFile = (path: string): void => {
  if (path !== ':memory:' && !existsSync(path)) closeSync(openSync(path, 'a', PRIVATE_FILE));
};
