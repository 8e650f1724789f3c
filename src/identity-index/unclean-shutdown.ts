/**
 * Unclean-shutdown marker (boot id) in a folder that is written without fsync, present while a process has it open. A
 * killed process loses nothing that it wrote; a machine crash may lose any part of it, also from the middle. The
 * marker distinguishes the two: it names the machine's boot.
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

/** Whether everything that was written to the folder is sure to be there. */
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

/** Syncs what the folder holds and takes the mark away. */
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
