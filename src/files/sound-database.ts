/** Databases that are derived: a damaged or missing one is deleted and recreated, and never blocks. */
import { rmdirSync, rmSync, statSync } from 'node:fs';
import { databaseFiles } from './sqlite-file.ts';
import { FileUnwritable } from './whole-file.ts';

/** SQLite's primary codes for a file that is not a database, is damaged, or has other tables. */
const UNSOUND = new Set([1, 11, 26]);
const PRIMARY = 0xff;

/**
 * Opens a derived database; an unusable one is deleted and created again. `open` must close what it fails to open.
 * Throws FileUnwritable if a non-empty folder is in its place, which is never deleted.
 */
export const openSound = <Opened>(path: string, open: (path: string) => Opened): Opened => {
  if (path === ':memory:') return open(path);
  if (isFolder(path)) makeRoom(path);
  try {
    return open(path);
  } catch (error) {
    if (!isUnsound(error)) throw error;
    makeRoom(path);
    return open(path);
  }
};

/** Deletes a database's file with its logs, or an empty folder in its place. Throws FileUnwritable, as above. */
export const makeRoom = (path: string): void => {
  for (const place of databaseFiles(path)) {
    if (!isFolder(place)) {
      rmSync(place, { force: true });
      continue;
    }
    try {
      rmdirSync(place);
    } catch {
      throw new FileUnwritable(
        place,
        new Error('a folder is in its place: move that away, and the file is rebuilt'),
      );
    }
  }
};

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** Whether an error says that a database's file is damaged. */
export const isUnsound = (error: unknown): boolean =>
  error instanceof Error &&
  'errcode' in error &&
  typeof error.errcode === 'number' &&
  UNSOUND.has(error.errcode & PRIMARY);
