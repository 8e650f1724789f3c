/**
 * The digest of a file that has no room for one: CSV is read by programs that take every line for a row. It stands in a file
 * of its own beside it, as `sha256sum -c` reads it.
 */
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { writeSmallFile } from '../files/small-file.ts';
import type { Context } from './command.ts';
import { mayOverwrite } from './output-file.ts';

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
const besideOf = (file: string): string => `${file}.sha256`;

/**
 * Rejects with FileExists where the digest of another file would be written over. That of a file which may be written over
 * itself goes with it.
 */
export const checkBeside = async (context: Context, file: string): Promise<void> => {
  if (file !== '-' && !isFile(file)) await mayOverwrite(context, besideOf(file));
};

/** Writes a file's digest beside it, and answers with its name; null for a pipe or a device, which has none. */
export const digestBeside = (file: string, sha256: string): string | null => {
  if (!isFile(file)) return null;
  writeSmallFile(besideOf(file), lineOf(basename(file), sha256), { overwrite: true });
  return besideOf(file);
};

/** A line of `sha256sum`; a name that does not fit into a line is escaped as it does. */
const lineOf = (name: string, sha256: string): string => {
  const escaped = name.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return `${escaped === name ? '' : '\\'}${sha256}  ${escaped}\n`;
};
