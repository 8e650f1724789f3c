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
  const decoded = (piece?: Uint8Array): string => {
    try {
      return piece ? decoder.decode(piece, { stream: true }) : decoder.decode();
    } catch {
      throw new NotLines(`a byte near line ${lines + 1} is no UTF-8`);
    }
  };
  for await (const piece of pieces) {
    const [first = '', ...others] = decoded(piece).split('\n');
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
  rest.push(decoded());
  if (rest.join('') !== '') throw new NotLines(`the file is cut: line ${lines + 1} has no end`);
}
