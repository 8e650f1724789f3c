/**
 * Lines of an exported ledger as text. Invalid UTF-8 and overlong lines are refused, with line and byte, not repaired.
 */
import { byteLines } from '../text/byte-lines.ts';
import { invalidUtf8Place, utf8Text } from '../text/utf8.ts';
import { LedgerFileBroken } from './ledger-lines.ts';

/** Far above the size of one event; a file without line ends must not exhaust memory. */
const LINE_MAX = 64 * 1024 * 1024;

/** The lines of a stream of bytes; the last one may lack its line end. Throws LedgerFileBroken. */
export async function* textLines(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let count = 0;
  for await (const lines of byteLines(pieces, LINE_MAX)) {
    for (const { bytes, length } of lines) {
      count += 1;
      if (length > bytes.length)
        throw new LedgerFileBroken(count, null, 'line', `at most ${LINE_MAX} bytes`, String(length));
      const text = utf8Text(bytes);
      if (text === null) {
        const place = invalidUtf8Place(bytes);
        throw new LedgerFileBroken(count, null, `byte ${place?.byte}`, 'UTF-8', 'something else');
      }
      yield text;
    }
  }
}
