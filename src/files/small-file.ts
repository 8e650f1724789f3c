/** A small file that is written whole and synced before it is relied on, by code that cannot wait for a promise. */
import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncFolder } from './folder.ts';
import { FileExists, FileUnwritable, PRIVATE_FILE, partName } from './whole-file.ts';

/**
 * Writes a file for its owner alone, whole or not at all, durable when it returns. Throws FileExists where there is one
 * and `overwrite` is not given, and FileUnwritable.
 */
export const writeSmallFile = (path: string, content: string, { overwrite = false } = {}): void => {
  const part = partName(path);
  try {
    const file = openSync(part, 'wx', PRIVATE_FILE);
    try {
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    if (overwrite) renameSync(part, path);
    else linkSync(part, path);
    syncFolder(dirname(path));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw new FileExists(path);
    throw new FileUnwritable(path, error);
  } finally {
    rmSync(part, { force: true });
  }
};
