/**
 * The files of a ledger: itself, its logs, key and watermark, and all derived files. No output may overwrite them, even
 * if overwriting is confirmed, since their content cannot be recovered.
 */
import { chmodSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { DERIVED_KINDS, derivedPath } from '../derived/files.ts';
import { watermarkPath } from '../eventstore/sqlite/watermark.ts';
import { databaseFiles } from '../files/sqlite-file.ts';
import { inWords } from '../files/system-errors.ts';
import { BadSetting, type Where } from './location.ts';
import { keyFileOf, keyPath } from './secrets/server-key.ts';

/** Contains the instant of the ledger's last backup. */
export const backedUpPath = (ledger: string): string => `${ledger}.backed-up`;

/** Throws BadSetting if a file to be written or deleted belongs to the ledger. `what` names the setting or flag. */
export const refuseOwnFile = (where: Where, file: string, what: string): void => {
  const { base } = where;
  if (base === null || file === '-') return;
  const own = [...ownFiles(base), keyFileOf(where) ?? []].flat().map(realPath);
  const target = realPath(file);
  if (own.some((path) => target === path || target.startsWith(`${path}${sep}`)))
    throw new BadSetting(`${what}: ${file} is a file of the ledger itself: name another one`);
};

const ownFiles = (base: string): string[] =>
  [base, ...DERIVED_KINDS.map((kind) => derivedPath(base, kind))]
    .flatMap(databaseFiles)
    .concat(watermarkPath(base), backedUpPath(base));

const OTHERS = 0o077;

/**
 * Makes the files of an embedded ledger accessible to their owner only, where they were not: copied or restored by
 * other means. Returns a sentence for each.
 */
export const closedToOthers = (base: string): string[] => {
  // Windows has no such modes.
  if (process.platform === 'win32') return [];
  return [keyPath(base), ...ownFiles(base)].flatMap((path) => {
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found || (found.mode & OTHERS) === 0) return [];
    const was = `${path} was accessible to others (mode ${(found.mode & 0o777).toString(8)})`;
    const advice = path === keyPath(base) ? '; if one of them may have read it, rotate the signing keys' : '';
    try {
      chmodSync(path, found.mode & ~OTHERS);
    } catch (error) {
      return [`${was}, and still is: ${inWords(error)}: make its owner run this, or chmod go= it${advice}`];
    }
    return [`${was}; now it is to its owner only${advice}`];
  });
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
