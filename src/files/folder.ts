/** Durable, private folders: accessible to their owner only, and synced. */
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

/** Only the owner may list a ledger's folder. */
const PRIVATE_FOLDER = 0o700;

/**
 * Creates a folder and its parents, private and durable; an existing one is left as it is. Throws the system's error on
 * failure.
 */
export const makePrivateFolder = (path: string): void => {
  // One level at a time: Node's recursive mkdir never returns for some system folders (/proc).
  const missing: string[] = [];
  for (let one = resolve(path); !isFolder(one) && one !== dirname(one); one = dirname(one)) {
    // As the system says it of a path behind a file.
    if (existsSync(one))
      throw Object.assign(new Error(`ENOTDIR: not a directory, mkdir '${one}'`), {
        ...{ code: 'ENOTDIR', syscall: 'mkdir', path: one },
      });
    missing.push(one);
  }
  for (const one of missing.reverse()) {
    try {
      mkdirSync(one, { mode: PRIVATE_FOLDER });
    } catch (error) {
      // Another process has just created it.
      if (!isFolder(one)) throw error;
    }
    syncFolder(dirname(one));
  }
};

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** Makes the names in a folder durable. Some systems cannot open folders; there durability is up to the system. */
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

const PART = /^\.part-(\d+)-[0-9a-f]{8}(?:-[a-z]+)?$/;
/** A file being written is modified all the time; a process on another machine cannot be checked. */
const LEFT_MS = 3_600_000;

/** Deletes temporary files (`NAME.part-…`, and the logs of such a database) of killed processes that were not modified for an hour. */
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
