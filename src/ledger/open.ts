/** A ledger opened from a store's address: `sqlite:PATH`, an engine's, or `memory:`. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { shippedPriceBooks } from '../catalogue/shipped.ts';
import { openBoundViews } from '../derived/bound-views.ts';
import { unboundFiles } from '../derived/evidence.ts';
import { derivedPath, removeDatabase, removeDerived } from '../derived/files.ts';
import type { PriceBook } from '../domain/price-book.ts';
import { makePrivateFolder } from '../files/folder.ts';
import { anchorHolds } from '../store/anchor.ts';
import { openDirectory } from '../store/directory.ts';
import { type EventStore, LedgerShorter } from '../store/event-store.ts';
import type { EngineOptions, EngineStore } from '../store/eventstoredb/store.ts';
import { openLevelIndex } from '../store/identity-index-level.ts';
import { openMemoryIndex } from '../store/identity-index-memory.ts';
import { openMemoryStore } from '../store/memory.ts';
import { openSnapshots } from '../store/snapshots.ts';
import { openSqliteStore, type SqliteStore } from '../store/sqlite.ts';
import { WAY_ON } from '../store/sqlite-end.ts';
import { openViews } from '../store/views.ts';
import type { ClockKind } from './deciding.ts';
import { type Following, followHere, startFollowing, ViewsBehind } from './following.ts';
import { type Ledger, type LedgerOf, openLedger } from './ledger.ts';
import { isNew, readZone } from './settings-stream.ts';
import type { ServerTiming } from './timing.ts';
import { BadSetting, DEFAULT_ZONE, makeFolder, type Where, whereOf } from './where.ts';

/** What to do where an embedded ledger ends before what is known beside it. */
export interface Losses {
  /** Goes on without what is missing. */
  readonly acceptLoss?: boolean;
  /** Told what an operator should know although the ledger was opened. */
  readonly onNotice?: (notice: string) => void;
}

export interface OpenOptions extends Losses {
  readonly store: string;
  /** The folder for what is derived from an engine's ledger; null or none keeps that in memory, and no views. */
  readonly data?: string | null;
  /** The zone asked for; an existing ledger keeps its own. */
  readonly zone?: string;
  readonly clock: ClockKind;
  /** Of a server, whose commands happen now. */
  readonly serverTiming?: ServerTiming;
  readonly books?: readonly PriceBook[] | (() => readonly PriceBook[]);
}

/** What a ledger stands on besides its clock, its zone and its books. */
type Parts = Pick<LedgerOf, 'store' | 'index' | 'snapshots' | 'following' | 'views' | 'server'>;

const NAME_LENGTH = 8;
/** A name that another server of the ledger does not have. */
const someServer = (): string => randomUUID().slice(0, NAME_LENGTH);

/** Opens a ledger for writing; makes it when there is none. */
export const openLedgerAt = async (options: OpenOptions): Promise<Ledger> => {
  const where = whereOf(options.store, options.data ?? null);
  const parts = await partsAt(where, options);
  try {
    const { clock, books = shippedPriceBooks } = options;
    const zone = options.zone ?? ((await isNew(parts.store)) ? DEFAULT_ZONE : await readZone(parts.store));
    const timing = options.serverTiming ? { serverTiming: options.serverTiming } : {};
    return await openLedger({ ...parts, ...timing, zone, clock, books, now: () => Date.now() });
  } catch (error) {
    await closeParts(parts);
    throw error;
  }
};

const partsAt = async (where: Where, losses: Losses): Promise<Parts> => {
  const { address, kind, base } = where;
  if (kind === 'engine') return base === null ? lightEngineParts(address) : engineParts(address, base);
  return base === null ? memoryParts() : fileParts(base, losses);
};

const memoryParts = (): Parts => {
  const store = openMemoryStore();
  const views = openViews(':memory:');
  return { store, index: openMemoryIndex(), snapshots: null, following: followHere(store, views), views };
};

const fileParts = async (path: string, { acceptLoss = false, onNotice }: Losses): Promise<Parts> => {
  makePrivateFolder(dirname(path));
  const index = await openLevelIndex(derivedPath(path, 'index'));
  let store: SqliteStore | null = null;
  try {
    store = openSqliteStore(path, { writesInThread: true, acceptLoss });
    await boundToLedger(path, store, acceptLoss);
    if (store.opening.notice !== null) onNotice?.(`${path} ${store.opening.notice}`);
    const views = await openBoundViews(derivedPath(path, 'views'), store);
    const snapshots = openSnapshots(derivedPath(path, 'snapshots'));
    const following = startFollowing(store, { address: `sqlite:${path}`, base: path });
    return { store, index, snapshots, views, following };
  } catch (error) {
    // A thread that is left open would keep the process alive.
    await Promise.allSettled([
      error instanceof LedgerShorter ? store?.abandon() : store?.close(),
      index.close(),
    ]);
    throw error;
  }
};

