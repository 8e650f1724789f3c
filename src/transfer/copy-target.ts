/**
 * Where a copy is made. A file is made beside its place and moved there when it is verified, so that nobody takes half
 * a ledger for a whole one; a whole copy from an earlier run is brought up to date in its place. An engine has no such
 * place: there only the answer of the command says that the copy is whole.
 */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { derivedPath } from '../derived/files.ts';
import type { EventStore } from '../eventstore/event-store.ts';
import { shownAddress } from '../eventstore/eventstoredb/address.ts';
import { openDirectory } from '../eventstore/eventstoredb/stream-directory.ts';
import { openSqliteStore } from '../eventstore/sqlite/store.ts';
import { makePrivateFolder } from '../files/folder.ts';
import { removeDatabase } from '../files/sqlite-file.ts';
import { openLevelIndex } from '../identity-index/level.ts';
import { BadSetting, whereOf } from '../ledger/location.ts';
import { openEngineAt } from '../ledger/open-engine.ts';
import { moveIntoPlace } from './part-file.ts';

export interface CopyTarget {
  readonly store: EventStore;
  /** How many appends may be on their way together without changing their order (see `CopyOptions`). */
  readonly together: number;
  /** What holds the copy until it is whole, in words for people. */
  readonly place: string;
  /** Makes the verified copy the ledger at its address, and closes it. */
  finish(): Promise<void>;
  /** Leaves it as it is for the next run; does nothing after `finish`. */
  close(): Promise<void>;
}

/**
 * Opens the address that a ledger is copied to. Rejects with LedgerInUse while a process has a file open for writing,
 * and with BadSetting for an address that nothing can be kept at.
 */
export const openCopyTarget = async (address: string): Promise<CopyTarget> => {
  const { kind, base } = whereOf(address, null);
  if (kind === 'engine') return engineTarget(address);
  if (base === null)
    throw new BadSetting(`store: ${address} ends with its process: nothing can be copied there`);
  return fileTarget(base);
};

const engineTarget = async (address: string): Promise<CopyTarget> => {
  const store = await openEngineAt(address, { directory: openDirectory(':memory:') });
  const close = () => store.close();
  // It orders appends to different streams as they arrive.
  return { store, together: 1, place: shownAddress(address), finish: close, close };
};

/** One commit takes whatever waits, in the order in which it was asked for. */
const TOGETHER = 500;

const fileTarget = async (path: string): Promise<CopyTarget> => {
  makePrivateFolder(dirname(path));
  // A writer of the ledger at a place holds its index.
  const lock = await openLevelIndex(derivedPath(path, 'index'));
  const isThere = existsSync(path);
  const file = isThere ? path : `${path}.part`;
  let store: EventStore | null = null;
  try {
    const opened = openSqliteStore(file, { marks: isThere });
    store = opened;
    if (isThere && (await opened.end()) === null)
      throw new BadSetting(`the ledger at ${path} has no events: delete it to copy there`);
    const close = async (): Promise<void> => {
      await opened.close();
      await lock.close();
    };
    return {
      ...{ store: opened, together: TOGETHER, place: file, close },
      finish: async () => {
        await close();
        if (!isThere) moveIntoPlace(file, path);
        // Left behind by a copy that something else took the place of.
        else removeDatabase(`${path}.part`);
      },
    };
  } catch (error) {
    await store?.close();
    await lock.close();
    throw error;
  }
};
