/**
 * The log of refused usage: no report is lost without trace, and the same refusal of the same content is logged once
 * (rules.md, section 10). One stream per account; reports of unknown accounts share one. Reports beyond a key's daily
 * quota are counted by code.
 */
import { nextTurn, openPauses } from '../../async/pauses.ts';
import { type KeyedQueues, openKeyedQueues } from '../../async/serial-queue.ts';
import { sideBySide } from '../../async/side-by-side.ts';
import type { Instant } from '../../domain/calendar.ts';
import type { UsageRefusal } from '../../domain/refusals.ts';
import type { EventStore } from '../../eventstore/event-store.ts';
import { eventAt } from '../../eventstore/reading.ts';
import { fingerprint } from '../../identity-index/fingerprint.ts';
import { headText, type IdentityIndex, type IndexEntry, type Key } from '../../identity-index/port.ts';
import type { Came } from '../../input/usage-report.ts';
import { indexedLength } from '../account/index-validity.ts';
import { appendSystem, readSystem } from '../system/streams.ts';
import { keptForm } from './content.ts';
import type { RefusedRecord } from './events.ts';
import { addCounts, type Counts, count, type NotKept } from './not-kept.ts';
import { markOf, packedReports, reportsOf } from './packed.ts';
import { dayOf, openRefusedQuota, type RefusedQuota } from './quota.ts';
import { usedOn } from './used-today.ts';

export interface Refused {
  /** Null if the report names no existing account. */
  readonly account: string | null;
  readonly code: UsageRefusal;
  readonly detail: string;
  /** The report as received. */
  readonly came: Came;
}

/** Characters of reports that one event carries. */
const PART_SIZE = 128 * 1024;
/** Number of records that take milliseconds to split and pack. */
const MANY = 64;
/** Streams that are added to at once. */
const STREAMS_TOGETHER = 64;

export const refusedStream = (account: string | null): string =>
  account === null ? 'refused' : `refused-${account}`;

export interface RefusedLog {
  /**
   * Logs refused reports of a key (null: an import); durable when it resolves. Returns those that are only to be
   * counted.
   */
  add(refused: readonly Refused[], at: Instant, key: string | null): Promise<NotKept>;
  /** Writes the counts that several calls of `add` returned: one event per stream. Durable when it resolves. */
  count(notKept: NotKept, at: Instant, key: string): Promise<void>;
  /** Whether more reports of a key are stored today; if not, they need not be decoded. */
  hasRoom(key: string | null, at: Instant): boolean;
}

interface Addition {
  readonly records: RefusedRecord[];
  readonly notKept: Counts;
}

/** The log as it is open here. */
interface Logging {
  readonly store: EventStore;
  readonly index: IdentityIndex;
  readonly recordedAt: () => string;
  readonly quota: RefusedQuota;
  /** Appends to one stream are serialized, so that they do not conflict. */
  readonly queues: KeyedQueues;
  /** Usage of the day's quotas before this server started, read once. */
  begun: Promise<void> | null;
  /** Counts waiting to be written, by stream and key; later ones are merged into them. */
  readonly waiting: Map<string, { readonly byKey: Map<string, Counts>; readonly written: Promise<unknown> }>;
}

/** The log over a store; `index` detects duplicates without reading the log. */
export const openRefusedLog = (
  store: EventStore,
  index: IdentityIndex,
  recordedAt: () => string,
): RefusedLog => {
  const quota = openRefusedQuota();
  const queues = openKeyedQueues();
  const log: Logging = { store, index, recordedAt, quota, queues, begun: null, waiting: new Map() };
  return {
    hasRoom: quota.hasRoom,
    add: (refused, at, key) => addTo(log, refused, at, key),
    count: (notKept, at, key) =>
      sideBySide([...notKept], STREAMS_TOGETHER, async ([stream, counts]) => {
        await countNotKept(log, stream, at, key, counts);
      }),
  };
};

/** If the day's quotas cannot be read, the next call retries; a report is not rejected for that. */
const begin = (log: Logging, at: Instant): Promise<void> => {
  const day = dayOf(at);
  log.begun ??= usedOn(log.store, day).then(
    (used) => log.quota.begin(day, used),
    () => {
      log.begun = null;
    },
  );
  return log.begun;
};

const addTo = async (
  log: Logging,
  refused: readonly Refused[],
  at: Instant,
  key: string | null,
): Promise<NotKept> => {
  if (key !== null && refused.length > 0) await begin(log, at);
  const additions = await byStream(refused, () => log.quota.look(key, at));
  await sideBySide(
    [...additions].filter(([, { records }]) => records.length > 0),
    STREAMS_TOGETHER,
    async ([stream, { records, notKept }]) => {
      if (records.length > MANY) await nextTurn();
      for (const part of parts(records))
        await log.queues.run(stream, () => added(log, stream, part, { at, key, notKept }));
    },
  );
  const all: NotKept = new Map();
  for (const [stream, { notKept }] of additions) if (notKept.size > 0) all.set(stream, notKept);
  return all;
};

