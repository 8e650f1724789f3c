/** A ledger opened from a store's address: `sqlite:PATH` or `memory:`. */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { shippedPriceBooks } from '../catalogue/shipped.ts';
import type { PriceBook } from '../domain/price-book.ts';
import type { EventStore } from '../store/event-store.ts';
import { openLevelIndex } from '../store/identity-index-level.ts';
import { openMemoryIndex } from '../store/identity-index-memory.ts';
import { openMemoryStore } from '../store/memory.ts';
import { openSnapshots } from '../store/snapshots.ts';
import { openSqliteStore } from '../store/sqlite.ts';
import { openViews } from '../store/views.ts';
import type { ClockKind } from './deciding.ts';
import { type Following, followHere, startFollowing } from './following.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { isNew, readZone } from './settings-stream.ts';

/** A setting that cannot be used: wrong use, not a failure. */
export class BadSetting extends Error {}

export const DEFAULT_STORE = 'sqlite:./data/ledger.db';
export const DEFAULT_ZONE = 'Asia/Shanghai';

export interface OpenOptions {
  readonly store: string;
  /** The zone asked for; an existing ledger keeps its own. */
  readonly zone?: string;
  readonly clock: ClockKind;
  readonly books?: readonly PriceBook[] | (() => readonly PriceBook[]);
}

/** The file of an embedded store's address. Throws BadSetting for another kind. */
export const fileOf = (address: string): string => {
  if (!address.startsWith('sqlite:') || address === 'sqlite:') {
    throw new BadSetting(`store: ${address} is not sqlite:PATH or memory:`);
  }
  return address.slice('sqlite:'.length);
};

/** Opens a ledger for writing; makes it when there is none. */
export const openLedgerAt = async (options: OpenOptions): Promise<Ledger> => {
  const { clock, books = shippedPriceBooks } = options;
  const now = () => Date.now();
  if (options.store === 'memory:') {
    const zone = options.zone ?? DEFAULT_ZONE;
    const store = openMemoryStore();
    const views = openViews(':memory:');
    return openLedger({
      store,
      index: openMemoryIndex(),
      snapshots: null,
      following: followHere(store, views),
      views,
      zone,
      clock,
      books,
      now,
    });
  }
  const path = fileOf(options.store);
  mkdirSync(dirname(path), { recursive: true });
  const index = await openLevelIndex(`${path}.index`);
  let store: EventStore | null = null;
  let following: Following | null = null;
  try {
    store = openSqliteStore(path);
    const zone = options.zone ?? ((await isNew(store)) ? DEFAULT_ZONE : await readZone(store));
    const snapshots = openSnapshots(`${path}.snapshots`);
    const views = openViews(`${path}.views`);
    following = startFollowing(store, path);
    return await openLedger({ store, index, snapshots, zone, clock, books, now, following, views });
  } catch (error) {
    await following?.stop();
    await index.close();
    await store?.close();
    throw error;
  }
};

/** Opens an existing ledger's events for reading, also beside a process that writes it. */
export const openForReading = (address: string): EventStore => {
  const path = fileOf(address);
  if (!existsSync(path)) throw new BadSetting(`store: there is no ledger at ${path}`);
  return openSqliteStore(path, { readOnly: true });
};
