/**
 * The target of a copy. A new file is written under a temporary name and renamed when it is verified, so that a partial
 * ledger is never used by mistake; a complete copy from an earlier run is updated in place. On an engine there is no
 * rename: only the command's result says whether the copy is complete.
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
import { LEDGER, LedgerExists, whatLiesAt } from './new-place.ts';
import { moveIntoPlace } from './part-file.ts';

export interface CopyTarget {
  readonly store: EventStore;
  /** Maximum number of concurrent appends that keep their order (see `CopyOptions`). */
  readonly together: number;
  /** The location of the copy until it is complete, for messages. */
  readonly place: string;
  /** Moves the verified copy to its address, and closes it. */
  finish(): Promise<void>;
  /** Closes it and keeps it for the next run; a no-op after `finish`. */
  close(): Promise<void>;
}

/**
 * Opens the target of a copy. Rejects with LedgerInUse while another process has the file open for writing, with
 * LedgerExists where something else than a ledger lies, and with BadSetting for an address without durable storage.
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
  // An engine orders appends to different streams by arrival, so they must be sequential.
  return { store, together: 1, place: shownAddress(address), finish: close, close };
};

/** Group commit keeps the order in which appends were requested. */
const TOGETHER = 500;

const fileTarget = async (path: string): Promise<CopyTarget> => {
  if (![null, LEDGER].includes(whatLiesAt(path))) throw new LedgerExists(path);
  makePrivateFolder(dirname(path));
  // The writer of a ledger holds the lock of its index.
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
        // Left over from an unfinished copy.
        else removeDatabase(`${path}.part`);
      },
    };
  } catch (error) {
    await store?.close();
    await lock.close();
    throw error;
  }
};