/**
 * Derived files that do not hold of the ledger are derived again; after a crash they show that its end was lost, which
 * rejects with LedgerShorter.
 */
const boundToLedger = async (path: string, store: SqliteStore, acceptLoss: boolean): Promise<void> => {
  const unbound = await unboundFiles(path, store);
  const [first] = unbound;
  if (first && store.opening.afterCrash && !acceptLoss)
    throw new LedgerShorter(
      `${path} is shorter than it was: ${derivedPath(path, first.kind)} was derived up to ${first.reached}, which is not there; ${WAY_ON}`,
    );
  for (const { kind } of unbound) removeDatabase(derivedPath(path, kind));
};

/** Several servers may stand on the same engine, each with a folder of its own. */
const engineParts = async (address: string, base: string): Promise<Parts> => {
  makeFolder(dirname(base));
  let index = await openLevelIndex(derivedPath(base, 'index'));
  try {
    if (!(await derivedHolds(address, base))) {
      // Locked until now: no other process uses the folder.
      await index.close();
      removeDerived(base);
      index = await openLevelIndex(derivedPath(base, 'index'));
    }
    let following: Following | null = null;
    const store = await openEngineAt(address, {
      directory: openDirectory(derivedPath(base, 'heads')),
      bringUp: async () => {
        if (following) await within(following.caughtUp(), FOLLOWED_MS);
      },
    });
    const views = await openBoundViews(derivedPath(base, 'views'), store);
    const snapshots = openSnapshots(derivedPath(base, 'snapshots'));
    following = startFollowing(store, { address, base });
    return { store, index, snapshots, views, following, server: someServer() };
  } catch (error) {
    await index.close();
    throw error;
  }
};

/** How long a list of streams waits for what was appended last. */
const FOLLOWED_MS = 5_000;

const within = async (work: Promise<void>, ms: number): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ViewsBehind('the engine was not read to its end in time')), ms);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
};

/** Whether what lies in a folder was derived from the ledger at an address, as it is there now. */
const derivedHolds = async (address: string, base: string): Promise<boolean> => {
  const directory = openDirectory(derivedPath(base, 'heads'));
  const anchor = directory.last();
  directory.close();
  // Before anything was followed nothing was derived that could mislead: it is looked up anew.
  if (!anchor) return false;
  const store = await openEngineAt(address, { directory: openDirectory(':memory:'), readOnly: true });
  try {
    return await anchorHolds(store, anchor);
  } finally {
    await store.close();
  }
};

/**
 * A store at an engine's address; its client is loaded when it is needed: that takes as long as all the rest. Throws
 * BadSetting for an address that the client cannot use.
 */
export const openEngineAt = async (address: string, options: EngineOptions): Promise<EngineStore> => {
  const { openEngineStore } = await import('../store/eventstoredb/store.ts');
  try {
    return openEngineStore(address, options);
  } catch (error) {
    options.directory.close();
    throw new BadSetting(`store: ${error instanceof Error ? error.message : error}`);
  }
};

/** For a command that comes and goes: nothing is kept on this machine. */
const lightEngineParts = async (address: string): Promise<Parts> => ({
  store: await openEngineAt(address, { directory: openDirectory(':memory:') }),
  index: openMemoryIndex(),
  snapshots: null,
  following: null,
  views: null,
  server: someServer(),
});

const closeParts = async ({ following, index, views, snapshots, store }: Parts): Promise<void> => {
  await following?.stop();
  await index.close();
  views?.close();
  snapshots?.close();
  await store.close();
};

/** Opens an existing ledger's events for reading, also beside a process that writes it. */
export const openForReading = async (address: string): Promise<EventStore> => {
  const { kind, base } = whereOf(address, null);
  if (kind === 'engine')
    return openEngineAt(address, { directory: openDirectory(':memory:'), readOnly: true });
  if (base === null || !existsSync(base))
    throw new BadSetting(`store: there is no ledger at ${base ?? address}`);
  return openSqliteStore(base, { readOnly: true });
};
