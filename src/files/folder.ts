/** Folders of files that must last and that no other user may read: made for their owner alone, and synced. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** Only its owner lists what is in a folder of a ledger. */
export const PRIVATE_FOLDER = 0o700;

/**
 * Makes a folder, and those it lies in, for their owner alone, durably; one that is there stays as it is. Throws the
 * system's error where it cannot be made.
 */
export const makePrivateFolder = (path: string): void => {
  // One by one: Node's own recursion never ends where the system lists a folder that takes no other (/proc).
  const missing: string[] = [];
  for (let one = resolve(path); !isFolder(one) && one !== dirname(one); one = dirname(one)) missing.push(one);
  for (const one of missing.reverse()) {
    try {
      mkdirSync(one, { mode: PRIVATE_FOLDER });
    } catch (error) {
      // Another process has just made it.
      if (!isFolder(one)) throw error;
    }
    syncFolder(dirname(one));
  }
};

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** Makes the names in a folder durable. Some systems open no folders: there they are as durable as they make them. */
export const syncFolder = (path: string): void => {
  let folder: number;
  try {
    folder = openSync(path, 'r');
  } catch {
    return;
  }
  try {
    fsyncSync(folder);
  } catch (error) {
    if (!isUnsupported(error)) throw error;
  } finally {
    closeSync(folder);
  }
};

const isUnsupported = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['EINVAL', 'EISDIR', 'EPERM'].includes(String(error.code));

const PART = /^\.part-(\d+)-[0-9a-f]{8}$/;
/** A file that is being written changes all the time; another machine's process cannot be asked for. */
const LEFT_MS = 3_600_000;

/** Deletes what processes that were killed left of a file (`NAME.part-…`), and that was not written to for an hour. */
export const removeLeftBehind = (target: string): void => {
  const [folder, name] = [dirname(target), basename(target)];
  if (!existsSync(folder)) return;
  for (const found of readdirSync(folder)) {
    const pid = found.startsWith(name) ? PART.exec(found.slice(name.length))?.[1] : undefined;
    if (pid === undefined || isRunning(Number(pid))) continue;
    const path = join(folder, found);
    const changed = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    if (changed !== undefined && Date.now() - changed > LEFT_MS) rmSync(path, { force: true });
  }
};

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};
