/**
 * Atomic, durable files. A file is written under another name in the same folder, private from its first byte on,
 * synced, and then renamed; then the folder is synced too. So a killed process, a full disk or a power cut leaves the
 * target as it was: missing, or the earlier file.
 */
import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { type FileHandle, link, open, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { removeLeftBehind, syncFolder } from './folder.ts';

/** The target exists and may not be replaced. */
export class FileExists extends RangeError {
  readonly path: string;
  constructor(path: string) {
    super(`${path} is there already (--force writes over it)`);
    this.path = path;
  }
}

/** A file that could not be written; nothing of it is at its place. */
export class FileUnwritable extends Error {
  constructor(path: string, cause: unknown) {
    super(`${path} cannot be written: ${causeText(cause, path)}`, { cause });
  }
}

export interface WholeFileOptions {
  /** Replaces an existing file; otherwise such a file is refused, before and after writing. */
  readonly overwrite?: boolean;
}

export type Piece = string | Uint8Array;

export interface WholeFile {
  /** Writes the next piece; resolves when another may follow. Rejects with FileUnwritable. */
  write(piece: Piece): Promise<void>;
  /** Syncs the file and renames it. Rejects with FileUnwritable or FileExists; then nothing is left. */
  finish(): Promise<void>;
  /** Deletes what was written; a no-op after `finish`. */
  abandon(): Promise<void>;
}

/** Files of a ledger are readable by their owner only. */
export const PRIVATE_FILE = 0o600;
/** Bytes gathered for one write. */
const GATHERED = 256 * 1024;

/** Begins a file. Rejects with FileExists for a target that may not be replaced, or FileUnwritable. */
export const openWholeFile = async (path: string, options: WholeFileOptions = {}): Promise<WholeFile> => {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isFile() && !options.overwrite) throw new FileExists(path);
  if (found?.isDirectory()) throw new FileUnwritable(path, { code: 'EISDIR' });
  try {
    // A pipe or a device cannot be renamed onto.
    if (found && !found.isFile()) return writer(path, await open(path, 'w'), null, options);
    // The target of a link is replaced, not the link.
    const target = found ? await realpath(path) : path;
    removeLeftBehind(target);
    const part = partName(target);
    return writer(path, await open(part, 'wx', PRIVATE_FILE), { part, target }, options);
  } catch (error) {
    throw new FileUnwritable(path, error);
  }
};

/**
 * Writes a file from bytes, text, or a sequence of pieces; resolves to its size in bytes. Rejects with FileExists,
 * FileUnwritable, or the pieces' error; then the target is unchanged.
 */
export const writeWhole = async (
  path: string,
  content: Piece | AsyncIterable<Piece> | Iterable<Piece>,
  options: WholeFileOptions = {},
): Promise<number> => {
  const file = await openWholeFile(path, options);
  const pieces = typeof content === 'string' || content instanceof Uint8Array ? [content] : content;
  let bytes = 0;
  try {
    for await (const piece of pieces) {
      bytes += Buffer.byteLength(piece);
      await file.write(piece);
    }
    await file.finish();
    return bytes;
  } finally {
    await file.abandon();
  }
};

/** Another name in the same folder: a rename moves nothing over the border of two disks. */
export const partName = (target: string): string =>
  join(dirname(target), `${basename(target)}.part-${process.pid}-${randomBytes(4).toString('hex')}`);

const writer = (
  path: string,
  handle: FileHandle,
  place: { readonly part: string; readonly target: string } | null,
  { overwrite = false }: WholeFileOptions,
): WholeFile => {
  let waiting: Buffer[] = [];
  let size = 0;
  let isOpen = true;

  const flush = async (): Promise<void> => {
    const bytes = Buffer.concat(waiting);
    [waiting, size] = [[], 0];
    if (bytes.length > 0) await handle.writeFile(bytes);
  };
  const abandon = async (): Promise<void> => {
    if (!isOpen) return;
    isOpen = false;
    await handle.close().catch(() => undefined);
    if (place) await rm(place.part, { force: true });
  };
  const guarded = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      await abandon();
      throw error instanceof FileExists ? error : new FileUnwritable(path, error);
    }
  };

  return {
    write: async (piece) => {
      const bytes = typeof piece === 'string' ? Buffer.from(piece) : Buffer.from(piece);
      waiting.push(bytes);
      size += bytes.length;
      if (size >= GATHERED) await guarded(flush);
    },
    finish: () =>
      guarded(async () => {
        await flush();
        if (place) await handle.sync();
        await handle.close();
        if (place) await nameIt(path, place.part, place.target, overwrite);
        isOpen = false;
      }),
    abandon,
  };
};

/** Systems and disks without hard links. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/** Renames a complete and synced file; durable when it resolves. */
export const nameIt = async (
  path: string,
  part: string,
  target: string,
  overwrite: boolean,
): Promise<void> => {
  if (overwrite) await rename(part, target);
  else await linked(path, part, target);
  syncFolder(dirname(target));
};

/** Refuses a target that has been created meanwhile, which a rename would replace. */
const linked = async (path: string, part: string, target: string): Promise<void> => {
  try {
    await link(part, target);
    await rm(part, { force: true });
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw new FileExists(path);
    if (!NO_LINKS.has(codeOf(error))) throw error;
    if (statSync(target, { throwIfNoEntry: false })) throw new FileExists(path);
    await rename(part, target);
  }
};

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

const IN_WORDS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the disk is read-only',
  EFBIG: 'the file would be larger than the system allows',
  EACCES: 'its folder may not be written',
  EPERM: 'its folder may not be written',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is a file',
  ENAMETOOLONG: 'its name is too long',
};

const causeText = (cause: unknown, path: string): string => {
  const code = codeOf(cause);
  if (code === 'ENOENT') return `there is no folder ${dirname(path)}`;
  return IN_WORDS[code] ?? (cause instanceof Error ? cause.message : String(cause));
};
