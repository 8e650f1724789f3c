/** Lines that are added to a file and must last. */
import { closeSync, existsSync, fstatSync, fsyncSync, openSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncFolder } from './folder.ts';
import { FileUnwritable, PRIVATE_FILE } from './whole-file.ts';

/** Adds text to the end of a file, which is made where it is missing; durable when it returns. Throws FileUnwritable. */
export const appendDurably = (path: string, text: string): void => {
  try {
    const isNew = !existsSync(path);
    const file = openSync(path, 'a', PRIVATE_FILE);
    try {
      writeFileSync(file, text);
      // A pipe or a device keeps nothing.
      if (fstatSync(file).isFile()) fsyncSync(file);
    } finally {
      closeSync(file);
    }
    if (isNew) syncFolder(dirname(path));
  } catch (error) {
    throw new FileUnwritable(path, error);
  }
};
