/**
 * A bill replayed (rules.md, section 12): from the state that the month before carried forward, every fact up to the
 * close is decided again, record by record, with the price books of its time; the bill that comes out must be the
 * issued one byte for byte.
 */
import { decodeEvent, decodeHeader, decodeRecords, type Recorded } from '../codec/event-codec.ts';
import type { Account } from '../domain/account.ts';
import type { Bill } from '../domain/bill.ts';
import type { Calendar } from '../domain/calendar.ts';
import { canonicalJson } from '../domain/canonical.ts';
import { asPublished, type Catalogue } from '../domain/catalogue.ts';
import { afterClose } from '../domain/close.ts';
import type { Head } from '../domain/draft.ts';
import type { AccountEvent, EventOf } from '../domain/events.ts';
import { evolve } from '../domain/evolve.ts';
import { withNotices } from '../domain/notices.ts';
import { sha256 } from '../ledger/surroundings.ts';
import type { EventStore, RecordedEvent } from '../store/event-store.ts';
import { recordLines } from '../store/record-block.ts';
import { hexOf } from '../store/seal.ts';
import { type Difference, differingPaths } from './differences.ts';
import { redecided } from './redecide.ts';

export interface Replay {
  readonly month: string;
  readonly match: boolean;
  /** Digest of the bill as issued, and as it comes out now. */
  readonly issued: string;
  readonly replayed: string;
  readonly differences: readonly Difference[];
  readonly events: number;
  readonly records: number;
}

export interface Replaying {
  readonly store: EventStore;
  readonly calendar: Calendar;
  readonly catalogue: Catalogue;
}

const PAGE = 64;
const MOST = 50;

/** Replays every closed month of a stream in order, or only one; yields a result a month. */
export async function* replayStream(
  of: Replaying,
  stream: string,
  only?: { readonly since: number; readonly closed: number },
): AsyncGenerator<Replay> {
  const range = only ?? { since: 0, closed: Number.POSITIVE_INFINITY };
  let before = range.since > 0 ? await closeAt(of.store, stream, range.since - 1) : null;
  let since = range.since;
  const { length } = await of.store.head(stream);
  const last = Math.min(range.closed, length - 1);
  const closes = only ? [only.closed] : await closesOf(of.store, stream, length);
  for (const closed of closes) {
    if (closed > last) return;
    const result = await replayMonth(of, stream, before, since, closed);
    yield result.replay;
    before = result.close;
    since = closed + 1;
  }
}

type Closed = EventOf<'MonthClosed'>;

const closeAt = async (store: EventStore, stream: string, revision: number): Promise<Closed> => {
  const [stored] = await store.read(stream, {
    from: revision,
    limit: 1,
    direction: 'forwards',
    records: false,
  });
  const fact = stored && decodeEvent(stored);
  if (fact?.type !== 'MonthClosed') throw new Error(`event ${revision} of ${stream} closes no month`);
  return fact;
};

const closesOf = async (store: EventStore, stream: string, length: number): Promise<number[]> => {
  const closes: number[] = [];
  for (let from = 0; from < length; from += PAGE) {
    const page = await store.read(stream, { from, limit: PAGE, direction: 'forwards', records: false });
    for (const event of page) if (decodeHeader(event).type === 'MonthClosed') closes.push(event.revision);
  }
  return closes;
};

interface Expected {
  readonly event: AccountEvent;
  readonly lines: readonly string[] | null;
}

