/** A file that tells scripts that a server accepts requests, and its address. */
import { rmSync } from 'node:fs';
import { writeWhole } from '../files/whole-file.ts';

export interface ReadyFileOf {
  readonly path: string;
  readonly address: string;
  /** Why the server is not ready; null if it is. */
  readonly notReady: () => string | null;
  readonly log: (error: unknown) => void;
}

const LOOKED_AT_MS = 50;

/** Removes the file of an earlier server, which would report ready too early. */
export const removeReadyFile = (path: string): void => rmSync(path, { force: true });

/** Writes the address to the file when the server is ready; the returned function removes the file. */
export const announceReady = ({ path, address, notReady, log }: ReadyFileOf): (() => Promise<void>) => {
  let writing: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    if (notReady() !== null) return;
    clearInterval(timer);
    writing = writeWhole(path, [`${address}\n`], { overwrite: true }).catch(log);
  }, LOOKED_AT_MS);
  return async () => {
    clearInterval(timer);
    await writing;
    removeReadyFile(path);
  };
};
