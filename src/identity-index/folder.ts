/** Opens the folder of the identity index, initially and after a failed write. */
import type { Buffer } from 'node:buffer';
import { rm } from 'node:fs/promises';
import { ClassicLevel } from 'classic-level';
import { makePrivateFolder } from '../files/folder.ts';
import { dataFiles } from './closed-files.ts';
import { causeOf, isDamage } from './damage.ts';
import { isMarkedDamaged, isWhole, markOpen } from './unclean-shutdown.ts';

export type IndexDb = ClassicLevel<Buffer, Buffer>;

/** Opens or creates the index. One that is damaged, or may be incomplete, is rebuilt from the streams. */
export const openIndex = async (folder: string): Promise<IndexDb> => {
  const whole = isWhole(folder);
  // Opened even if it is not whole: that shows whether another process holds it.
  let opened = await usable(folder, dataFiles(folder).length === 0);
  if (!opened || !whole) {
    await opened?.close();
    opened = await made(folder);
  }
  markOpen(folder);
  return opened;
};

/**
 * Reopens the index after a failure. It is rebuilt only if it is damaged: a disk that cannot be written does not mean
 * that its data is. Rejects while the disk is unusable.
 */
export const reopenIndex = async (folder: string): Promise<{ db: IndexDb; isAnew: boolean }> => {
  const opened = isMarkedDamaged(folder) ? null : await usable(folder, false);
  if (opened) return { db: opened, isAnew: false };
  const db = await made(folder);
  markOpen(folder);
  return { db, isAnew: true };
};

/** The index as it is; null if its files are damaged. */
const usable = async (folder: string, createIfMissing: boolean): Promise<IndexDb | null> => {
  try {
    return await openFolder(folder, createIfMissing);
  } catch (error) {
    if (isDamage(error)) return null;
    throw causeOf(error);
  }
};

const made = async (folder: string): Promise<IndexDb> => {
  await rm(folder, { recursive: true, force: true });
  return openFolder(folder, true);
};

/** `createIfMissing` only for an empty folder: LevelDB takes one without `CURRENT` for new, and drops its tables. */
const openFolder = async (folder: string, createIfMissing: boolean): Promise<IndexDb> => {
  makePrivateFolder(folder);
  const opened = new ClassicLevel<Buffer, Buffer>(folder, {
    ...{ keyEncoding: 'buffer', valueEncoding: 'buffer', createIfMissing },
    writeBufferSize: 16 * 1024 * 1024,
  });
  await opened.open();
  return opened;
};