const replayMonth = async (
  of: Replaying,
  stream: string,
  before: Closed | null,
  since: number,
  closed: number,
): Promise<{ replay: Replay; close: Closed }> => {
  const close = await closeAt(of.store, stream, closed);
  const around = {
    calendar: of.calendar,
    catalogue: asPublished(of.catalogue, close.data.catalogue),
    sha256,
  };
  const differences: Difference[] = [...booksDiffering(of.catalogue, stream, closed, close.data.bill)];
  let account: Account | null = before?.data.carried ?? null;
  let pending: Expected[] = before ? followed(before, of) : [];
  let records = 0;
  let previous: RecordedEvent | null = null;
  let replayed: EventOf<'MonthClosed'> | null = null;
  for (let from = since; from <= closed; from += PAGE) {
    const page = await of.store.read(stream, {
      from,
      limit: Math.min(PAGE, closed - from + 1),
      direction: 'forwards',
      records: true,
    });
    for (const stored of page) {
      const fact = decodeEvent(stored);
      const lines = stored.records ? recordLines(stored.records) : null;
      const reports: Recorded[] | null =
        fact.type === 'CallsMetered' && lines ? decodeRecords(stored, fact.data, lines) : null;
      records += reports?.length ?? 0;
      if (pending.length === 0) {
        const head: Head = {
          stream,
          from: since,
          to: stored.revision - 1,
          head: await hashBefore(of.store, stored, previous),
        };
        const events = redecided(account, fact, reports, head, around) ?? [];
        pending = events.map((event) => ({ event, lines: event.lines ?? null }));
      }
      const expected = pending.shift();
      if (differences.length < MOST) differences.push(...compared(stored, fact, lines, expected));
      if (expected?.event.type === 'MonthClosed') replayed = expected.event;
      account = evolve(account, expected?.event.type === fact.type ? expected.event : fact);
      previous = stored;
    }
    if (page.length === 0) break;
  }
  const { bill } = close.data;
  const out = replayed?.data.bill;
  const match =
    differences.length === 0 &&
    out !== undefined &&
    canonicalJson(out) === canonicalJson(bill) &&
    digestOf(bill) === bill.digest;
  return {
    replay: {
      month: bill.month,
      match,
      issued: bill.digest,
      replayed: out ? digestOf(out) : '',
      differences,
      events: closed - since + 1,
      records,
    },
    close,
  };
};

/** What the close before must have appended behind its MonthClosed. */
const followed = (before: Closed, { calendar, catalogue: all }: Replaying): Expected[] => {
  const catalogue = asPublished(all, before.data.catalogue);
  const events = withNotices(null, [before, ...afterClose(before, calendar, catalogue)], calendar, catalogue);
  return events.slice(1).map((event) => ({ event, lines: null }));
};

/** SHA-256 of the canonical JSON of everything else in a bill. */
export const digestOf = ({ digest: _, ...bill }: Bill): string => sha256(canonicalJson(bill));

const hashBefore = async (
  store: EventStore,
  stored: RecordedEvent,
  previous: RecordedEvent | null,
): Promise<string> => {
  if (previous) return hexOf(previous.hash);
  if (stored.revision === 0) return '';
  const from = stored.revision - 1;
  const [before] = await store.read(stored.stream, { from, limit: 1, direction: 'forwards', records: false });
  return before ? hexOf(before.hash) : '';
};

const compared = (
  { stream, revision }: RecordedEvent,
  fact: AccountEvent,
  lines: readonly string[] | null,
  expected: Expected | undefined,
): Difference[] => {
  const event = { stream, revision };
  if (!expected) return [{ event, path: 'type', recorded: fact.type, replayed: null }];
  if (expected.event.type !== fact.type) {
    return [{ event, path: 'type', recorded: fact.type, replayed: expected.event.type }];
  }
  const paths = differingPaths(
    { at: fact.at, data: fact.data },
    { at: expected.event.at, data: expected.event.data },
  );
  const line = lines?.findIndex((text, i) => text !== expected.lines?.[i]) ?? -1;
  if (line >= 0) {
    paths.push({ path: `records.${line}`, recorded: lines?.[line], replayed: expected.lines?.[line] });
  }
  return paths.map((path) => ({ event, ...path }));
};

/** A named book whose published content has another digest. */
const booksDiffering = (catalogue: Catalogue, stream: string, revision: number, bill: Bill): Difference[] =>
  bill.priceBooks.flatMap(({ product, edition, digest }, i) => {
    const published = catalogue.published.find(
      (e) => e.book.product === product && e.book.edition === edition,
    );
    if (published?.digest === digest) return [];
    const path = `bill.priceBooks.${i}.digest`;
    return [{ event: { stream, revision }, path, recorded: digest, replayed: published?.digest ?? null }];
  });
