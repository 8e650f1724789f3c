/**
 * The files of a ledger: itself, its logs, key and watermark, and all derived files. No output may overwrite them, even
 * if overwriting is confirmed, since their content cannot be recovered.
 */
import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { DERIVED_KINDS, derivedPath } from '../derived/files.ts';
import { markPath } from '../eventstore/sqlite/watermark.ts';
import { databaseFiles } from '../files/sqlite-file.ts';
import { BadSetting, type Where } from './location.ts';
import { keyFileOf } from './secrets/server-key.ts';

/** Contains the instant of the ledger's last backup. */
export const backedUpPath = (ledger: string): string => `${ledger}.backed-up`;

/** Throws BadSetting if a file to be written or deleted belongs to the ledger. `what` names the setting or flag. */
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

/** The resolved target of a path, which need not exist. */
const realPath = (path: string): string => {
  const absolute = resolve(path);
  try {
    return realpathSync(absolute);
  } catch {
    const folder = dirname(absolute);
    return folder === absolute ? absolute : join(realPath(folder), basename(absolute));
  }
};
