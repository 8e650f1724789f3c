/** Opens a ledger on an engine: the store, and this server's derived data in its own folder. */
import { randomUUID } from 'node:crypto';
import { dirname } from 'node:path';
import { openSnapshots } from '../derived/account-snapshots.ts';
import { openBoundViews } from '../derived/bound-views.ts';
import { derivedPath, removeDerived } from '../derived/files.ts';
import { type Anchor, anchorHolds } from '../eventstore/anchor.ts';
import type { EngineOptions, EngineStore } from '../eventstore/eventstoredb/store.ts';
import { openDirectory } from '../eventstore/eventstoredb/stream-directory.ts';
import type { EngineTimes } from '../eventstore/eventstoredb/timeouts.ts';
import { openLevelIndex } from '../identity-index/level.ts';
import { openMemoryIndex } from '../identity-index/memory.ts';
import { type Following, startFollowing, ViewsBehind } from './following/following.ts';
import type { LedgerOf } from './ledger.ts';
import { BadSetting, makeFolder } from './location.ts';

/** The parts of a ledger except clock, zone and price books. */
export type Parts = Pick<LedgerOf, 'store' | 'index' | 'snapshots' | 'following' | 'views' | 'server'>;

const NAME_LENGTH = 8;
/** A name that another server of the ledger does not have. */
const someServer = (): string => randomUUID().slice(0, NAME_LENGTH);

export interface EnginePartsOf {
  readonly address: string;
  /** Prefix of derived files' names. */
  readonly base: string;
  readonly times: EngineTimes;
  /** Whether derived data is dropped in any case; otherwise only if it does not match the ledger. */
  readonly forgets: boolean;
}

/** Several servers may use the same engine, each with its own folder. */
export const engineParts = async ({ address, base, times, forgets }: EnginePartsOf): Promise<Parts> => {
  makeFolder(dirname(base));
  let index = await openLevelIndex(derivedPath(base, 'index'));
  try {
    if (forgets || !(await derivedHolds(address, base, times))) {
      // Locked until now: no other process uses the folder.
      await index.close();
      removeDerived(base);
      index = await openLevelIndex(derivedPath(base, 'index'));
    }
    let following: Following | null = null;
    const directory = openDirectory(derivedPath(base, 'heads'));
    const store = await openEngineAt(address, {
      directory,
      anchor: directory.last(),
      times,
      bringUp: async () => {
        if (following) await within(following.caughtUp(), FOLLOWED_MS);
      },
    });
    const views = await openBoundViews(derivedPath(base, 'views'), store);
    const snapshots = openSnapshots(derivedPath(base, 'snapshots'));
    following = startFollowing(store, { address, base, times }, views);
    return { store, index, snapshots, views, following, server: someServer() };
  } catch (error) {
    await index.close();
    throw error;
  }
};

/** How long listing streams waits for the last appends. */
const FOLLOWED_MS = 15_000;

const within = async (work: Promise<void>, ms: number): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ViewsBehind('the engine was not read to its end in time')), ms);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
};

/** Whether a folder's data was derived from the ledger at an address. */
const derivedHolds = async (address: string, base: string, times: EngineTimes): Promise<boolean> => {
  const anchor = anchorOf(base);
  // If nothing was followed yet, nothing derived can be stale.
  if (!anchor) return false;
  const store = await openEngineAt(address, { directory: openDirectory(':memory:'), readOnly: true, times });
  try {
    return await anchorHolds(store, anchor);
  } finally {
    await store.close();
  }
};

const anchorOf = (base: string): Anchor | null => {
  const directory = openDirectory(derivedPath(base, 'heads'));
  try {
    return directory.last();
  } finally {
    directory.close();
  }
};

/**
 * Opens a store at an engine's address. The client is loaded lazily, since that takes as long as everything else.
 * Throws BadSetting for an address that the client cannot use.
 */
export const openEngineAt = async (address: string, options: EngineOptions): Promise<EngineStore> => {
  const { openEngineStore } = await import('../eventstore/eventstoredb/store.ts');
  try {
    return openEngineStore(address, options);
  } catch (error) {
    options.directory.close();
    throw new BadSetting(`store: ${error instanceof Error ? error.message : error}`);
  }
};

/** For a short-lived command: nothing is stored on this machine. */
export const lightEngineParts = async (address: string, times: EngineTimes): Promise<Parts> => ({
  store: await openEngineAt(address, { directory: openDirectory(':memory:'), times }),
  index: openMemoryIndex(),
  snapshots: null,
  following: null,
  views: null,
  server: someServer(),
});
