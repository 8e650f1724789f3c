/** Splits a file's bytes into lines, independent of how they are chunked, without repairing anything. */
import { lineBlocks } from '../../text/byte-lines.ts';
import { LINE_MAX } from './bundle-bounds.ts';

/** The file is not text lines: invalid UTF-8, an overlong line, or no newline at its end. */
export class NotLines extends Error {}

/** Bytes processed at once. */
const PIECE_BYTES = 64 * 1024;
/** More than the longest line has: a character takes at most three bytes (four are two characters), and one may be cut. */
const LINE_BYTES = 3 * (LINE_MAX + 2);
const NEWLINE = 10;

/** Yields batches of lines without their newlines. Throws NotLines, also for a line of more than 4 Mi characters. */
export async function* linesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[]> {
  let lines = 0;
  const isLong = (text: string | undefined): boolean => (text?.length ?? 0) > LINE_MAX;
  const longLine = (): NotLines => new NotLines(`line ${lines + 1} has more than ${LINE_MAX} characters`);
  const notUtf8 = (line: Uint8Array): NotLines =>
    new NotLines(`line ${lines + 1}, byte ${invalidAt(line) + 1}: not UTF-8`);
  const onLong = (beginning: Uint8Array): never => {
    // The kept beginning may end within a character.
    const whole = beginning.subarray(0, Math.min(invalidAt(beginning), beginning.length));
    throw isLong(textOf(whole) ?? '') ? longLine() : notUtf8(beginning);
  };
  for await (const { bytes, hasEnd } of lineBlocks(cut(pieces), LINE_BYTES, onLong)) {
    const text = textOf(bytes);
    if (text === null) {
      // Lines before the invalid byte are still used, so that findings can name the file's account and month.
      const { good, bad } = goodLines(bytes);
      if (good.length > 0) yield good;
      lines += good.length;
      throw notUtf8(bad);
    }
    const batch = text.split('\n');
    // Only a line that spans pieces can be too long.
    if (isLong(batch[0])) throw longLine();
    if (!hasEnd) throw new NotLines(`the file is cut: line ${lines + 1} has no end`);
    lines += batch.length;
    yield batch;
  }
}

async function* cut(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces)
    for (let at = 0; at < piece.length; at += PIECE_BYTES) yield piece.subarray(at, at + PIECE_BYTES);
}

/** The text of bytes; null if they are not UTF-8. */
const textOf = (bytes: Uint8Array): string | null => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
};

/** The lines of a block before its first one that is not UTF-8, and that one. */
const goodLines = (bytes: Uint8Array): { readonly good: string[]; readonly bad: Uint8Array } => {
  const good: string[] = [];
  for (let from = 0; ; ) {
    const feed = bytes.indexOf(NEWLINE, from);
    const line = bytes.subarray(from, feed < 0 ? bytes.length : feed);
    const text = textOf(line);
    if (text === null || feed < 0) return { good, bad: line };
    good.push(text);
    from = feed + 1;
  }
};

/** Offset of the first byte that is not valid UTF-8; the length where all are. */
const invalidAt = (bytes: Uint8Array): number => {
  let at = 0;
  while (at < bytes.length) {
    const size = sizeOf(bytes, at);
    if (size === 0) return at;
    at += size;
  }
  return at;
};

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

/** Length in bytes of the character at an offset (Unicode 16, table 3-7); 0 if it is incomplete or invalid. */
const sizeOf = (bytes: Uint8Array, at: number): number => {
  const [first = 0, second = 0] = [bytes[at], bytes[at + 1]];
  if (first < 0x80) return 1;
  const size = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  for (let i = 1; i < size; i++) if (!isContinuation(bytes[at + i])) return 0;
  const isOut =
    (first === 0xe0 && second < 0xa0) ||
    (first === 0xed && second > 0x9f) ||
    (first === 0xf0 && second < 0x90) ||
    (first === 0xf4 && second > 0x8f);
  return isOut ? 0 : size;
};
