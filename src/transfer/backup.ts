/**
 * Backups: a complete copy of an embedded ledger in one self-contained file. It includes the key that encrypts the
 * ledger's secrets, if that key is in a file. It is written under a temporary name and renamed after every seal and sum
 * in it is verified.
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
import { atNewPlace } from './new-place.ts';
import { moveIntoPlace } from './part-file.ts';

export interface Progress {
  readonly copied: (pages: number, of: number) => void;
  readonly verified: (events: number) => void;
}

/** The result of verifying a copy; an unfaithful copy is deleted. */
export interface Copy extends Pick<Verified, 'events' | 'streams' | 'records' | 'findings'> {
  /** Foreign objects of the database that were not copied, a sentence each. */
  readonly leftOut: readonly string[];
}

/** The restored copy. `keyInTheWay`: an existing file with another key than the backup's; null if none. */
export type Restored = Copy & { readonly keyInTheWay: string | null };

/** Whether every byte is as sealed. Events with unreadable content are allowed: they are copied as they are. */
export const isFaithful = ({ findings }: Pick<Copy, 'findings'>): boolean =>
  findings.every(({ kind }) => kind === 'content');

const PAGES_A_STEP = 2_000;

/**
 * Copies the ledger at a path, which a server may be writing, to a file, together with `key` (null: none). Rejects with
 * FileExists, FileUnwritable, or LedgerDamaged for an unreadable ledger, and then leaves no file.
 */
export const makeBackup = async (
  path: string,
  file: string,
  key: string | null,
  { overwrite, ...progress }: Progress & { readonly overwrite: boolean },
): Promise<Copy> => {
  // A pipe or a device cannot hold a database, and must not be replaced by one.
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

/** Copies the database into one file, without a write-ahead log beside it. */
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
 * Restores a backup to a path without a ledger: copied, verified, and only then renamed; derived data is rebuilt. The
 * included key is written beside it, unless another key is already there. Rejects with FileUnwritable, or what
 * `atNewPlace` throws.
 */
export const restoreBackup = async (
  file: string,
  path: string,
  progress: Pick<Progress, 'verified'>,
): Promise<Restored> => {
  const why = notABackup(file);
  if (why !== null) throw new LedgerDamaged(notRestored(file, why));
  return atNewPlace(path, (release) => restoredAt(file, path, progress, release));
};

const restoredAt = async (
  file: string,
  path: string,
  progress: Pick<Progress, 'verified'>,
  release: () => Promise<void>,
): Promise<Restored> => {
  removeLeftBehind(path);
  const part = partName(path);
  try {
    makeOwn(part, path);
    await copyFile(file, part).catch((error) => {
      throw new FileUnwritable(path, error);
    });
    chmodSync(part, PRIVATE_FILE);
    const copy = await verifiedCopy(part, progress.verified);
    if (!isFaithful(copy)) return { ...copy, keyInTheWay: null };
    // Closing it sets its clean-shutdown marker: a backup may legitimately be older than the ledger it replaces.
    const store = openSqliteStore(part, { marks: false });
    const { carried } = store.opening;
    const isUnpacked = carried !== null && unpackedKey(path, carried);
    if (isUnpacked) store.dropCarriedKey();
    await store.close();
    synced(part);
    await release();
    moveIntoPlace(part, path);
    return { ...copy, keyInTheWay: carried === null || isUnpacked ? null : keyPath(path) };
  } catch (error) {
    if (isFull(error)) throw new FileUnwritable(path, { code: 'ENOSPC' });
    // Messages name the backup, not the temporary file.
    if (error instanceof LedgerDamaged || isDamage(error))
      throw new LedgerDamaged(notRestored(file, causeOf(error.message, part)));
    throw error;
  } finally {
    await removed(part);
  }
};

/** A message of one line that includes the remedy. */
const notRestored = (file: string, why: string): string =>
  `${file} cannot be restored: ${why}; nothing was restored: use another backup`;

const causeOf = (message: string, part: string): string => {
  const cause = message.replace(`${part} cannot be opened: `, '').replaceAll(part, 'it');
  return cause.startsWith('no such table') ? `it is a database, and no ledger (${cause})` : cause;
};

const verifiedCopy = async (file: string, progress: Progress['verified']): Promise<Copy> => {
  // Must come first, or a foreign trigger could change the copy after it was verified.
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

/** Drops database objects that are not part of a ledger. */
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

/** SQLite reports a corrupt file (11), or one that is not a database (26). */
const isDamage = (error: unknown): error is Error =>
  error instanceof Error &&
  'errcode' in error &&
  typeof error.errcode === 'number' &&
  [11, 26].includes(error.errcode & 0xff);

/** Whether the copy's disk is full: reported by the system, by SQLite, or by the check of a written file. */
const isFull = (error: unknown): boolean => {
  if (typeof error !== 'object' || error === null) return false;
  const cause = error instanceof LedgerDamaged || error instanceof StoreUnavailable ? error.message : '';
  return (
    ('code' in error && error.code === 'ENOSPC') ||
    ('errcode' in error && typeof error.errcode === 'number' && (error.errcode & 0xff) === 13) ||
    cause.includes('disk is full')
  );
};
