/** A file's bytes as lines, whatever pieces they come in; the same bytes for the same lines, nothing mended. */

/** The file is no text of lines: a byte that is no UTF-8, or an end without a newline. */
export class NotLines extends Error {}

/** A book or a close fits many times over. */
const LINE_MAX = 16 * 1024 * 1024;

/** Batches of lines without their newlines. Throws NotLines, also for a line that has no end within 16 Mi characters. */
export async function* linesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  /** The beginning of a line whose end is still to come, in pieces. */
  let rest: string[] = [];
  let length = 0;
  let lines = 0;
  const decoded = (piece?: Uint8Array): string | null => {
    try {
      return piece ? decoder.decode(piece, { stream: true }) : decoder.decode();
    } catch {
      return null;
    }
  };
  for await (const piece of pieces) {
    const text = decoded(piece);
    if (text === null) {
      // What comes before the byte is read all the same: it says what the file is about.
      const good = linesBefore(piece);
      if (good.length > 0) yield [rest.join('') + good[0], ...good.slice(1)];
      throw new NotLines(`a byte near line ${lines + good.length + 1} is no UTF-8`);
    }
    const [first = '', ...others] = text.split('\n');
    rest.push(first);
    length += first.length;
    if (length > LINE_MAX) throw new NotLines(`line ${lines + 1} has no end`);
    const last = others.pop();
    if (last === undefined) continue;
    const parts = [rest.join(''), ...others];
    rest = [last];
    length = last.length;
    lines += parts.length;
    yield parts;
  }
  const end = decoded();
  if (end === null) throw new NotLines(`a byte near line ${lines + 1} is no UTF-8`);
  rest.push(end);
  if (rest.join('') !== '') throw new NotLines(`the file is cut: line ${lines + 1} has no end`);
}

const NEWLINE = 10;

/** The whole lines of a piece before its first byte that is no UTF-8. */
const linesBefore = (piece: Uint8Array): string[] => {
  const lines: string[] = [];
  let from = 0;
  for (let end = piece.indexOf(NEWLINE); end >= 0; end = piece.indexOf(NEWLINE, from)) {
    try {
      lines.push(
        new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(piece.subarray(from, end)),
      );
    } catch {
      return lines;
    }
    from = end + 1;
  }
  return lines;
};
