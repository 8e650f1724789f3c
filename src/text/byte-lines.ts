/**
 * Lines of a file of any size, as bytes: only a line feed ends one (a name may hold U+2028, which `readline` splits at), and
 * whether they are text is for the reader to say, line by line. Of absurdly long ones the beginning is kept.
 */

export interface ByteLine {
  /** Without its line feed; the beginning, where the line is longer than what is kept. */
  readonly bytes: Uint8Array;
  /** Bytes in all. */
  readonly length: number;
}

const LINE_FEED = 10;

/** The lines of pieces of bytes, each cut to so many bytes; a last one without its end counts too. */
export async function* byteLines(
  pieces: AsyncIterable<Uint8Array>,
  most: number,
): AsyncGenerator<readonly ByteLine[]> {
  /** The line that has no end yet, in parts: put together once, however many pieces it takes. */
  let parts: Uint8Array[] = [];
  let [kept, length] = [0, 0];
  const keep = (part: Uint8Array): void => {
    const room = part.subarray(0, Math.max(0, most - kept));
    if (room.length > 0) parts.push(room);
    kept += room.length;
    length += part.length;
  };
  const whole = (): ByteLine => {
    const [only] = parts;
    const line = { bytes: parts.length === 1 && only ? only : joined(parts, kept), length };
    parts = [];
    [kept, length] = [0, 0];
    return line;
  };
  for await (const piece of pieces) {
    const lines: ByteLine[] = [];
    let from = 0;
    for (let end = piece.indexOf(LINE_FEED); end >= 0; end = piece.indexOf(LINE_FEED, from)) {
      keep(piece.subarray(from, end));
      lines.push(whole());
      from = end + 1;
    }
    if (from < piece.length) keep(piece.subarray(from));
    if (lines.length > 0) yield lines;
  }
  if (length > 0) yield [whole()];
}

const joined = (parts: readonly Uint8Array[], size: number): Uint8Array => {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
};
