/** A file's bytes as lines, whatever pieces they come in; the same bytes for the same lines, nothing mended. */

/** The file is no text of lines: a byte that is no UTF-8, or an end without a newline. */
export class NotLines extends Error {}

/** Batches of lines without their newlines. Throws NotLines. */
export async function* linesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let rest = '';
  let lines = 0;
  const decoded = (piece?: Uint8Array): string => {
    try {
      return piece ? decoder.decode(piece, { stream: true }) : decoder.decode();
    } catch {
      throw new NotLines(`a byte near line ${lines + 1} is no UTF-8`);
    }
  };
  for await (const piece of pieces) {
    const parts = (rest + decoded(piece)).split('\n');
    rest = parts.pop() ?? '';
    lines += parts.length;
    if (parts.length > 0) yield parts;
  }
  rest += decoded();
  if (rest !== '') throw new NotLines(`the file is cut: line ${lines + 1} has no end`);
}
