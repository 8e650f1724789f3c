/** A ledger opened from a store's address: `sqlite:PATH`, an engine's, or `memory:`. */
import { existsSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { openSnapshots } from '../derived/account-snapshots.ts';
import { openBoundViews } from '../derived/bound-views.ts';
import { derivedPath } from '../derived/files.ts';
import { unboundFiles } from '../derived/stale-derived-files.ts';
import { openViews } from '../derived/views.ts';
import type { PriceBook } from '../domain/price-book.ts';
import {
  type EventStore,
  LedgerRestored,
  LedgerShorter,
  StoreUnavailable,
} from '../eventstore/event-store.ts';
import { openDirectory } from '../eventstore/eventstoredb/stream-directory.ts';
import { ENGINE_TIMES, type EngineTimes } from '../eventstore/eventstoredb/timeouts.ts';
import { openMemoryStore } from '../eventstore/memory.ts';
import { WAY_ON } from '../eventstore/sqlite/detect-lost-end.ts';
import { openSqliteStore, type SqliteStore } from '../eventstore/sqlite/store.ts';
import { makePrivateFolder } from '../files/folder.ts';
import { removeDatabase } from '../files/sqlite-file.ts';
import { openLevelIndex } from '../identity-index/level.ts';
import { openMemoryIndex } from '../identity-index/memory.ts';
import type { ServerTiming } from './account/command-instant.ts';
import type { ClockKind } from './account/decider.ts';
import { followHere, startFollowing } from './following/following.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { BadSetting, DEFAULT_ZONE, type Where, whereOf, whyNoLedger } from './location.ts';
import { engineParts, lightEngineParts, openEngineAt, type Parts } from './open-engine.ts';
import { closedToOthers } from './own-files.ts';
import { unpackedKey } from './secrets/server-key.ts';
import { isNew, readZone } from './system/billing-zone.ts';
import { shippedPriceBooks } from './system/shipped-price-books.ts';

/** What to do if an embedded ledger ends before what is known about it. */
export interface Losses {
  /** Continues without the missing events. */
  readonly acceptLoss?: boolean;
  /** Called with warnings for the operator. */
  readonly onNotice?: (notice: string) => void;
}

export interface OpenOptions extends Losses {
  readonly store: string;
  /** The folder for data derived from an engine's ledger; null or absent: in memory, without views. */
  readonly data?: string | null;
  /** The zone of a new ledger; an existing ledger keeps its own. */
  readonly zone?: string;
  readonly clock: ClockKind;
  /** Of a server, whose commands happen now. */
  readonly serverTiming?: ServerTiming;
  readonly books?: readonly PriceBook[] | (() => readonly PriceBook[]);
  /** Timeouts of an engine; omitted ones have their defaults. */
  readonly times?: Partial<EngineTimes>;
  /**
   * Set after an engine was restored: derived data is dropped first, and no ledger is created if there is none (yet).
   * Rejects with StoreUnavailable then.
   */
  readonly isRestored?: boolean;
}

/** Opens a ledger for writing; creates it if there is none. */
export const openLedgerAt = async (options: OpenOptions): Promise<Ledger> => {
  const { isRestored = false } = options;
  try {
    return await openOnce(options, isRestored);
  } catch (error) {
    // The engine was restored between checking derived data and using it.
    if (error instanceof LedgerRestored && !isRestored) return openOnce(options, true);
    throw error;
  }
};

const openOnce = async (options: OpenOptions, forgets: boolean): Promise<Ledger> => {
  const parts = await partsAt(whereOf(options.store, options.data ?? null), options, forgets);
  try {
    const { clock, books = shippedPriceBooks } = options;
    const isMissing = await isNew(parts.store);
    if (isMissing && options.isRestored) throw new StoreUnavailable('there is no ledger where there was one');
    const zone = options.zone ?? (isMissing ? DEFAULT_ZONE : await readZone(parts.store));
    const timing = options.serverTiming ? { serverTiming: options.serverTiming } : {};
    const turnMs = options.times?.turnMs ?? ENGINE_TIMES.turnMs;
    return await openLedger({ ...parts, ...timing, turnMs, zone, clock, books, now: () => Date.now() });
  } catch (error) {
    await closeParts(parts);
    throw error;
  }
};

const partsAt = async (
  { address, kind, base }: Where,
  options: OpenOptions,
  forgets: boolean,
): Promise<Parts> => {
  const times = { ...ENGINE_TIMES, ...options.times };
  if (kind === 'engine')
    return base === null ? lightEngineParts(address, times) : engineParts({ address, base, times, forgets });
  return base === null ? memoryParts() : fileParts(base, options);
};

const memoryParts = (): Parts => {
  const store = openMemoryStore();
  const views = openViews(':memory:');
  return { store, index: openMemoryIndex(), snapshots: null, following: followHere(store, views), views };
};

const fileParts = async (path: string, { acceptLoss = false, onNotice }: Losses): Promise<Parts> => {
  makePrivateFolder(dirname(path));
  for (const notice of closedToOthers(path)) onNotice?.(notice);
  const folder = derivedPath(path, 'index');
  const isIndexNew = !existsSync(folder);
  const index = await openLevelIndex(folder);
  let store: SqliteStore | null = null;
  try {
    store = openSqliteStore(path, { writesInThread: true, acceptLoss });
    await boundToLedger(path, store, acceptLoss);
    if (store.opening.notice !== null) onNotice?.(`${path} ${store.opening.notice}`);
    unpackKey(path, store, onNotice);
    const views = await openBoundViews(derivedPath(path, 'views'), store);
    const snapshots = openSnapshots(derivedPath(path, 'snapshots'));
    const following = startFollowing(store, { address: `sqlite:${path}`, base: path }, views);
    return { store, index, snapshots, views, following };
  } catch (error) {
    // An open thread would keep the process alive.
    await Promise.allSettled([
      error instanceof LedgerShorter ? store?.abandon() : store?.close(),
      index.close(),
    ]);
    if (isIndexNew && store === null) rmSync(folder, { recursive: true, force: true });
    throw error;
  }
};

/** Moves a key that a backup included to its own file, and deletes it from the ledger's. */
const unpackKey = (path: string, store: SqliteStore, onNotice: Losses['onNotice']): void => {
  const { carried } = store.opening;
  if (carried === null) return;
  if (unpackedKey(path, carried)) store.dropCarriedKey();
  else
    onNotice?.(
      `${path} was a backup and carries its key; a different key is at ${path}.key: delete that to use it`,
    );
};

/**
 * Rebuilds derived files that do not match the ledger. After a crash they may reveal that its end was lost; then
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

const closeParts = async ({ following, index, views, snapshots, store }: Parts): Promise<void> => {
  await following?.stop();
  await index.close();
  views?.close();
  snapshots?.close();
  await store.close();
};

/**
 * Opens an existing ledger's events for reading, even while another process writes it; `checksSeals` false: for a
 * command that reports damage itself.
 */
export const openForReading = async (
  address: string,
  { checksSeals = true }: { readonly checksSeals?: boolean } = {},
): Promise<EventStore> => {
  const { kind, base } = whereOf(address, null);
  if (kind === 'engine')
    return openEngineAt(address, { directory: openDirectory(':memory:'), readOnly: true });
  if (base === null) throw new BadSetting(`store: there is no ledger at ${address}`);
  const why = whyNoLedger(base);
  if (why !== null) throw new BadSetting(why);
  return openSqliteStore(base, { readOnly: true, checksSeals });
};
