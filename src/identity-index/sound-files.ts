/**
 * Whether LevelDB's files hold all that was written to them, for a folder whose process was killed: there is no list of
 * them as they are now. LevelDB compares no checksum of a table, and skips damaged parts of a log; but an index that lost
 * an entry below a watermark accepts a duplicate. Logs that end early lose their last writes, with the watermarks in
 * them, which is harmless; a gap before a later write is not.
 */
import { Buffer } from 'node:buffer';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSystemError } from '../files/system-errors.ts';
import { logRecords } from './leveldb-log.ts';
import { type Contents, contentsOf } from './leveldb-manifest.ts';
import { isTableSound } from './leveldb-table.ts';

const LOG = /^(\d+)\.log$/;
/** Of a write in a log: its sequence number, and how many entries it has. */
const WRITE_BYTES = 12;

/**
 * Whether no write is missing before a later one. `names` are the files of the folder; `isKnown` says which tables need
 * not be read.
 */
export const areFilesSound = (
  folder: string,
  names: readonly string[],
  isKnown: (name: string) => boolean,
): boolean => {
  try {
    const manifest = manifestOf(folder);
    const { records, end } = logRecords(manifest);
    const contents = end === 'whole' ? contentsOf(records) : null;
    if (!contents || manifest.length === 0) return false;
    return areLogsSound(folder, names, contents) && areTablesSound(folder, contents, isKnown);
  } catch (error) {
    // Lost; or another process has the folder open, and has just deleted it.
    if (isSystemError(error) && error.code === 'ENOENT') return false;
    throw error;
  }
};

/** The manifest that `CURRENT` names; empty if it names none. Throws ENOENT if one of the two is missing. */
const manifestOf = (folder: string): Buffer => {
  const name = readFileSync(join(folder, 'CURRENT'), 'latin1').trim();
  return /^MANIFEST-\d+$/.test(name) ? readFileSync(join(folder, name)) : Buffer.alloc(0);
};

/** Each write continues the one before, and only the last of the logs may be torn. */
const areLogsSound = (folder: string, names: readonly string[], { log, sequence }: Contents): boolean => {
  const numbers = names
    .flatMap((name) => LOG.exec(name)?.[1] ?? [])
    .map((text) => ({ text, number: Number(text) }));
  const logs = numbers.filter(({ number }) => number >= log).sort((a, b) => a.number - b.number);
  if (log > 0 && logs[0]?.number !== log) return false;
  let next: number | null = null;
  for (const [i, { text }] of logs.entries()) {
    const { records, end } = logRecords(readFileSync(join(folder, `${text}.log`)));
    if (end === 'damaged' || (end === 'torn' && i < logs.length - 1)) return false;
    for (const record of records) {
      if (record.length < WRITE_BYTES) return false;
      const first = Number(record.readBigUInt64LE());
      if (next === null ? first > sequence + 1 : first !== next) return false;
      next = first + record.readUInt32LE(8);
    }
  }
  return true;
};

const areTablesSound = (folder: string, { tables }: Contents, isKnown: (name: string) => boolean): boolean =>
  [...tables].every(([number, size]) => {
    const name = ['ldb', 'sst']
      .map((end) => `${String(number).padStart(6, '0')}.${end}`)
      .find((one) => existsSync(join(folder, one)));
    if (name === undefined) return false;
    if (isKnown(name)) return true;
    const table = readFileSync(join(folder, name));
    return table.length === size && isTableSound(table);
  });
