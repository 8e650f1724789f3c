/** Lines that are added to a file and must last. */
import { closeSync, existsSync, fstatSync, fsyncSync, openSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncFolder } from './folder.ts';
import { FileUnwritable, PRIVATE_FILE } from './whole-file.ts';

/** Appends text to a file, creating it if it is missing; durable on return. Throws FileUnwritable. */
export const appendDurably = (path: string, text: string): void => {
  try {
    const isNew = !existsSync(path);
    const file = openSync(path, 'a', PRIVATE_FILE);
    try {
      writeFileSync(file, text);
      // A pipe or a device has nothing to sync.
      if (fstatSync(file).isFile()) fsyncSync(file);
    } finally {
      closeSync(file);
    }
    if (isNew) syncFolder(dirname(path));
  } catch (error) {
    throw new FileUnwritable(path, error);
  }
};
