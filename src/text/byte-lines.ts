/**
 * Splits bytes of any size into lines, in constant memory. Only a line feed ends a line (a name may contain U+2028, at
 * which `readline` splits); decoding is up to the reader, line by line. Overlong lines are truncated.
 */

export interface LineBlock {
  /** Whole lines separated by line feeds, or the beginning of one overlong line. */
  readonly bytes: Uint8Array;
  /** Length in bytes of an overlong line; null for whole lines. */
  readonly length: number | null;
  /** False for a last line without a line feed. */
  readonly hasEnd: boolean;
}

export interface ByteLine {
  /** Without its line feed; truncated if the line is overlong. */
  readonly bytes: Uint8Array;
  /** Bytes in all. */
  readonly length: number;
}

const LINE_FEED = 10;

/** The parts of an unfinished line, joined once, however many there are. */
interface OpenLine {
  parts: Uint8Array[];
  kept: number;
  length: number;
}

const keep = (open: OpenLine, part: Uint8Array, most: number): void => {
  open.length += part.length;
  const room = most - open.kept;
  if (room <= 0 || part.length === 0) return;
  // A copy, so that the rest of the piece can be freed.
  open.parts.push(new Uint8Array(part.subarray(0, room)));
  open.kept += Math.min(room, part.length);
};

const taken = (open: OpenLine, hasEnd: boolean): LineBlock => {
  const { kept, length } = open;
  const block = { bytes: joined(open), length: length > kept ? length : null, hasEnd };
  [open.parts, open.kept, open.length] = [[], 0, 0];
  return block;
};

const joined = ({ parts, kept }: OpenLine): Uint8Array => {
  const [only] = parts;
  if (only && parts.length === 1) return only;
  const bytes = new Uint8Array(kept);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
};

/**
 * The lines of pieces of bytes, grouped by piece; overlong lines are truncated. `onLong` is called with the beginning
 * of a line as soon as it is overlong; it may throw.
 */
export async function* lineBlocks(
  pieces: AsyncIterable<Uint8Array>,
  most: number,
  onLong: (beginning: Uint8Array) => void = () => undefined,
): AsyncGenerator<LineBlock> {
  const open: OpenLine = { parts: [], kept: 0, length: 0 };
  const add = (part: Uint8Array): void => {
    const wasLong = open.length > most;
    keep(open, part, most);
    if (!wasLong && open.length > most) onLong(joined(open));
  };
  for await (const piece of pieces) {
    let from = 0;
    if (open.length > 0) {
      const end = piece.indexOf(LINE_FEED);
      add(end < 0 ? piece : piece.subarray(0, end));
      if (end < 0) continue;
      yield taken(open, true);
      from = end + 1;
    }
    const last = piece.lastIndexOf(LINE_FEED);
    if (last >= from) yield { bytes: piece.subarray(from, last), length: null, hasEnd: true };
    add(piece.subarray(Math.max(last + 1, from)));
  }
  if (open.length > 0) yield taken(open, false);
}

/** The lines of pieces of bytes, each truncated to a limit; the last one may lack its line feed. */
export async function* byteLines(
  pieces: AsyncIterable<Uint8Array>,
  most: number,
): AsyncGenerator<readonly ByteLine[]> {
  for await (const { bytes, length } of lineBlocks(pieces, most))
    yield length === null ? linesIn(bytes, most) : [{ bytes, length }];
}

const linesIn = (bytes: Uint8Array, most: number): ByteLine[] => {
  const lines: ByteLine[] = [];
  for (let from = 0; from <= bytes.length; ) {
    const feed = bytes.indexOf(LINE_FEED, from);
    const end = feed < 0 ? bytes.length : feed;
    lines.push({ bytes: bytes.subarray(from, Math.min(end, from + most)), length: end - from });
    from = end + 1;
  }
  return lines;
};
