/**
 * What an account's stream already holds under an identity: records, command keys, references. The index only says
 * where to look; what is found there is read and compared, so a wrong or missing index entry can cost time but never a
 * wrong answer. Before an account is first decided on, the index is brought up to its stream's head.
 */

import { decodeEvent, decodeHeader, decodeRecords } from '../../codec/event-codec.ts';
import type { AccountEvent } from '../../domain/events.ts';
import type { UsageRecord } from '../../domain/usage.ts';
import type { EventStore, RecordedEvent, StreamHead } from '../../eventstore/event-store.ts';
import { eventAt, eventPages } from '../../eventstore/reading.ts';
import { type Fingerprint, fingerprint, probe } from '../../identity-index/fingerprint.ts';
import { headText, type IdentityIndex, type IndexEntry, type Locator } from '../../identity-index/port.ts';
import { recordLines } from '../../integrity/record-block.ts';
import { indexedLength } from './index-validity.ts';

const PAGES_KEPT = 64;
const TOGETHER = 32;

export interface FoundRecord {
  readonly record: UsageRecord;
  readonly fingerprint: Fingerprint;
}

export interface Identities {
  /** Brings the index up to the stream's end. */
  bringUp(account: string, stream: string, end: StreamHead): Promise<void>;
  /** Notes a page of the stream that the index does not know yet. */
  take(account: string, stream: string, page: readonly RecordedEvent[]): Promise<void>;
  /** What is held under each record's identity, for those that may be held; absent: certainly new. */
  find(account: string, stream: string, records: readonly UsageRecord[]): Promise<Found>;
  /** The event that holds a command's key, a deposit's or credit's reference, or a record's last correction. */
  event(account: string, stream: string, kind: TextKind, text: string): Promise<RecordedEvent | undefined>;
  /** Notes what new events hold, of which the last has that hash; called after they are durable. */
  note(account: string, from: number, events: readonly Noted[], hash: Uint8Array | null, found?: Found): void;
}

export type TextKind = 'command' | 'deposit' | 'credit' | 'corrected';

export interface Noted {
  readonly event: AccountEvent;
  readonly commandKey?: string;
  /** The records of a CallsMetered event, in the order of its lines. */
  readonly records?: readonly UsageRecord[];
}

export interface Found {
  readonly held: ReadonlyMap<UsageRecord, UsageRecord>;
  /**
   * What was asked for, and what to note each under: another identity's fingerprint is passed over by a later probe.
   */
  readonly records: readonly UsageRecord[];
  readonly prints: readonly Fingerprint[];
}

export const correctedKey = (source: string, id: string): string => JSON.stringify([source, id]);

