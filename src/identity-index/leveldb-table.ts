/**
 * Checks the checksum of every block of a LevelDB table, which LevelDB itself does not when it reads one. (Format:
 * https://github.com/google/leveldb/blob/main/doc/table_format.md)
 */
import type { Buffer } from 'node:buffer';
import { maskedCrc } from './crc32c.ts';
import { type Reader, readerOf } from './leveldb-manifest.ts';
import { unsnapped } from './snappy.ts';

const FOOTER_BYTES = 48;
const MAGIC = 0xdb4775248b80fb57n;
const MAGIC_BYTES = 8;
/** Behind a block: how it is compressed, and the checksum of both. */
const TRAILER_BYTES = 5;
const SNAPPY = 1;

interface Handle {
  readonly offset: number;
  readonly size: number;
}

/** Whether every block of a table is as it was written. */
export const isTableSound = (table: Buffer): boolean => {
  try {
    const footer = table.subarray(-FOOTER_BYTES);
    if (footer.length < FOOTER_BYTES || footer.readBigUInt64LE(FOOTER_BYTES - MAGIC_BYTES) !== MAGIC)
      return false;
    const handles = readerOf(footer);
    const parts = [handleIn(handles), handleIn(handles)];
    const isPadded = handles
      .rest()
      .subarray(0, -MAGIC_BYTES)
      .every((byte) => byte === 0);
    if (!isPadded || !parts.every((handle) => isBlockSound(table, handle))) return false;
    return parts.flatMap((handle) => handlesIn(table, handle)).every((handle) => isBlockSound(table, handle));
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
};

const handleIn = (reader: Reader): Handle => ({ offset: reader.number(), size: reader.number() });

const isBlockSound = (table: Buffer, { offset, size }: Handle): boolean => {
  const end = offset + size;
  if (end + TRAILER_BYTES > table.length - FOOTER_BYTES) return false;
  return maskedCrc(table.subarray(offset, end + 1)) === table.readUInt32LE(end + 1);
};

/** The blocks that a sound block of the index (or of the index of filters) names. */
const handlesIn = (table: Buffer, { offset, size }: Handle): Handle[] => {
  const stored = table.subarray(offset, offset + size);
  const block = table[offset + size] === SNAPPY ? unsnapped(stored) : stored;
  const restarts = block.readUInt32LE(block.length - 4);
  const entries = readerOf(block.subarray(0, block.length - 4 * (restarts + 1)));
  const handles: Handle[] = [];
  while (!entries.isAtEnd()) {
    // Of the key: how much it shares with the one before, how long its rest is; then how long the value is.
    entries.number();
    const rest = entries.number();
    const length = entries.number();
    entries.bytes(rest);
    handles.push(handleIn(readerOf(entries.bytes(length))));
  }
  return handles;
};
