/** A file that a command writes: all or nothing, and overwriting only on request. */
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { FileExists, type Piece, writeWhole } from '../files/whole-file.ts';
import { DEFAULT_STORE, whereOf } from '../ledger/location.ts';
import { refuseOwnFile } from '../ledger/own-files.ts';
import { printable } from '../text/printable.ts';
import { type Context, storeOf } from './command.ts';

export interface Written {
  readonly bytes: number;
  /** SHA-256 of the whole file, in hex. */
  readonly sha256: string;
}

type Pieces = AsyncIterable<Piece> | Iterable<Piece>;

/**
 * Writes pieces to the output file of a command (`-`: standard output) and returns size and digest. `shown` formats the
 * progress from the bytes so far. Rejects with FileExists or FileUnwritable: exit 2, one line.
 */
export const writeOutput = async (
  context: Context,
  path: string,
  pieces: Pieces,
  shown?: (bytes: number) => string,
): Promise<Written> => {
  const hash = createHash('sha256');
  let bytes = 0;
  const withProgress = async function* (): AsyncGenerator<Piece> {
    for await (const piece of pieces) {
      bytes += Buffer.byteLength(piece);
      hash.update(piece);
      yield piece;
      if (shown) context.out.progress(shown(bytes));
    }
  };
  if (path === '-') {
    for await (const piece of withProgress()) await context.out.file(piece);
  } else await writeWhole(path, withProgress(), { overwrite: await mayOverwrite(context, path) });
  return { bytes, sha256: hash.digest('hex') };
};

/**
 * Whether a file may be overwritten: by `--force`, or confirmed on a terminal. Rejects with FileExists if not, and with
 * BadSetting for a file of the ledger itself in any case.
 */
export const mayOverwrite = async (context: Context, path: string): Promise<boolean> => {
  refuseOwnFile(whereOf(storeOf(context, DEFAULT_STORE), null), path, 'FILE');
  if (context.flags['force'] === true) return true;
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return false;
  if (process.stdin.isTTY && process.stderr.isTTY && (await isAnsweredYes(path))) return true;
  throw new FileExists(path);
};

const isAnsweredYes = async (path: string): Promise<boolean> => {
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test(
      (await asking.question(`${printable(path)} is there already. Write over it? [y/N] `)).trim(),
    );
  } finally {
    asking.close();
  }
};