/** Identities over a store and an index of it. */
export const identitiesOf = (store: EventStore, index: IdentityIndex): Identities => {
  const pages = new Map<string, Promise<readonly UsageRecord[]>>();

  const recordsAt = (stream: string, revision: number): Promise<readonly UsageRecord[]> => {
    const key = `${stream} ${revision}`;
    let records = pages.get(key);
    if (!records) {
      if (pages.size >= PAGES_KEPT) pages.delete(pages.keys().next().value ?? key);
      const read = readRecords(store, stream, revision);
      pages.set(key, read);
      // Failed loads are not cached.
      read.catch(() => pages.get(key) === read && pages.delete(key));
      records = read;
    }
    return records;
  };

  const heldAt = async (stream: string, at: Locator): Promise<UsageRecord | undefined> =>
    (await recordsAt(stream, at.revision))[at.ordinal];

  const find: Identities['find'] = async (account, stream, records) => {
    const held = new Map<UsageRecord, UsageRecord>();
    const prints: Fingerprint[] = [];
    let open: { at: number; record: UsageRecord; first: Fingerprint; print: Fingerprint; n: number }[] = [];
    for (const [at, record] of records.entries()) {
      const print = fingerprint(record.source, record.id);
      if (index.maybe(account, print)) open.push({ at, record, first: print, print, n: 0 });
      prints.push(print);
    }
    while (open.length > 0) {
      const places = await index.find(
        account,
        open.map(({ print }) => ({ kind: 'record', print })),
      );
      const next: typeof open = [];
      for (let from = 0; from < open.length; from += TOGETHER) {
        const some = open.slice(from, from + TOGETHER);
        // In parallel: an engine is a round trip away.
        const found = await Promise.all(
          some.map((_, i) => {
            const place = places[from + i];
            return place ? heldAt(stream, place) : undefined;
          }),
        );
        for (const [i, candidate] of some.entries()) {
          const there = found[i];
          const { record } = candidate;
          if (!places[from + i]) {
            prints[candidate.at] = candidate.print;
          } else if (there && there.id === record.id && there.source === record.source) {
            held.set(record, there);
            // Re-indexing a page must not overwrite another identity's slot.
            prints[candidate.at] = candidate.print;
          } else {
            const n = candidate.n + 1;
            next.push({ ...candidate, n, print: probe(candidate.first, n) });
          }
        }
      }
      open = next;
    }
    return { held, records, prints };
  };

  const note: Identities['note'] = (account, from, events, hash, found) => {
    const entries: IndexEntry[] = [];
    const batch = distinctPrints();
    const printOf = printsOf(found);
    for (const [i, { event, commandKey, records }] of events.entries()) {
      const revision = from + i;
      if (commandKey !== undefined)
        entries.push({ key: { kind: 'command', text: commandKey }, revision, ordinal: 0 });
      for (const [ordinal, record] of (records ?? []).entries()) {
        const print = batch(printOf(record));
        entries.push({ key: { kind: 'record', print }, revision, ordinal });
      }
      const key = textKeyOf(event);
      if (key) entries.push({ key, revision, ordinal: 0 });
    }
    index.put(account, from + events.length, headText(hash), entries);
  };

  const take: Identities['take'] = async (account, stream, page) => {
    for (const stored of page) {
      const noted = notedOf(stored);
      // One by one: a record whose first fingerprint is taken by another identity must find the next probe.
      const found = await find(account, stream, noted.records ?? []);
      note(account, stored.revision, [noted], stored.hash, found);
    }
  };

  return {
    find,
    note,
    take,
    bringUp: async (account, stream, end) => {
      const from = await indexedLength({ store, index }, account, stream, end);
      const range = { from, to: end.length - 1, records: true };
      for await (const page of eventPages(store, stream, range)) await take(account, stream, page);
    },
    event: async (account, stream, kind, text) => {
      const [place] = await index.find(account, [{ kind, text }]);
      if (!place) return undefined;
      return (await eventAt(store, stream, place.revision)) ?? undefined;
    },
  };
};

/** The fingerprints found for records that come in the order in which they were asked for, some left out. */
const printsOf = (found: Found | undefined) => {
  let at = 0;
  return (record: UsageRecord): Fingerprint => {
    const { records = [], prints = [] } = found ?? {};
    while (at < records.length && records[at] !== record) at += 1;
    return prints[at++] ?? fingerprint(record.source, record.id);
  };
};

/** Two new identities of one batch may share a fingerprint: the later one goes under the next probe. */
const distinctPrints = () => {
  const high = new Set<number>();
  const used: Fingerprint[] = [];
  return (first: Fingerprint): Fingerprint => {
    let print = first;
    const taken = () => high.has(print.hi) && used.some(({ hi, lo }) => hi === print.hi && lo === print.lo);
    for (let n = 1; taken(); n++) print = probe(first, n);
    high.add(print.hi);
    used.push(print);
    return print;
  };
};

const readRecords = async (
  store: EventStore,
  stream: string,
  revision: number,
): Promise<readonly UsageRecord[]> => {
  const stored = await eventAt(store, stream, revision, { records: true });
  return (stored && notedOf(stored).records) ?? [];
};

const notedOf = (stored: RecordedEvent): Noted => {
  const header = decodeHeader(stored);
  const event = decodeEvent(stored, header);
  return {
    event,
    ...(header.command ? { commandKey: header.command.key } : {}),
    ...(event.type === 'CallsMetered' && stored.records
      ? {
          records: decodeRecords(stored, event.data, recordLines(stored.records)).map(({ record }) => record),
        }
      : {}),
  };
};

const textKeyOf = (event: AccountEvent): IndexEntry['key'] | null => {
  switch (event.type) {
    case 'FundsDeposited':
      return { kind: 'deposit', text: event.data.reference };
    case 'CreditGranted':
      return { kind: 'credit', text: event.data.reference };
    case 'UsageCorrected':
      return { kind: 'corrected', text: correctedKey(event.data.source, event.data.id) };
    default:
      return null;
  }
};
