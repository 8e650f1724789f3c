/**
 * What the dashboard reads of an audit bundle: the verdict, the bill, what made it by the code that explains a ledger's
 * bills, and whether history begins with one's own checkpoints.
 */
import { type HeldEvents, holdEvents } from '../audit/bundle/held-events.ts';
import type { Verdict } from '../audit/bundle/verdict.ts';
import { type BundleRead, verifyAndRead } from '../audit/bundle/verify.ts';
import { type Explanation, explainBill } from '../audit/explain/explain-bill.ts';
import { type RecordExplained, recordsPage } from '../audit/explain/records.ts';
import { hexText } from '../checkpoint/bytes.ts';
import { checkpointsIn, verifierKeysIn } from '../checkpoint/checkpoint-files.ts';
import { inconsistency } from '../checkpoint/consistency-proof.ts';
import { dataAsStored, decodeHeader } from '../codec/event-codec.ts';
import type { Bill } from '../domain/bill.ts';
import { calendarOf } from '../domain/calendar.ts';
import type { PriceBook } from '../domain/price-book.ts';
import type { StreamReads } from '../eventstore/event-store.ts';
import { eventAt } from '../eventstore/reading.ts';
import { expectSignatures, piecesOf } from './verify.ts';

export interface Held {
  /** Verifier keys, as text, one a line; empty: the signing key is reported but not checked. */
  readonly keys: string;
  /** A file of checkpoints that the reader kept, as text; empty: none. */
  readonly checkpoints: string;
}

export interface RecordsAsked {
  readonly meter?: string | undefined;
  readonly day?: string | undefined;
  readonly event?: number | undefined;
  readonly limit: number;
}

/** An event as the file has it; `data` is any JSON. */
export interface EventRead {
  readonly type: string;
  readonly at: string;
  readonly recordedAt: string;
  readonly data: unknown;
  readonly hash: string;
  /** Null for the first event of the file. */
  readonly previous: string | null;
}

/** What made a bill, as far as the file has it: the events after the close before, and no later ones. */
export interface BillMade {
  readonly explanation: Explanation;
  /** Whether calls of the month were recorded before the file begins; its days lack them. */
  readonly beganEarlier: boolean;
  readonly records: (
    asked: RecordsAsked,
  ) => Promise<{ readonly items: readonly RecordExplained[]; readonly next: string | null }>;
  readonly event: (revision: number) => Promise<EventRead | null>;
}

export interface ReadBundle {
  readonly verdict: Verdict;
  readonly bill: Bill | null;
  /** The account's name; null where the file has none. */
  readonly holder: string | null;
  /** Of the price books in the file. */
  readonly books: readonly PriceBook[];
  /** Null where the file cannot be explained: there is no bill, its events cannot be read, or are too many. */
  readonly made: BillMade | null;
  /** For each checkpoint of one's own: why history does not begin with it; null: it does. */
  readonly compared: readonly { readonly size: number; readonly inconsistency: string | null }[];
  /** Whether nothing at all was found. */
  readonly isSound: boolean;
}

/**
 * Verifies and reads a bundle. Throws a RangeError for keys or checkpoints that cannot be read, and CannotVerify where the
 * browser cannot verify signatures.
 */
export const readBundle = async (file: Blob, { keys, checkpoints }: Held): Promise<ReadBundle> => {
  const held = keys.trim() === '' ? [] : verifierKeysIn(keys);
  const kept = checkpoints.trim() === '' ? [] : checkpointsIn(checkpoints);
  await expectSignatures();
  const events = holdEvents();
  const read = await verifyAndRead(piecesOf(file), { keys: held, onEvent: events.add });
  const { verdict, bill, holder, catalogue } = read;
  const compared = kept.map((checkpoint) => ({
    size: checkpoint.size,
    inconsistency: verdict.note
      ? inconsistency(checkpoint, verdict.note, null)
      : 'the bundle has no checkpoint',
  }));
  const isSound = verdict.ok && compared.every(({ inconsistency: wrong }) => wrong === null);
  const books = catalogue.published.map(({ book }) => book);
  // What cannot be explained of a file that does not hold is among its findings.
  const made = await madeOf(read, events).catch(() => null);
  return { verdict, bill, holder, books, made, compared, isSound };
};

const madeOf = async (
  { verdict, bill, catalogue }: BundleRead,
  events: HeldEvents,
): Promise<BillMade | null> => {
  const { stream = '', to = -1 } = bill?.events ?? {};
  const store = events.store(stream);
  if (!bill || !store || verdict.zone === null) return null;
  const open = { store, catalogue, calendar: calendarOf(verdict.zone) };
  const closed = to + 1;
  const explanation = await explainBill(open, { bill, closed });
  const from = explanation.events.usage;
  const { month } = bill;
  const recordsAt = async (revision: number) => events.recordsAt(revision);
  return {
    explanation,
    beganEarlier: store.first !== undefined && store.first > 0 && from === store.first,
    records: ({ limit, ...of }) => recordsPage({ ...open, stream, month, from, to, ...of, recordsAt }, limit),
    event: (revision) => eventRead(store, stream, revision),
  };
};

const eventRead = async (store: StreamReads, stream: string, revision: number): Promise<EventRead | null> => {
  const [before, stored] = [
    await eventAt(store, stream, revision - 1),
    await eventAt(store, stream, revision),
  ];
  if (!stored) return null;
  const { type, at, recordedAt } = decodeHeader(stored);
  return {
    ...{ type, at, recordedAt, data: dataAsStored(stored), hash: hexText(stored.hash) },
    previous: before && hexText(before.hash),
  };
};
