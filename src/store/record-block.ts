/** Record lines as one block of bytes: a first byte that says how the rest is packed, then the lines. */
import { Buffer } from 'node:buffer';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

const RAW = 0;
const ZSTD = 1;
/** Packing costs a fixed effort that shorter blocks do not repay. */
const PACKED_FROM = 4096;
const FASTEST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** Packs lines; none contains a newline. */
export const packLines = (lines: readonly string[]): Uint8Array => {
  const text = Buffer.from(lines.join('\n'), 'utf8');
  const packed = text.length >= PACKED_FROM;
  return Buffer.concat([Buffer.of(packed ? ZSTD : RAW), packed ? zstdCompressSync(text, FASTEST) : text]);
};

/** The lines of a block. Throws when it cannot be unpacked. */
export const recordLines = (block: Uint8Array): string[] => {
  const bytes = Buffer.from(block.buffer, block.byteOffset, block.byteLength);
  const rest = bytes.subarray(1);
  if (bytes[0] !== RAW && bytes[0] !== ZSTD)
    throw new RangeError(`a record block cannot start with ${bytes[0]}`);
  return (bytes[0] === ZSTD ? zstdDecompressSync(rest) : rest).toString('utf8').split('\n');
};
