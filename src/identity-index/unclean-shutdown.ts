/**
 * Unclean-shutdown marker (boot id) for a folder that is written without fsync; present while a process has the folder
 * open. A killed process loses none of its writes; a machine crash may lose any of them. The marker distinguishes the
 * two by the machine's boot id; what it wrote is compared with its own checksums. Without the marker the files must be
 * those that the last process listed.
 */
import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { areFilesAsListed, areFilesAsWritten, areTablesAsListed, listFiles } from './closed-files.ts';

const MARK = 'OPEN';
const UNKNOWN_BOOT = 'unknown';
/** In the marker's place: the folder must be emptied. */
const DAMAGED = 'damaged';

const thisBoot = (): string => {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return UNKNOWN_BOOT;
  }
};

const markIn = (folder: string): string | null => {
  try {
    return readFileSync(join(folder, MARK), 'utf8');
  } catch {
    return null;
  }
};

/** Whether everything written to the folder is there; asked before LevelDB opens it, which changes its files. */
export const isWhole = (folder: string, boot = thisBoot()): boolean => {
  const mark = markIn(folder);
  if (mark === null) return areFilesAsListed(folder);
  return mark === boot && boot !== UNKNOWN_BOOT && areFilesAsWritten(folder);
};

/** Marks the folder as damaged: the next open empties it. */
export const markDamaged = (folder: string): void => {
  try {
    writeFileSync(join(folder, MARK), DAMAGED);
    synced(join(folder, MARK));
  } catch {
    // A disk that cannot be written: the damage is met again.
  }
};

export const isMarkedDamaged = (folder: string): boolean => markIn(folder) === DAMAGED;

/** Marks the folder as open; durable when it returns. */
export const markOpen = (folder: string): void => {
  writeFileSync(join(folder, MARK), thisBoot());
  synced(join(folder, MARK));
  synced(folder);
};

/** Syncs and lists the closed folder, and removes the marker; damage found in it leaves it marked. */
export const markClosed = (folder: string): void => {
  if (!areTablesAsListed(folder)) {
    markDamaged(folder);
    return;
  }
  for (const name of readdirSync(folder)) synced(join(folder, name));
  listFiles(folder);
  rmSync(join(folder, MARK), { force: true });
};

const synced = (path: string): void => {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    // Some systems open no folders.
    return;
  }
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
};
