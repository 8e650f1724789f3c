/**
 * A month decided again, event by event (rules.md, section 12): from the state that the month before carried forward,
 * every event up to the close is decided from what it reports alone, with the price books of its time, and compared
 * with what was recorded. Reads nothing itself, so that a store and a file in a browser are replayed by the same code.
 */
import { decodeRecords, type Recorded, StoredEventUnreadable } from '../../codec/event-codec.ts';
import type { Account } from '../../domain/account.ts';
import type { Bill } from '../../domain/bill.ts';
import type { Calendar } from '../../domain/calendar.ts';
import { canonicalJson } from '../../domain/canonical.ts';
import { asPublished, type Catalogue, EditionBroken, nameOf } from '../../domain/catalogue.ts';
import { afterClose } from '../../domain/close.ts';
import type { AccountEvent, EventOf } from '../../domain/events.ts';
import { evolve } from '../../domain/evolve.ts';
import { withNotices } from '../../domain/notices.ts';
import { sha256 } from '../../integrity/sha256.ts';
import { type Difference, differingPaths } from './json-diff.ts';
import { monthSoFar } from './month-so-far.ts';
import { redecided } from './redecide.ts';

export interface Around {
  readonly calendar: Calendar;
  /** Every edition published by then, or later. */
  readonly catalogue: Catalogue;
}

export interface MonthOf {
  readonly stream: string;
  /** Revision of the month's first event: the one behind the close before, or 0. */
  readonly since: number;
  /** The close before; null in an account's first month. */
  readonly before: Closed | null;
  /** How many editions had been published when the month was closed. */
  readonly published: number;
}

export type Closed = EventOf<'MonthClosed'>;

/** A stored event of the month, in its order. */
export interface MonthEvent {
  readonly revision: number;
  readonly header: string;
  readonly data: string;
  readonly fact: AccountEvent;
  readonly lines: readonly string[] | null;
  /** Hash of the event before it in hex; empty before the first. */
  readonly previous: string;
}

export interface MonthReplay {
  /** Decides the next event again. */
  next(read: MonthEvent): Stepped;
  /** How what came out compares with the issued bill; after the last event. */
  result(bill: Bill): Replay;
}

export interface Stepped {
  /** What came out is what was recorded. */
  readonly isSame: boolean;
  /** How much of the account was looked at: its packs and the like. */
  readonly held: number;
}

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

interface Expected {
  readonly event: AccountEvent;
  readonly lines: readonly string[] | null;
}

const MOST = 50;

/** Begins to decide a month again. */
export const replayMonth = (of: Around, { stream, since, before, published }: MonthOf): MonthReplay => {
  const soFar = monthSoFar(before?.data.catalogue ?? 0);
  const around = {
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
      const { fact, lines, revision } = read;
      const note = (one: Omit<Difference, 'event'>): void => {
        if (differences.length < MOST) differences.push({ event: { stream, revision }, ...one });
      };
      events += 1;
      const reports: Recorded[] | null =
        fact.type === 'CallsMetered' && lines ? decodeRecords({ stream, ...read }, fact.data, lines) : null;
      records += reports?.length ?? 0;
      if (pending.length === 0) {
        const head = { stream, from: since, to: revision - 1, head: read.previous };
        const again = unlessImpossible(() => redecided(account, fact, reports, head, around) ?? []);
        if (again instanceof Impossible) note({ path: 'type', recorded: fact.type, replayed: again.message });
        else pending = again.map((event) => ({ event, lines: event.lines ?? null }));
      }
      const expected = pending.shift();
      const contradicted = soFar.add(fact, reports).map((one) => ({ event: { stream, revision }, ...one }));
      const found = [...compared(stream, read, expected), ...contradicted];
      if (differences.length < MOST) differences.push(...found.slice(0, MOST));
      if (expected?.event.type === 'MonthClosed') replayed = expected.event.data.bill;
      const next = unlessImpossible(() =>
        evolve(account, expected?.event.type === fact.type ? expected.event : fact),
      );
      if (next instanceof Impossible) note({ path: 'account', recorded: fact.type, replayed: next.message });
      else account = next;
      return {
        isSame: found.length === 0 && !(next instanceof Impossible),
        held: account ? heldBy(account, fact, around.catalogue) : 0,
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
      };
    },
  };
};

/** How much deciding with an account looks at, beside what an event itself says. */
const heldBy = (account: Account, fact: AccountEvent, catalogue: Catalogue): number =>
  account.packs.length +
  account.suspensions.length +
  account.disputes.length +
  account.contracts.length +
  // It is decided with the books of its own time.
  (fact.type === 'PackPurchased' ? catalogue.published.length : 0);

/** An event that no command could have made of the account, or that does not follow from what was before. */
class Impossible extends Error {}

/**
 * What is decided, or why it cannot be: a forged event is a difference and ends no replay. What cannot be read does.
 */
const unlessImpossible = <T>(work: () => T): T | Impossible => {
  try {
    return work();
  } catch (error) {
    if (error instanceof EditionBroken || error instanceof StoredEventUnreadable) throw error;
    return new Impossible(error instanceof Error ? error.message : String(error));
  }
};

/** What the close before must have appended behind its MonthClosed. */
const followed = (before: Closed, { calendar, catalogue: all }: Around): Expected[] => {
  const catalogue = asPublished(all, before.data.catalogue);
  const events = withNotices(null, [before, ...afterClose(before, calendar, catalogue)], calendar, catalogue);
  return events.slice(1).map((event) => ({ event, lines: null }));
};

/** SHA-256 of the canonical JSON of everything else in a bill. */
export const digestOf = ({ digest: _, ...bill }: Bill): string => sha256(canonicalJson(bill));

const compared = (
  stream: string,
  { revision, fact, lines }: MonthEvent,
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
