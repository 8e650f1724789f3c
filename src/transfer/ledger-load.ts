/**
 * Loads an exported ledger into a new one, in the same order, with every byte and hash unchanged. It is written under a
 * temporary name and renamed when everything is verified: an invalid file leaves nothing behind.
 */
import { verifyStore } from '../audit/verify/verify-store.ts';
import { calendarOf } from '../domain/calendar.ts';
import { StoreUnavailable } from '../eventstore/event-store.ts';
import { openSqliteStore, type SqliteStore } from '../eventstore/sqlite/store.ts';
import { removeLeftBehind } from '../files/folder.ts';
import { removeDatabase } from '../files/sqlite-file.ts';
import { partName } from '../files/whole-file.ts';
import type { SealedEvent } from '../integrity/sealed-event.ts';
import { isNew, readZone } from '../ledger/system/billing-zone.ts';
import { endChecker } from './ledger-end.ts';
import { LedgerFileBroken, lineChecker } from './ledger-lines.ts';
import { atNewPlace } from './new-place.ts';
import { moveIntoPlace } from './part-file.ts';
import { textLines } from './text-lines.ts';

export interface Loaded {
  readonly events: number;
  readonly streams: number;
  readonly records: number;
  /** Whether the file had a trailer; without one (earlier releases) truncation cannot be detected. */
  readonly hasEnd: boolean;
}

/** Limits of a group of appends that share one fsync: number, and approximate characters. */
const TOGETHER = 500;
const TOGETHER_SIZE = 16 * 1024 * 1024;

/**
 * Creates the ledger at a path from the bytes of an export. Throws what `atNewPlace` throws, or LedgerFileBroken with the
 * first difference; then no ledger is created.
 */
export const loadLedger = (
  bytes: AsyncIterable<Uint8Array>,
  path: string,
  onProgress: (events: number, what: 'loaded' | 'verified') => void,
): Promise<Loaded> => atNewPlace(path, (release) => loadedAt(bytes, path, onProgress, release));

const loadedAt = async (
  bytes: AsyncIterable<Uint8Array>,
  path: string,
  onProgress: (events: number, what: 'loaded' | 'verified') => void,
  release: () => Promise<void>,
): Promise<Loaded> => {
  removeLeftBehind(path);
  const part = partName(path);
  try {
    const store = openSqliteStore(part, { marks: false });
    let loaded: Loaded;
    try {
      const hasEnd = await append(store, bytes, (events) => onProgress(events, 'loaded'));
      loaded = { ...(await verified(store, (events) => onProgress(events, 'verified'))), hasEnd };
    } finally {
      await store.close();
    }
    await release();
    moveIntoPlace(part, path);
    return loaded;
  } catch (error) {
    // Messages name the ledger, not the temporary file.
    if (error instanceof StoreUnavailable) throw new StoreUnavailable(error.message.replaceAll(part, path));
    throw error;
  } finally {
    removeDatabase(part);
  }
};

const append = async (
  store: SqliteStore,
  bytes: AsyncIterable<Uint8Array>,
  onProgress: (events: number) => void,
): Promise<boolean> => {
  const checked = lineChecker();
  const ending = endChecker();
  let group: SealedEvent[] = [];
  let [events, size] = [0, 0];
  const flush = async (): Promise<void> => {
    await Promise.all(group.map((event) => store.append(event.stream, event.revision, [event])));
    events += group.length;
    [group, size] = [[], 0];
    onProgress(events);
  };
  for await (const line of textLines(bytes)) {
    if (!ending.isEvent(line)) continue;
    group.push(checked(line));
    size += line.length;
    if (group.length === TOGETHER || size > TOGETHER_SIZE) await flush();
  }
  await flush();
  return ending.finish();
};

/** Reads back what was written and verifies seals, readability and sums of all events. */
const verified = async (
  store: SqliteStore,
  onProgress: (events: number) => void,
): Promise<Omit<Loaded, 'hasEnd'>> => {
  if (await isNew(store))
    throw new LedgerFileBroken(1, null, 'file', 'the events of a ledger', 'no event that makes one');
  const calendar = calendarOf(await readZone(store));
  const { events, streams, records, findings } = await verifyStore(store, calendar, onProgress);
  const [first] = findings;
  // Line numbers equal positions; without one, the finding concerns the end of the file.
  if (first)
    throw new LedgerFileBroken(Number(first.position), first, first.what, first.expected, first.found);
  return { events, streams, records };
};
