/** Decompresses Snappy, in which LevelDB stores blocks. (Format: https://github.com/google/snappy/blob/main/format_description.txt) */
import { Buffer } from 'node:buffer';
import { readerOf } from './leveldb-manifest.ts';

/** The decompressed bytes. Throws RangeError for what is not Snappy. */
export const unsnapped = (bytes: Buffer): Buffer => {
  const size = readerOf(bytes).number();
  if (size > 256 * bytes.length) throw new RangeError('it decompresses to more than Snappy can');
  const out = Buffer.alloc(size);
  let from = bytes.findIndex((byte) => byte < 128) + 1;
  let to = 0;
  const take = (width: number): number => {
    from += width;
    return width === 0 ? 0 : bytes.readUIntLE(from - width, width);
  };
  const copy = (length: number, offset: number): void => {
    if (offset === 0 || offset > to) throw new RangeError('a copy begins before the text');
    // Byte by byte: a copy may overlap itself.
    for (const end = to + length; to < end; to++) out.writeUInt8(out.readUInt8(to - offset), to);
  };
  while (from < bytes.length) {
    const tag = take(1);
    const high = tag >>> 2;
    switch (tag & 3) {
      case 0: {
        const length = 1 + (high < 60 ? high : take(high - 59));
        if (from + length > bytes.length) throw new RangeError('a literal is cut');
        to += bytes.copy(out, to, from, from + length);
        from += length;
        break;
      }
      case 1:
        copy((high & 7) + 4, ((tag >>> 5) << 8) | take(1));
        break;
      case 2:
        copy(high + 1, take(2));
        break;
      default:
        copy(high + 1, take(4));
    }
  }
  if (to !== size) throw new RangeError('its length differs from the declared one');
  return out;
};
