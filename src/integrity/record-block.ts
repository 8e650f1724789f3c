/**
 * Record lines as one block of bytes: a first byte that says how the rest is packed, then the lines. The seal covers
 * the lines, not the block, so a block may be repacked. Zstd ignores some bits of its frames and whatever follows
 * them; a checksum over the packed bytes detects corruption.
 */
import { Buffer } from 'node:buffer';
import { constants, crc32, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

const RAW = 0;
/** Zstd without a checksum: read, no longer written. */
const ZSTD = 1;
/** Four bytes of CRC-32 (little-endian) over what follows them, then zstd. */
const CHECKED_ZSTD = 2;
const KIND_BYTES = 1;
const CHECKED_BYTES = 5;
/** Packing costs a fixed effort that shorter blocks do not repay. */
const PACKED_FROM = 4096;
/** No block that was ever written unpacks to more: a bomb is no block. */
const UNPACKED_MAX = 32 * 1024 * 1024;
const BOUNDED = { maxOutputLength: UNPACKED_MAX };
const FASTEST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** Packs lines; none is empty or contains a newline. */
export const packLines = (lines: readonly string[]): Uint8Array => {
  const text = Buffer.from(lines.join('\n'), 'utf8');
  if (text.length < PACKED_FROM) return Buffer.concat([Buffer.of(RAW), text]);
  const packed = zstdCompressSync(text, FASTEST);
  const head = Buffer.allocUnsafe(CHECKED_BYTES);
  head[0] = CHECKED_ZSTD;
  head.writeUInt32LE(crc32(packed), KIND_BYTES);
  return Buffer.concat([head, packed]);
};

/** The lines of a block. Throws when it cannot be unpacked. */
export const recordLines = (block: Uint8Array): string[] => {
  const text = unpacked(Buffer.from(block.buffer, block.byteOffset, block.byteLength)).toString('utf8');
  return text === '' ? [] : text.split('\n');
};

const unpacked = (block: Buffer): Buffer => {
  switch (block[0]) {
    case RAW:
      return block.subarray(KIND_BYTES);
    case ZSTD:
      return zstdDecompressSync(block.subarray(KIND_BYTES), BOUNDED);
    case CHECKED_ZSTD: {
      const packed = block.subarray(CHECKED_BYTES);
      if (block.length < CHECKED_BYTES || crc32(packed) !== block.readUInt32LE(KIND_BYTES))
        throw new RangeError('the checksum of a record block does not hold');
      return zstdDecompressSync(packed, BOUNDED);
    }
    default:
      throw new RangeError(`a record block cannot start with ${block[0]}`);
  }
};
