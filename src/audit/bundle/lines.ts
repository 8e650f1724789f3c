/** Splits a file's bytes into lines, independent of how they are chunked, without repairing anything. */
import { LINE_MAX } from './bundle-bounds.ts';

/** The file is not text lines: invalid UTF-8, an overlong line, or no newline at its end. */
export class NotLines extends Error {}

/** Bytes processed at once. */
const PIECE_BYTES = 64 * 1024;
const NEWLINE = 10;

/** Yields batches of lines without their newlines. Throws NotLines, also for a line of more than 4 Mi characters. */
export async function* linesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  /** The pieces of the current, unfinished line. */
  let rest: string[] = [];
  let length = 0;
  let lines = 0;
  /** Offsets in the file of the current line and piece. */
  let lineAt = 0;
  let pieceAt = 0;
  /** The last bytes of the previous piece, where a character may begin. */
  let before = new Uint8Array();
  const decoded = (piece?: Uint8Array): string | null => {
    try {
      return piece ? decoder.decode(piece, { stream: true }) : decoder.decode();
    } catch {
      return null;
    }
  };
  const notUtf8 = (good: number, at: number): NotLines =>
    new NotLines(`line ${lines + good + 1}, byte ${at - lineAt + 1}: not UTF-8`);

  for await (const large of pieces) {
    for (const piece of cut(large)) {
      const text = decoded(piece);
      if (text === null) {
        // Lines before the invalid byte are still used, so that findings can name the file's account and month.
        const both = Uint8Array.from([...before, ...piece]);
        const at = invalidAt(both, before.length > 0) - before.length;
        const good = linesBefore(piece.subarray(0, Math.max(0, at)));
        if (good.lines.length > 0) {
          yield [rest.join('') + good.lines[0], ...good.lines.slice(1)];
          lineAt = pieceAt + good.end;
        }
        throw notUtf8(good.lines.length, pieceAt + at);
      }
      const [first = '', ...others] = text.split('\n');
      rest.push(first);
      length += first.length;
      if (length > LINE_MAX) throw new NotLines(`line ${lines + 1} has more than ${LINE_MAX} characters`);
      const last = others.pop();
      const newline = piece.lastIndexOf(NEWLINE);
      if (newline >= 0) lineAt = pieceAt + newline + 1;
      pieceAt += piece.length;
      before = Uint8Array.from([...before, ...piece.slice(-3)]).slice(-3);
      if (last === undefined) continue;
      const parts = [rest.join(''), ...others];
      rest = [last];
      length = last.length;
      lines += parts.length;
      yield parts;
    }
  }
  const end = decoded();
  if (end === null) throw notUtf8(0, pieceAt - before.length + invalidAt(before, true));
  rest.push(end);
  if (rest.join('') !== '') throw new NotLines(`the file is cut: line ${lines + 1} has no end`);
}

function* cut(piece: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < piece.length; at += PIECE_BYTES) yield piece.subarray(at, at + PIECE_BYTES);
}

/** The complete lines of a piece before its first invalid byte, and where they end. */
const linesBefore = (piece: Uint8Array): { readonly lines: string[]; readonly end: number } => {
  const lines: string[] = [];
  let from = 0;
  for (let end = piece.indexOf(NEWLINE); end >= 0; end = piece.indexOf(NEWLINE, from)) {
    try {
      lines.push(
        new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(piece.subarray(from, end)),
      );
    } catch {
      return { lines, end: from };
    }
    from = end + 1;
  }
  return { lines, end: from };
};

/** Offset of the first byte that is not valid UTF-8; `midway`: the bytes may begin within a character. */
const invalidAt = (bytes: Uint8Array, midway: boolean): number => {
  let at = 0;
  if (midway) while (at < 3 && isContinuation(bytes[at])) at += 1;
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
