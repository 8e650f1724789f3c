/** Opens the folder of the identity index, initially and after a failed write. */
import type { Buffer } from 'node:buffer';
import { rm } from 'node:fs/promises';
import { ClassicLevel } from 'classic-level';
import { makePrivateFolder } from '../files/folder.ts';
import { isWhole, markOpen } from './unclean-shutdown.ts';

export type IndexDb = ClassicLevel<Buffer, Buffer>;

/** Opens or creates the index. One that is unreadable, or may be incomplete, is rebuilt from the streams. */
export const openIndex = async (folder: string): Promise<IndexDb> => {
  let opened: IndexDb | null = null;
  try {
    opened = await openFolder(folder);
  } catch (error) {
    const code = causeCode(error);
    if (code === 'LEVEL_LOCKED' || code === undefined) throw error;
  }
  if (!opened || !isWhole(folder)) {
    await opened?.close();
    opened = await made(folder);
  }
  markOpen(folder);
  return opened;
};

/**
 * Reopens the index after a failed write. It is rebuilt only if it is damaged: a disk that cannot be written does not
 * mean that its data is. Rejects while the disk is unusable.
 */
export const reopenIndex = async (folder: string): Promise<{ db: IndexDb; isAnew: boolean }> => {
  try {
    return { db: await openFolder(folder), isAnew: false };
  } catch (error) {
    if (causeCode(error) !== 'LEVEL_CORRUPTION') throw causeOf(error);
  }
  const db = await made(folder);
  markOpen(folder);
  return { db, isAnew: true };
};

const made = async (folder: string): Promise<IndexDb> => {
  await rm(folder, { recursive: true, force: true });
  return openFolder(folder);
};

const openFolder = async (folder: string): Promise<IndexDb> => {
  makePrivateFolder(folder);
  const opened = new ClassicLevel<Buffer, Buffer>(folder, {
    keyEncoding: 'buffer',
    valueEncoding: 'buffer',
    writeBufferSize: 16 * 1024 * 1024,
  });
  await opened.open();
  return opened;
};

/** LevelDB's own message, if any. */
const causeOf = (error: unknown): unknown =>
  error instanceof Error && error.cause instanceof Error ? error.cause : error;

export const causeCode = (error: unknown): string | undefined => {
  const cause = causeOf(error);
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
};
