/** A small file written atomically and synced, synchronously. */
import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncFolder } from './folder.ts';
import { FileExists, FileUnwritable, PRIVATE_FILE, partName } from './whole-file.ts';

/**
 * Writes a private file atomically; durable on return. Throws FileExists if it exists and `overwrite` is not set, and
 * FileUnwritable.
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
