/**
 * Replays a month event by event (rules.md, section 12): starting from the state that the previous close carried
 * forward, every event up to the close is decided again from its inputs alone, with the price books of its time, and
 * compared with the recorded one. Does no I/O, so that the same code replays a store, and a file in a browser.
 */
import { decodeRecords, type Recorded, StoredEventUnreadable } from '../../codec/event-codec.ts';
import type { Account } from '../../domain/account.ts';
import type { Bill } from '../../domain/bill.ts';
import { canonicalJson } from '../../domain/canonical.ts';
import { asPublished, type Catalogue, EditionBroken, nameOf } from '../../domain/catalogue.ts';
import { afterClose } from '../../domain/close.ts';
import type { BillingContext } from '../../domain/context.ts';
import type { AccountEvent, EventOf } from '../../domain/events.ts';
import { evolve } from '../../domain/evolve.ts';
import { withNotices } from '../../domain/notices.ts';
import { sha256 } from '../../integrity/sha256.ts';
import { type Difference, differingPaths } from './json-diff.ts';
import { monthSoFar } from './month-so-far.ts';
import { publishedThen, redecided } from './redecide.ts';

export interface MonthOf {
  readonly stream: string;
  /** Revision of the month's first event: the one after the previous close, or 0. */
  readonly since: number;
  /** The previous close; null in an account's first month. */
  readonly before: Closed | null;
  /** Number of editions published when the month was closed. */
  readonly published: number;
}

export type Closed = EventOf<'MonthClosed'>;

/** A stored event of the month, in its order. */
export interface MonthEvent {
  readonly revision: number;
  readonly header: string;
  readonly data: string;
  readonly event: AccountEvent;
  readonly lines: readonly string[] | null;
  /** Hash of the previous event in hex; empty for the first. */
  readonly previous: string;
}

export interface MonthReplay {
  /** Replays the next event. */
  next(read: MonthEvent): Stepped;
  /** Compares the replayed bill with the issued one; call it after the last event. */
  result(bill: Bill): Replay;
}

export interface Stepped {
  /** Whether the replayed event equals the recorded one. */
  readonly isSame: boolean;
  /** Size of the account's state used by the decision, as a measure of work. */
  readonly held: number;
}

export interface Replay {
  readonly month: string;
  readonly match: boolean;
  /** Digests of the issued and of the replayed bill. */
  readonly issued: string;
  readonly replayed: string;
  readonly differences: readonly Difference[];
  readonly events: number;
  readonly records: number;
  /** The replayed bill; null where no close was decided again. */
  readonly bill: Bill | null;
}

interface Expected {
  readonly event: AccountEvent;
  readonly lines: readonly string[] | null;
}

const MOST = 50;

/** Starts the replay of a month. The catalogue has the editions published by then, and may include later ones. */
export const replayMonth = (
  of: BillingContext,
  { stream, since, before, published }: MonthOf,
): MonthReplay => {
  const soFar = monthSoFar(before?.data.catalogue ?? 0);
  const context = {
    calendar: of.calendar,
    catalogue: asPublished(of.catalogue, published),
    sha256,
    earlier: soFar.earlier,
  };
  const differences: Difference[] = [];
  let account: Account | null = before?.data.carried ?? null;
  let pending: Expected[] = before ? followed(before, of) : [];
  let records = 0;
  let events = 0;
  let replayed: Bill | null = null;
  return {
    next: (read) => {
      const { event, lines, revision } = read;
      const note = (one: Omit<Difference, 'event'>): void => {
        if (differences.length < MOST) differences.push({ event: { stream, revision }, ...one });
      };
      events += 1;
      const reports: Recorded[] | null =
        event.type === 'CallsMetered' && lines ? decodeRecords({ stream, ...read }, event.data, lines) : null;
      records += reports?.length ?? 0;
      if (pending.length === 0) {
        const head = { stream, from: since, to: revision - 1, head: read.previous };
        const again = unlessImpossible(() => redecided(account, event, reports, head, context) ?? []);
        if (again instanceof Impossible)
          note({ path: 'type', recorded: event.type, replayed: again.message });
        else pending = again.map((event) => ({ event, lines: event.lines ?? null }));
      }
      const expected = pending.shift();
      const contradicted = soFar.add(event, reports).map((one) => ({ event: { stream, revision }, ...one }));
      const found = [...compared(stream, read, expected), ...contradicted];
      if (differences.length < MOST) differences.push(...found.slice(0, MOST));
      if (expected?.event.type === 'MonthClosed') replayed = expected.event.data.bill;
      const next = unlessImpossible(() =>
        evolve(account, expected?.event.type === event.type ? expected.event : event),
      );
      if (next instanceof Impossible) note({ path: 'account', recorded: event.type, replayed: next.message });
      else account = next;
      return {
        isSame: found.length === 0 && !(next instanceof Impossible),
        held: account ? heldBy(account, event, context.catalogue) : 0,
      };
    },
    result: (bill) => {
      const all = [...booksDiffering(of.catalogue, stream, since + events - 1, bill), ...differences];
      const match =
        all.length === 0 &&
        replayed !== null &&
        canonicalJson(replayed) === canonicalJson(bill) &&
        digestOf(bill) === bill.digest;
      return {
        month: bill.month,
        match,
        issued: bill.digest,
        replayed: replayed ? digestOf(replayed) : '',
        differences: all,
        events,
        records,
        bill: replayed,
      };
    },
  };
};

