/**
 * A backup: a whole copy of an embedded ledger in one file that restores alone. It carries the key that the ledger's
 * secrets are encrypted under, where that lies in a file; it is made under another name and given its own when every
 * seal and sum of it was verified.
 */

import { chmodSync, closeSync, fsyncSync, openSync, statSync } from 'node:fs';
import { copyFile, rm } from 'node:fs/promises';
import { backup as copyDatabase } from 'node:sqlite';
import { type Verified, verifyStore } from '../audit/verify/verify-store.ts';
import { StoredEventUnreadable } from '../codec/event-codec.ts';
import { calendarOf } from '../domain/calendar.ts';
import { LedgerDamaged, StoreUnavailable } from '../eventstore/event-store.ts';
import { carryKey, markWhole } from '../eventstore/sqlite/backup-extras.ts';
import { dropForeign } from '../eventstore/sqlite/schema.ts';
import { openSqliteStore } from '../eventstore/sqlite/store.ts';
import { removeLeftBehind } from '../files/folder.ts';
import { makeOwnFile } from '../files/own-file.ts';
import { connect, databaseFiles, inDatabase } from '../files/sqlite-file.ts';
import { FileUnwritable, nameIt, PRIVATE_FILE, partName } from '../files/whole-file.ts';
import { DEFAULT_ZONE } from '../ledger/location.ts';
import { keyPath, unpackedKey } from '../ledger/secrets/server-key.ts';
import { readZone } from '../ledger/system/billing-zone.ts';
import { notABackup } from './backup-shape.ts';
import { moveIntoPlace } from './part-file.ts';

export interface Progress {
  readonly copied: (pages: number, of: number) => void;
  readonly verified: (events: number) => void;
}

/** A copy that was verified; one that is not faithful was deleted. */
export interface Copy extends Pick<Verified, 'events' | 'streams' | 'records' | 'findings'> {
  /** What of the file is no part of a ledger, and was not copied: a sentence each. */
  readonly leftOut: readonly string[];
}

/** What was restored; and a file beside it that holds another key than the backup carries, null for none. */
export type Restored = Copy & { readonly keyInTheWay: string | null };

/** Whether every byte is as it was sealed: what the ledger cannot read, its copy holds as it is. */
export const isFaithful = ({ findings }: Pick<Copy, 'findings'>): boolean =>
  findings.every(({ kind }) => kind === 'content');

const PAGES_A_STEP = 2_000;

/**
 * Copies the ledger at a path, which a server may write meanwhile, to a file. `key` is carried in it; null: none.
 * Rejects with FileExists, FileUnwritable, or LedgerDamaged for a ledger that cannot be read; then there is no such
 * file.
 */
export const makeBackup = async (
  path: string,
  file: string,
  key: string | null,
  { overwrite, ...progress }: Progress & { readonly overwrite: boolean },
): Promise<Copy> => {
  // A database cannot be written into a pipe or a device, and is not put in the place of one.
  const found = statSync(file, { throwIfNoEntry: false });
  if (found && !found.isFile())
    throw new FileUnwritable(file, found.isDirectory() ? { code: 'EISDIR' } : new Error('it is not a file'));
  removeLeftBehind(file);
  const part = partName(file);
  try {
    await copied(path, part, progress.copied, file);
    const copy = await verifiedCopy(part, progress.verified);
    if (!isFaithful(copy)) return copy;
    inDatabase(part, (db) => {
      carryKey(db, key);
      markWhole(db);
    });
    synced(part);
    await nameIt(file, part, file, overwrite);
    return copy;
  } catch (error) {
    throw isFull(error) ? new FileUnwritable(file, { code: 'ENOSPC' }) : error;
  } finally {
    await removed(part);
  }
};

/** A copy that needs nothing beside it: no write-ahead log. */
const copied = async (
  path: string,
  part: string,
  progress: Progress['copied'],
  file: string,
): Promise<void> => {
  const source = connect(path, true);
  try {
    makeOwn(part, file);
    await copyDatabase(source, part, {
      rate: PAGES_A_STEP,
      progress: ({ totalPages, remainingPages }) => progress(totalPages - remainingPages, totalPages),
    });
  } finally {
    source.close();
  }
  inDatabase(part, (copy) => copy.exec('PRAGMA journal_mode = DELETE'));
};

