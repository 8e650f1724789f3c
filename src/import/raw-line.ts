/** A line of an import as received: its text, or why it is not valid text. */
import type { Came } from '../input/usage-report.ts';
import type { ByteLine } from '../text/byte-lines.ts';
import { invalidUtf8Place, utf8Text } from '../text/utf8.ts';

/**
 * Limit on the bytes of a line. The longest commands have some hundred thousand; a file without line ends must not
 * exhaust memory.
 */
export const LINE_MAX = 1024 * 1024;

export type RawLine =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly message: string; readonly came: Came };

/** A file's first line without the byte order mark that editors on Windows write. */
export const withoutMark = ({ bytes, length }: ByteLine): ByteLine =>
  bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
    ? { bytes: bytes.subarray(3), length: length - 3 }
    : { bytes, length };

const CARRIAGE_RETURN = 13;

/** The text of a line. Never throws: overlong lines and invalid UTF-8 are reported, with the bytes as received. */
export const rawLine = ({ bytes, length }: ByteLine): RawLine => {
  if (length > bytes.length)
    return { ok: false, message: `must have at most ${LINE_MAX} bytes`, came: { bytes, length } };
  const line = bytes.at(-1) === CARRIAGE_RETURN ? bytes.subarray(0, -1) : bytes;
  const text = utf8Text(line);
  if (text !== null) return { ok: true, text };
  const place = invalidUtf8Place(line);
  return {
    ok: false,
    message: `is not UTF-8 (byte ${place?.byte})`,
    came: { bytes: line, length: line.length },
  };
};
