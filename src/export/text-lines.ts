/**
 * Lines of a file as it streams. Only a line feed ends one (a name may hold U+2028, which `readline` splits at), and
 * what is no UTF-8 is refused instead of replaced.
 */
import { TextDecoder } from 'node:util';
import { LedgerFileBroken } from './ledger-lines.ts';

/** Far above what one event takes; a file without line ends must not fill the memory. */
const LINE_MAX = 64 * 1024 * 1024;

/** The lines of a stream of bytes; a last one without its end counts too. Throws LedgerFileBroken. */
export async function* textLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let rest = '';
  let count = 0;
  for await (const chunk of bytes) {
    const pieces = (rest + decoded(decoder, chunk, true, count)).split('\n');
    rest = pieces.pop() ?? '';
    for (const piece of pieces) {
      count += 1;
      yield piece;
    }
    if (rest.length > LINE_MAX)
      throw new LedgerFileBroken(count + 1, null, 'line', `at most ${LINE_MAX} characters`, 'more');
  }
  rest += decoded(decoder, new Uint8Array(), false, count);
  if (rest !== '') yield rest;
}

const decoded = (decoder: TextDecoder, chunk: Uint8Array, stream: boolean, lines: number): string => {
  try {
    return decoder.decode(chunk, { stream });
  } catch {
    throw new LedgerFileBroken(lines + 1, null, 'bytes after this line', 'UTF-8', 'something else');
  }
};
