/**
 * The place of a new ledger: nothing may lie there, and nothing may write there. A server goes on writing to a ledger whose
 * file was deleted under it, and its derived files would be taken from it.
 */
import { existsSync, lstatSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { derivedPath } from '../derived/files.ts';
import { StoreUnavailable } from '../eventstore/event-store.ts';
import { foreign, missingTables } from '../eventstore/sqlite/schema.ts';
import { makePrivateFolder } from '../files/folder.ts';
import { connect, walPath } from '../files/sqlite-file.ts';
import { FileUnwritable } from '../files/whole-file.ts';
import { openLevelIndex } from '../identity-index/level.ts';
import type { IdentityIndex } from '../identity-index/port.ts';

/** Something lies where a ledger was to be created; the message says what, and what to do. */
export class LedgerExists extends RangeError {
  constructor(path: string) {
    const what = whatLiesAt(path) ?? LEDGER;
    super(
      what === LEDGER
        ? `there is a ledger at ${path} already`
        : `${path} is there already, and is ${what}: move it away, or name another place`,
    );
  }
}

/** The answer of `whatLiesAt` for a ledger. */
export const LEDGER = 'a ledger';

/** What lies at a path, in words; null: nothing. A ledger is not read, and may be damaged. */
export const whatLiesAt = (path: string): string | null => {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return null;
  if (found.isDirectory()) return 'a folder';
  if (found.isSymbolicLink()) return 'a link';
  if (!found.isFile()) return 'no file, but a device or a pipe';
  if (found.size === 0)
    return (statSync(walPath(path), { throwIfNoEntry: false })?.size ?? 0) > 0 ? LEDGER : 'an empty file';
  try {
    // Immutable: nothing is made beside a file that may be another program's.
    const db = connect(`${pathToFileURL(path)}?immutable=1`, true);
    try {
      const [other] = missingTables(db).length > 0 ? foreign(db) : [];
      return other === undefined ? LEDGER : `a database, but not a ledger (${other})`;
    } finally {
      db.close();
    }
  } catch (error) {
    return isNoDatabase(error) ? 'no ledger, but a file of another kind' : LEDGER;
  }
};

const NO_DATABASE = 26;

const isNoDatabase = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && error.errcode === NO_DATABASE;

/**
 * Runs `work`, which may create a ledger at a path, while no other process can open one there. Rejects with LedgerExists,
 * LedgerInUse, FileUnwritable, or the system's error; leaves no lock behind.
 */
export const atNewPlace = async <Result>(
  path: string,
  work: (release: () => Promise<void>) => Promise<Result>,
): Promise<Result> => {
  if (whatLiesAt(path) !== null) throw new LedgerExists(path);
  makePrivateFolder(dirname(path));
  const folder = derivedPath(path, 'index');
  const wasThere = existsSync(folder);
  try {
    const lock = await locked(path, folder);
    try {
      return await work(() => lock.close());
    } finally {
      await lock.close();
    }
  } finally {
    if (!wasThere && !existsSync(path)) rmSync(folder, { recursive: true, force: true });
  }
};

/** The writer of a ledger holds the lock of its index. */
const locked = async (path: string, folder: string): Promise<IdentityIndex> => {
  try {
    return await openLevelIndex(folder);
  } catch (error) {
    if (error instanceof StoreUnavailable && error.message.includes('the disk is full'))
      throw new FileUnwritable(path, { code: 'ENOSPC' });
    throw error;
  }
};
