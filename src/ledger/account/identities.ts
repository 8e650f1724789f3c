/**
 * Looks up identities in an account's stream: records, command keys, references. The index only says where to look;
 * what is found there is read and compared, so a wrong or missing index entry costs time but never correctness. Before
 * the first decision on an account, the index is brought up to its stream's head.
 */

import { decodeEvent, decodeHeader } from '../../codec/event-codec.ts';
import { recordsIn } from '../../codec/stored-records.ts';
import type { RecordIdentity, UsageRecord } from '../../domain/usage.ts';
import type { EventStore, RecordedEvent, StreamHead } from '../../eventstore/event-store.ts';
import { eventAt, eventPages } from '../../eventstore/reading.ts';
import { type Fingerprint, fingerprint, probe } from '../../identity-index/fingerprint.ts';
import { headText, type IdentityIndex, type Locator } from '../../identity-index/port.ts';
import { entriesOf, type Noted, type Probed } from './index-entries.ts';
import { indexedLength } from './index-validity.ts';

const PAGES_KEPT = 64;
const TOGETHER = 32;

export interface Identities {
  /** Brings the index up to the stream's end. */
  bringUp(account: string, stream: string, end: StreamHead): Promise<void>;
  /** Indexes a page of the stream. */
  take(account: string, stream: string, page: readonly RecordedEvent[]): Promise<void>;
  /** What is stored under each identity that may be present; an absent one is certainly new. */
  find(account: string, stream: string, records: readonly RecordIdentity[]): Promise<Found>;
  /** The event with a command's key, a deposit's or credit's reference, or a record's last correction. */
  event(account: string, stream: string, kind: TextKind, text: string): Promise<RecordedEvent | undefined>;
  /** Indexes new events, of which the last has that hash; call it after they are durable. */
  note(account: string, from: number, events: readonly Noted[], hash: Uint8Array | null, found?: Found): void;
}

export type TextKind = 'command' | 'deposit' | 'credit' | 'corrected';

export interface Found extends Probed {
  readonly held: ReadonlyMap<RecordIdentity, UsageRecord>;
}

/** The stream and index of a lookup. */
interface LookedUp {
  readonly store: EventStore;
  readonly index: IdentityIndex;
  /** The records of events that were read last. */
  readonly pages: Map<string, Promise<readonly UsageRecord[]>>;
}

/** Identities over a store and an index of it. */
export const identitiesOf = (store: EventStore, index: IdentityIndex): Identities => {
  const at: LookedUp = { store, index, pages: new Map() };
  return {
    find: (account, stream, records) => find(at, account, stream, records),
    note: (account, from, events, hash, found) => note(index, account, from, events, hash, found),
    take: (account, stream, page) => take(at, account, stream, page),
    bringUp: async (account, stream, end) => {
      const from = await indexedLength({ store, index }, account, stream, end);
      const range = { from, to: end.length - 1, records: true };
      for await (const page of eventPages(store, stream, range)) await take(at, account, stream, page);
    },
    event: async (account, stream, kind, text) => {
      const [place] = await index.find(account, [{ kind, text }]);
      if (!place) return undefined;
      return (await eventAt(store, stream, place.revision)) ?? undefined;
    },
  };
};

const recordsAt = (
  { store, pages }: LookedUp,
  stream: string,
  revision: number,
): Promise<readonly UsageRecord[]> => {
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

const heldAt = async (at: LookedUp, stream: string, place: Locator): Promise<UsageRecord | undefined> =>
  (await recordsAt(at, stream, place.revision))[place.ordinal];

/** A record that may be present, and the probe under which it is looked for. */
interface Candidate {
  readonly at: number;
  readonly record: RecordIdentity;
  readonly first: Fingerprint;
  readonly print: Fingerprint;
  readonly n: number;
}

const find = async (
  at: LookedUp,
  account: string,
  stream: string,
  records: readonly RecordIdentity[],
): Promise<Found> => {
  const found = { held: new Map<RecordIdentity, UsageRecord>(), records, prints: [] as Fingerprint[] };
  let open: Candidate[] = [];
  for (const [i, record] of records.entries()) {
    const print = fingerprint(record.source, record.id);
    if (at.index.maybe(account, print)) open.push({ at: i, record, first: print, print, n: 0 });
    found.prints.push(print);
  }
  while (open.length > 0) {
    const places = await at.index.find(
      account,
      open.map(({ print }) => ({ kind: 'record', print })),
    );
    const next: Candidate[] = [];
    for (let from = 0; from < open.length; from += TOGETHER) {
      const some = open.slice(from, from + TOGETHER);
      next.push(...(await compared(at, stream, some, places.slice(from, from + TOGETHER), found)));
    }
    open = next;
  }
  return found;
};

/** Compares candidates with the stored records; returns those to be looked up under their next probe. */
const compared = async (
  at: LookedUp,
  stream: string,
  some: readonly Candidate[],
  places: readonly (Locator | undefined)[],
  { held, prints }: { readonly held: Map<RecordIdentity, UsageRecord>; readonly prints: Fingerprint[] },
): Promise<Candidate[]> => {
  const next: Candidate[] = [];
  // In parallel: an engine is a round trip away.
  const there = await Promise.all(places.map((place) => place && heldAt(at, stream, place)));
  for (const [i, candidate] of some.entries()) {
    const { record, first, print } = candidate;
    const found = there[i];
    if (!places[i]) {
      prints[candidate.at] = print;
    } else if (found && found.id === record.id && found.source === record.source) {
      held.set(record, found);
      // Re-indexing a page must not overwrite another identity's slot.
      prints[candidate.at] = print;
    } else {
      const n = candidate.n + 1;
      next.push({ ...candidate, n, print: probe(first, n) });
    }
  }
  return next;
};

const note = (
  index: IdentityIndex,
  account: string,
  from: number,
  events: readonly Noted[],
  hash: Uint8Array | null,
  found?: Found,
): void => index.put(account, from + events.length, headText(hash), entriesOf(from, events, found));

const take = async (
  at: LookedUp,
  account: string,
  stream: string,
  page: readonly RecordedEvent[],
): Promise<void> => {
  for (const stored of page) {
    const noted = notedOf(stored);
    // Sequentially: a record whose first fingerprint is taken by another identity must find the next probe.
    const found = await find(at, account, stream, noted.records ?? []);
    note(at.index, account, stored.revision, [noted], stored.hash, found);
  }
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
    ...(event.type === 'CallsMetered'
      ? { records: recordsIn(stored, event.data).map(({ record }) => record) }
      : {}),
  };
};