const added = (
  { store, index, recordedAt, quota }: Logging,
  stream: string,
  records: readonly RefusedRecord[],
  { at, key, notKept }: { readonly at: Instant; readonly key: string | null; readonly notKept: Counts },
): Promise<unknown> => {
  const kept = new Map<string, boolean>();
  return appendSystem(store, stream, 'UsageRefused', at, recordedAt(), async (length) => {
    await bringUp(store, index, stream, length);
    const logged = await index.find(
      stream,
      records.map(({ mark }) => keyOf(mark)),
    );
    const seen = new Set<string>();
    const fresh = records.filter((record, i) => {
      const { mark } = record;
      if (logged[i] || seen.has(mark)) return false;
      seen.add(mark);
      // Decided once, however often another writer was first.
      const isKept = kept.get(mark) ?? quota.take(key, at, JSON.stringify(record).length);
      if (!isKept && !kept.has(mark)) count(notKept, record.code);
      kept.set(mark, isKept);
      return isKept;
    });
    return fresh.length > 0 ? [packedReports(key, fresh)] : [];
  });
};

const countNotKept = (
  { store, recordedAt, queues, waiting }: Logging,
  stream: string,
  at: Instant,
  key: string,
  counts: Counts,
): Promise<unknown> => {
  const own = waiting.get(stream);
  if (own) {
    addCounts(own.byKey, new Map([[key, counts]]));
    return own.written;
  }
  const byKey = new Map<string, Counts>();
  addCounts(byKey, new Map([[key, counts]]));
  const written = queues.run(stream, () => {
    waiting.delete(stream);
    const day = dayOf(at);
    const data = [...byKey].map(([who, all]) => ({
      ...{ key: who, day },
      counts: [...all].map(([code, reports]) => ({ code, reports })),
    }));
    return appendSystem(store, stream, 'UsageNotKept', at, recordedAt(), async () => data);
  });
  waiting.set(stream, { byKey, written });
  return written;
};

/** Entries to append to each stream; reports over quota are not even serialized. */
const byStream = async (refused: readonly Refused[], look: () => boolean): Promise<Map<string, Addition>> => {
  // A report may be 64 KiB; serializing it canonically takes milliseconds.
  const pause = openPauses(1);
  const streams = new Map<string, Addition>();
  for (const { account, code, detail, came } of refused) {
    const stream = refusedStream(account);
    const addition: Addition = streams.get(stream) ?? { records: [], notKept: new Map() };
    streams.set(stream, addition);
    if (look()) {
      const { content, ...kept } = keptForm(came);
      addition.records.push({ mark: markOf(code, content), code, detail, ...kept });
    } else count(addition.notKept, code);
    const turn = pause();
    if (turn) await turn;
  }
  return streams;
};

/** Marks are indexed by 64 bits of them: as long as a record's identity, and far shorter than their text. */
const keyOf = (mark: string): Key => ({ kind: 'record', print: fingerprint('refused', mark) });

/** Brings the index up to the log's end; later appends are indexed at the next lookup. */
const bringUp = async (
  store: EventStore,
  index: IdentityIndex,
  stream: string,
  length: number,
): Promise<void> => {
  const end = { length, hash: (await eventAt(store, stream, length - 1))?.hash ?? null };
  const from = await indexedLength({ store, index }, stream, stream, end);
  if (from >= length) return;
  const events = await readSystem(store, stream, from);
  const entries: IndexEntry[] = [];
  const pause = openPauses(1);
  for (const [i, event] of events.entries()) {
    if (event.type !== 'UsageRefused') continue;
    for (const { mark } of reportsOf(event.data))
      entries.push({ key: keyOf(mark), revision: from + i, ordinal: 0 });
    const turn = pause();
    if (turn) await turn;
  }
  const last = from + events.length;
  const hash = last === length ? end.hash : ((await eventAt(store, stream, last - 1))?.hash ?? null);
  index.put(stream, last, headText(hash), entries);
};

/** Cut so that each part fits one event. */
const parts = (records: readonly RefusedRecord[]): RefusedRecord[][] => {
  const all: RefusedRecord[][] = [];
  let size = PART_SIZE;
  for (const record of records) {
    const own = JSON.stringify(record).length;
    if (size + own > PART_SIZE) {
      all.push([]);
      size = 0;
    }
    all.at(-1)?.push(record);
    size += own;
  }
  return all;
};