/**
 * Puts a backup where there is no ledger: copied, verified, and only then given its name; what is derived is derived
 * again. The key that it carries is put beside it, unless another one lies there. Rejects with LedgerExists or
 * FileUnwritable.
 */
export const restoreBackup = async (
  file: string,
  path: string,
  progress: Pick<Progress, 'verified'>,
): Promise<Restored> => {
  const why = notABackup(file);
  if (why !== null) throw new LedgerDamaged(notRestored(file, why));
  removeLeftBehind(path);
  const part = partName(path);
  try {
    makeOwn(part, path);
    await copyFile(file, part);
    chmodSync(part, PRIVATE_FILE);
    const copy = await verifiedCopy(part, progress.verified);
    if (!isFaithful(copy)) return { ...copy, keyInTheWay: null };
    // Closed, it is whole in itself and says so: it may take the place of a later ledger.
    const store = openSqliteStore(part, { marks: false });
    const { carried } = store.opening;
    const isUnpacked = carried !== null && unpackedKey(path, carried);
    if (isUnpacked) store.dropCarriedKey();
    await store.close();
    synced(part);
    moveIntoPlace(part, path);
    return { ...copy, keyInTheWay: carried === null || isUnpacked ? null : keyPath(path) };
  } catch (error) {
    if (isFull(error)) throw new FileUnwritable(path, { code: 'ENOSPC' });
    // The name that it has meanwhile says nothing to anybody.
    if (error instanceof LedgerDamaged || isDamage(error))
      throw new LedgerDamaged(notRestored(file, causeOf(error.message, part)));
    throw error;
  } finally {
    await removed(part);
  }
};

/** One line, with the way on. */
const notRestored = (file: string, why: string): string =>
  `${file} cannot be restored: ${why}; nothing was restored: use another backup`;

const causeOf = (message: string, part: string): string => {
  const cause = message.replace(`${part} cannot be opened: `, '').replaceAll(part, 'it');
  return cause.startsWith('no such table') ? `it is a database, and no ledger (${cause})` : cause;
};

const verifiedCopy = async (file: string, progress: Progress['verified']): Promise<Copy> => {
  // First: what a trigger did while it was being finished would go unseen.
  const leftOut = withoutForeign(file);
  const store = openSqliteStore(file, { readOnly: true });
  try {
    const zone = await readZone(store).catch((error) => {
      if (error instanceof StoredEventUnreadable) return DEFAULT_ZONE;
      throw error;
    });
    return { ...(await verifyStore(store, calendarOf(zone), progress)), leftOut };
  } finally {
    await store.close();
  }
};

/** Takes out of a file what is no part of a ledger. */
const withoutForeign = (file: string): string[] => {
  try {
    return inDatabase(file, dropForeign);
  } catch (error) {
    throw new LedgerDamaged(
      `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
};

const makeOwn = (part: string, file: string): void => {
  try {
    makeOwnFile(part);
  } catch (error) {
    throw new FileUnwritable(file, error);
  }
};

const synced = (path: string): void => {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
};

const removed = async (part: string): Promise<void> => {
  for (const file of databaseFiles(part)) await rm(file, { force: true });
};

/** SQLite found the file itself damaged (11), or no database (26). */
const isDamage = (error: unknown): error is Error =>
  error instanceof Error &&
  'errcode' in error &&
  typeof error.errcode === 'number' &&
  [11, 26].includes(error.errcode & 0xff);

/** Of the copy's disk: from the system, from SQLite, or as the ledger's own check of a file that it could not write. */
const isFull = (error: unknown): boolean => {
  if (typeof error !== 'object' || error === null) return false;
  const cause = error instanceof LedgerDamaged || error instanceof StoreUnavailable ? error.message : '';
  return (
    ('code' in error && error.code === 'ENOSPC') ||
    ('errcode' in error && typeof error.errcode === 'number' && (error.errcode & 0xff) === 13) ||
    cause.includes('disk is full')
  );
};
