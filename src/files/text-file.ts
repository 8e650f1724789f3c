/** Small text files named by people: read whole, with a size limit, as strict UTF-8. */
import { closeSync, openSync, readSync } from 'node:fs';
import { invalidUtf8Place, utf8Text } from '../text/utf8.ts';
import { inWords } from './system-errors.ts';

/** A file that cannot be used as it is: missing, a folder, too large, not UTF-8. The message is one line and names it. */
export class FileUnreadable extends Error {
  readonly path: string;
  constructor(path: string, why: string, cause?: unknown) {
    super(`${path} cannot be read: ${why}`, { cause });
    this.path = path;
  }
}

const PIECE_BYTES = 64 * 1024;
const MARK = '\ufeff';

/** The text of a file within a size limit, without a byte order mark. Throws FileUnreadable. */
export const readTextFile = (path: string, bytesMax: number): string => {
  const bytes = bytesOf(path, bytesMax);
  const text = utf8Text(bytes);
  if (text !== null) return text.startsWith(MARK) ? text.slice(MARK.length) : text;
  const place = invalidUtf8Place(bytes);
  throw new FileUnreadable(path, `it is not UTF-8 text (line ${place?.line}, byte ${place?.byte})`);
};

/** A pipe has no size to check in advance: it is read up to the limit. */
const bytesOf = (path: string, bytesMax: number): Uint8Array => {
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    const file = openSync(path, 'r');
    try {
      for (;;) {
        const piece = Buffer.allocUnsafe(PIECE_BYTES);
        const count = readSync(file, piece);
        if (count === 0) return Buffer.concat(pieces);
        size += count;
        if (size > bytesMax) break;
        pieces.push(piece.subarray(0, count));
      }
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw new FileUnreadable(path, inWords(error), error);
  }
  throw new FileUnreadable(path, `it has more than ${bytesMax.toLocaleString('en-US')} bytes`);
};
