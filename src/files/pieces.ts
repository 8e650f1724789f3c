/** The bytes of a file that may be of any size, in pieces. */
import { constants, createReadStream } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { inWords } from './system-errors.ts';
import { FileUnreadable } from './text-file.ts';

const PIECE_BYTES = 64 * 1024;

/**
 * The bytes of a file, read on demand. Rejects with FileUnreadable if it is missing, a folder or unreadable; so does
 * the iteration if reading fails later.
 */
export const openPieces = async (path: string): Promise<AsyncIterable<Uint8Array>> => {
  try {
    await access(path, constants.R_OK);
    const isFolder = (await stat(path)).isDirectory();
    if (!isFolder) return piecesOf(path);
  } catch (error) {
    throw new FileUnreadable(path, inWords(error), error);
  }
  throw new FileUnreadable(path, 'it is a folder, not a file');
};

async function* piecesOf(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path, { highWaterMark: PIECE_BYTES });
  } catch (error) {
    throw new FileUnreadable(path, inWords(error), error);
  }
}
