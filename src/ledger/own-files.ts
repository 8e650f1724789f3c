/**
 * The files that a ledger consists of: itself, its logs, key and mark, and all that is derived. Nobody's output goes
 * there, whatever was said about writing over files: what stands in them cannot be had again.
 */
import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { DERIVED_KINDS, derivedPath } from '../derived/files.ts';
import { markPath } from '../eventstore/sqlite/watermark.ts';
import { databaseFiles } from '../files/sqlite-file.ts';
import { BadSetting, type Where } from './location.ts';
import { keyFileOf } from './secrets/server-key.ts';

/** Holds when the ledger in a file was last backed up. */
export const backedUpPath = (ledger: string): string => `${ledger}.backed-up`;

/**
 * Throws BadSetting where a file that is to be written, or deleted, belongs to the ledger. `what` is how it was named.
 */
export const refuseOwnFile = (where: Where, file: string, what: string): void => {
  const { base } = where;
  if (base === null || file === '-') return;
  const own = [base, ...DERIVED_KINDS.map((kind) => derivedPath(base, kind))]
    .flatMap(databaseFiles)
    .concat(markPath(base), keyFileOf(where) ?? [], backedUpPath(base))
    .map(realPath);
  const target = realPath(file);
  if (own.some((path) => target === path || target.startsWith(`${path}${sep}`)))
    throw new BadSetting(`${what}: ${file} is a file of the ledger itself: name another one`);
};

/** Where a path leads, also where nothing lies there yet. */
const realPath = (path: string): string => {
  const absolute = resolve(path);
  try {
    return realpathSync(absolute);
  } catch {
    const folder = dirname(absolute);
    return folder === absolute ? absolute : join(realPath(folder), basename(absolute));
  }
};
