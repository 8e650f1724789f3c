/**
 * The list of the index's files as they were when it was closed: sizes and checksums. LevelDB makes a new database
 * where `CURRENT` is missing, skips what it cannot read of a log, and verifies no checksum of what it reads; but an
 * index that lost an entry below a watermark accepts a duplicate. So a folder that is not as listed is rebuilt.
 */
import { Buffer } from 'node:buffer';
import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { writeSmallFile } from '../files/small-file.ts';
import { areFilesSound } from './sound-files.ts';

const LIST = 'FILES';
const DATA = /^(?:CURRENT|MANIFEST-\d+|\d+\.(?:log|ldb|sst|dbtmp))$/;
/** Tables never change once they are written. */
const TABLE = /\.(?:ldb|sst)$/;
const LINE = /^(\S+) (\d+) (\d+) (-|\d+(?:\.\d+)?)$/;
/** A change that follows a listing within this time may not show in the file's time of change. */
const SETTLED_MS = 2_000;
const PIECE_BYTES = 1 << 20;

interface Listed {
  readonly size: number;
  readonly checksum: number;
  /** Time of the file's last change, by which it is known without being read; null if it was too recent. */
  readonly changed: number | null;
}

/** The names of LevelDB's data in the folder; none where there is no such folder. */
export const dataFiles = (folder: string): string[] => {
  try {
    return readdirSync(folder).filter((name) => DATA.test(name));
  } catch {
    return [];
  }
};

/** Whether the folder holds exactly the files that were listed, unchanged. An empty one needs no list. */
export const areFilesAsListed = (folder: string): boolean => {
  const listed = listIn(folder);
  const names = dataFiles(folder);
  return names.length === listed.size && names.every((name) => isAsListed(folder, name, listed.get(name)));
};

/** Whether the tables that were listed and are still there are unchanged; for a folder that was opened since. */
export const areTablesAsListed = (folder: string): boolean => {
  const listed = listIn(folder);
  return dataFiles(folder).every((name) => {
    const one = TABLE.test(name) ? listed.get(name) : undefined;
    return !one || isAsListed(folder, name, one);
  });
};

/**
 * Whether the files of a folder whose process was killed are as they were written: tables that were listed before as
 * listed, all others by their own checksums. An empty folder is.
 */
export const areFilesAsWritten = (folder: string): boolean => {
  const names = dataFiles(folder);
  if (names.length === 0) return true;
  const listed = listIn(folder);
  return areTablesAsListed(folder) && areFilesSound(folder, names, (name) => listed.has(name));
};

/** Lists the files of a closed folder; durable on return. */
export const listFiles = (folder: string): void => {
  const before = listIn(folder);
  const lines = dataFiles(folder).map((name) => {
    const path = join(folder, name);
    const { size, ctimeMs } = statSync(path);
    const known = before.get(name);
    const isKnown = known?.size === size && known.changed === ctimeMs;
    const checksum = isKnown ? known.checksum : checksumOf(path);
    return `${name} ${size} ${checksum} ${Date.now() - ctimeMs > SETTLED_MS ? ctimeMs : '-'}\n`;
  });
  writeSmallFile(join(folder, LIST), lines.join(''), { overwrite: true });
};

const isAsListed = (folder: string, name: string, listed: Listed | undefined): boolean => {
  if (!listed) return false;
  const path = join(folder, name);
  const { size, ctimeMs } = statSync(path, { throwIfNoEntry: false }) ?? {};
  if (size !== listed.size) return false;
  return listed.changed === ctimeMs || checksumOf(path) === listed.checksum;
};

const listIn = (folder: string): ReadonlyMap<string, Listed> => {
  const listed = new Map<string, Listed>();
  for (const line of textIn(folder).split('\n')) {
    const [, name, size, checksum, changed] = LINE.exec(line) ?? [];
    if (name === undefined) continue;
    const at = changed === '-' ? null : Number(changed);
    listed.set(name, { size: Number(size), checksum: Number(checksum), changed: at });
  }
  return listed;
};

const textIn = (folder: string): string => {
  try {
    return readFileSync(join(folder, LIST), 'utf8');
  } catch {
    return '';
  }
};

const checksumOf = (path: string): number => {
  const piece = Buffer.allocUnsafe(PIECE_BYTES);
  const file = openSync(path, 'r');
  try {
    let checksum = 0;
    for (;;) {
      const length = readSync(file, piece);
      if (length === 0) return checksum;
      checksum = crc32(piece.subarray(0, length), checksum);
    }
  } finally {
    closeSync(file);
  }
};