/** Size of the account's state that a decision uses. */
const heldBy = (account: Account, event: AccountEvent, catalogue: Catalogue): number =>
  account.packs.length +
  account.suspensions.length +
  account.disputes.length +
  account.contracts.length +
  // It builds the catalogue of its own time.
  (publishedThen(event) === undefined ? 0 : catalogue.published.length);

/** An event that no command could have caused in the account's state. */
class Impossible extends Error {}

/**
 * The result of a decision, or why it is impossible. A forged event is a difference and does not abort the replay; an
 * unreadable one does.
 */
const unlessImpossible = <T>(work: () => T): T | Impossible => {
  try {
    return work();
  } catch (error) {
    if (error instanceof EditionBroken || error instanceof StoredEventUnreadable) throw error;
    return new Impossible(error instanceof Error ? error.message : String(error));
  }
};

/** The events that the previous close must have appended after its MonthClosed. */
const followed = (before: Closed, { calendar, catalogue }: BillingContext): Expected[] => {
  const then = { calendar, catalogue: asPublished(catalogue, before.data.catalogue) };
  const events = withNotices(null, [before, ...afterClose(before, then)], then);
  return events.slice(1).map((event) => ({ event, lines: null }));
};

/** The digest of a bill: SHA-256 of its canonical JSON without the digest. */
export const digestOf = ({ digest: _, ...bill }: Bill): string => sha256(canonicalJson(bill));

const compared = (
  stream: string,
  { revision, event, lines }: MonthEvent,
  expected: Expected | undefined,
): Difference[] => {
  const at = { stream, revision };
  if (!expected) return [{ event: at, path: 'type', recorded: event.type, replayed: null }];
  if (expected.event.type !== event.type) {
    return [{ event: at, path: 'type', recorded: event.type, replayed: expected.event.type }];
  }
  const paths = differingPaths(
    { at: event.at, data: event.data },
    { at: expected.event.at, data: expected.event.data },
  );
  const line = lines?.findIndex((text, i) => text !== expected.lines?.[i]) ?? -1;
  if (line >= 0) {
    paths.push({ path: `records.${line}`, recorded: lines?.[line], replayed: expected.lines?.[line] });
  }
  return paths.map((path) => ({ event: at, ...path }));
};

/** Differences for books named by the bill whose published content has another digest. */
const booksDiffering = (catalogue: Catalogue, stream: string, revision: number, bill: Bill): Difference[] => {
  const digests = new Map<string, Map<string, string>>();
  for (const one of catalogue.published) {
    const { product, edition } = nameOf(one);
    if (product === null) continue;
    const editions = digests.get(product) ?? new Map<string, string>();
    digests.set(product, editions);
    if (!editions.has(edition)) editions.set(edition, one.digest);
  }
  return bill.priceBooks.flatMap(({ product, edition, digest }, i) => {
    const published = digests.get(product)?.get(edition) ?? null;
    if (published === digest) return [];
    const path = `bill.priceBooks.${i}.digest`;
    return [{ event: { stream, revision }, path, recorded: digest, replayed: published }];
  });
};
