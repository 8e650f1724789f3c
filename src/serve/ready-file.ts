/** A file that says, for scripts, that a server takes requests, and where. */
import { rmSync } from 'node:fs';
import { writeWhole } from '../files/whole-file.ts';

export interface ReadyFileOf {
  readonly path: string;
  readonly address: string;
  /** Why the server should get no requests; null where it should. */
  readonly notReady: () => string | null;
  readonly log: (error: unknown) => void;
}

const LOOKED_AT_MS = 50;

/** Takes away the file that an earlier server left: it would say ready before this one is. */
export const removeReadyFile = (path: string): void => rmSync(path, { force: true });

/** Writes the address into the file as soon as the server is ready; what is returned takes the file away again. */
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
