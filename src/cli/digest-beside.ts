/**
 * CSV has no room for a digest, since every line is a row. It is written to a separate file, in the format of
 * `sha256sum -c`.
 */
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { writeSmallFile } from '../files/small-file.ts';
import type { Context } from './command.ts';
import { mayOverwrite } from './output-file.ts';

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
const besideOf = (file: string): string => `${file}.sha256`;

/**
 * Rejects with FileExists rather than overwrite the digest of another file. The digest of a file that may be
 * overwritten may be overwritten too.
 */
export const checkBeside = async (context: Context, file: string): Promise<void> => {
  if (file !== '-' && !isFile(file)) await mayOverwrite(context, besideOf(file));
};

/** Writes a file's digest next to it and returns its name; null for a pipe or a device. */
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
