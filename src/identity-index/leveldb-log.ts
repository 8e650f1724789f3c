/**
 * Records of LevelDB's logs (`NNN.log` and `MANIFEST-NNN`), each with its checksum. LevelDB itself skips the rest of a
 * block behind a damaged record of a log, and goes on with the next block: what it skipped is gone unseen. (Format:
 * https://github.com/google/leveldb/blob/main/doc/log_format.md)
 */
import { Buffer } from 'node:buffer';
import { maskedCrc } from './crc32c.ts';

const BLOCK_BYTES = 32_768;
const HEADER_BYTES = 7;
const TYPE_AT = 6;
/** Types of a record's fragments. */
const FULL = 1;
const FIRST = 2;
const LAST = 4;

export interface LogRecords {
  readonly records: Buffer[];
  /**
   * How the log ends: `torn`: within a record that was being written. `damaged`: a record whose bytes are all there is
   * not what was written.
   */
  readonly end: 'whole' | 'torn' | 'damaged';
}

/** All records of a log up to where it ends, or is damaged. */
export const logRecords = (bytes: Buffer): LogRecords => {
  const records: Buffer[] = [];
  let parts: Buffer[] | null = null;
  let at = 0;
  while (at < bytes.length) {
    const left = BLOCK_BYTES - (at % BLOCK_BYTES);
    if (left < HEADER_BYTES) {
      if (bytes.subarray(at, at + left).some((byte) => byte !== 0)) return { records, end: 'damaged' };
      at += left;
      continue;
    }
    if (at + HEADER_BYTES > bytes.length) return { records, end: 'torn' };
    const length = bytes.readUInt16LE(at + 4);
    const end = at + HEADER_BYTES + length;
    if (HEADER_BYTES + length > left) return { records, end: 'damaged' };
    if (end > bytes.length) return { records, end: 'torn' };
    const type = bytes[at + TYPE_AT] ?? 0;
    const starts = type === FULL || type === FIRST;
    const isSound =
      type >= FULL &&
      type <= LAST &&
      starts === (parts === null) &&
      maskedCrc(bytes.subarray(at + TYPE_AT, end)) === bytes.readUInt32LE(at);
    if (!isSound) return { records, end: 'damaged' };
    const all: Buffer[] = [...(parts ?? []), bytes.subarray(at + HEADER_BYTES, end)];
    const ends = type === FULL || type === LAST;
    if (ends) records.push(Buffer.concat(all));
    parts = ends ? null : all;
    at = end;
  }
  return { records, end: parts === null ? 'whole' : 'torn' };
};
