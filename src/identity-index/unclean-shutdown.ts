/**
 * Unclean-shutdown marker (boot id) for a folder that is written without fsync; present while a process has the folder
 * open. A killed process loses none of its writes; a machine crash may lose any of them. The marker distinguishes the
 * two by the machine's boot id.
 */
import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const MARK = 'OPEN';
const UNKNOWN_BOOT = 'unknown';

const thisBoot = (): string => {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return UNKNOWN_BOOT;
  }
};

/** Whether everything written to the folder is certainly there. */
export const isWhole = (folder: string, boot = thisBoot()): boolean => {
  try {
    return readFileSync(join(folder, MARK), 'utf8') === boot && boot !== UNKNOWN_BOOT;
  } catch {
    // No marker: its last process closed it cleanly, after an fsync.
    return true;
  }
};

/** Marks the folder as open; durable when it returns. */
export const markOpen = (folder: string): void => {
  writeFileSync(join(folder, MARK), thisBoot());
  synced(join(folder, MARK));
  synced(folder);
};

/** Syncs the folder and removes the marker. */
export const markClosed = (folder: string): void => {
  for (const name of readdirSync(folder)) synced(join(folder, name));
  synced(folder);
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
