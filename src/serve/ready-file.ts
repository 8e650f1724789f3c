/**
 * A file that tells scripts that a server accepts requests, and its address. It is written when the server is ready, and
 * belongs to the server that wrote it last: no other one removes it.
 */
import { readFileSync, rmSync, statSync } from 'node:fs';
import { openWholeFile, writeWhole } from '../files/whole-file.ts';
import { BadSetting } from '../ledger/location.ts';

export interface ReadyFileOf {
  readonly path: string;
  readonly address: string;
  /** Why the server is not ready; null if it is. */
  readonly notReady: () => string | null;
  readonly log: (error: unknown) => void;
}

const LOOKED_AT_MS = 50;
/** What a server writes is an address; a script may have made the file, empty. */
const FORM = /^(http:\/\/\S+\n)?$/;
/** An address with its line end has far fewer. */
const BYTES_MAX = 400;

/**
 * Checks a ready file before the start, and leaves it as it is: the start may be refused, and the file be a running
 * server's. Throws BadSetting if there is another file in its place, rejects with FileUnwritable if it could not be
 * written.
 */
export const checkReadyFile = async (path: string, setting: string): Promise<void> => {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found && !found.isDirectory() && !(found.isFile() && found.size <= BYTES_MAX && isOfServer(path)))
    throw new BadSetting(
      `${setting}: ${path} is there already and is not a ready file, which would be replaced: name another one`,
    );
  const writable = await openWholeFile(path, { overwrite: true });
  await writable.abandon();
};

const isOfServer = (path: string): boolean => FORM.test(textOf(path) ?? '');

/** Null for a file that is not there. */
const textOf = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
};

/**
 * Of a server that has started: removes what an earlier one left, and writes the address when this one is ready. The
 * returned function removes the file, unless another server wrote it meanwhile.
 */
export const announceReady = ({ path, address, notReady, log }: ReadyFileOf): (() => Promise<void>) => {
  const content = `${address}\n`;
  let writing: Promise<unknown> = Promise.resolve();
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      log(error);
    }
  };
  attempt(() => rmSync(path, { force: true }));
  const timer = setInterval(() => {
    if (notReady() !== null) return;
    clearInterval(timer);
    writing = writeWhole(path, [content], { overwrite: true }).catch(log);
  }, LOOKED_AT_MS);
  return async () => {
    clearInterval(timer);
    await writing;
    attempt(() => {
      if (textOf(path) === content) rmSync(path, { force: true });
    });
  };
};
