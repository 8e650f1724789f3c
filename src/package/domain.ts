/**
 * `suanpan/domain`: the rules of the ledger without a store. Simulates an account in memory by the same pure functions
 * that decide on a server, for example what a customer would pay by an unpublished price book, or with another pack.
 * Nothing here reads a clock, a file or the network; every instant is an argument.
 */

import type { Account } from '../domain/account.ts';
import type { Bill } from '../domain/bill.ts';
import { type Calendar, calendarOf, type Instant, type Month } from '../domain/calendar.ts';
import { canonicalJson } from '../domain/canonical.ts';
import { type Catalogue, catalogueFrom, type Edition, withEdition } from '../domain/catalogue.ts';
import type { BillingContext, Head } from '../domain/context.ts';
import { type AccountCommand, decide } from '../domain/decide.ts';
import { draftBill } from '../domain/draft-bill.ts';
import type { AccountEvent } from '../domain/events.ts';
import { fold } from '../domain/evolve.ts';
import { meterUsage } from '../domain/meter-usage.ts';
import { withNotices } from '../domain/notices.ts';
import { nextDue } from '../domain/pass-time.ts';
import { type Ladder, type PriceBook, partsOf } from '../domain/price-book.ts';
import { publishEdition } from '../domain/publish.ts';
import type { Refusal } from '../domain/refusals.ts';
import type { RecordOutcome } from '../domain/usage.ts';
import { accountStream } from '../eventstore/stream-names.ts';
import { instantFromText } from '../input/instant-text.ts';
import { sha256 } from '../integrity/sha256.ts';

export type { Account } from '../domain/account.ts';
export type { Bill } from '../domain/bill.ts';
export type { AccountEvent } from '../domain/events.ts';
export type { Ladder, PriceBook } from '../domain/price-book.ts';
export type { RecordOutcome } from '../domain/usage.ts';

/** A refusal; `code` is one of docs/refusals.md. */
export class SimulationRefused extends Error {
  override readonly name = 'SimulationRefused';
  readonly code: Refusal['code'];
  readonly members: Refusal['members'];
  constructor({ code, detail, members }: Refusal) {
    super(`${code}: ${detail}`);
    this.code = code;
    this.members = members;
  }
}

export interface SimulationOf {
  /** In the order of publication. */
  readonly books: readonly PriceBook[];
  /** When the account is opened: RFC 3339 with an offset. */
  readonly at: string;
  /** The billing zone (default Asia/Shanghai). */
  readonly zone?: string;
}

export interface SimulatedUsage {
  /** For example `face-recognition/compare`. */
  readonly interface: string;
  /** Calls; of an interface that counts recognised images, those recognised. */
  readonly calls: number;
  /** Images sent, for such an interface. */
  readonly submitted?: number;
  /** When the calls were made (default: when they are reported). */
  readonly time?: string;
}

/**
 * A simulated account. Instants are RFC 3339 texts and must not go back. Every method may throw SimulationRefused.
 */
export interface Simulation {
  activate(product: string, at: string): void;
  deposit(amount: string, at: string): void;
  buyPacks(purchase: { pool: string; size: number; quantity: number }, at: string): void;
  agreePrice(agreement: { meter: string; from: Month; until?: Month; ladder: Ladder }, at: string): void;
  /** Reports usage; the outcome of a record is returned, not thrown. */
  meter(usage: SimulatedUsage, at: string): RecordOutcome;
  /** The bill of the month if it were closed now; missing prices are null. */
  estimate(month: Month, at: string): Omit<Bill, 'digest'>;
  /** Closes the month and returns its bill. Months close in order. */
  closeMonth(month: Month, at: string): Bill;
  /** The current state of the account. */
  account(): Account;
  /** Every event so far, in order. */
  events(): readonly AccountEvent[];
}

const NAME = 'simulated';
const SOURCE = '/simulation';
const DEFAULT_ZONE = 'Asia/Shanghai';

/** The state of a simulation. */
interface Living extends BillingContext {
  readonly recorded: AccountEvent[];
  state: Account | null;
  records: number;
  now: Instant;
}

/**
 * Opens an account in memory. Throws SimulationRefused for a book that cannot be published, RangeError for bad text.
 */
export const simulateAccount = ({ books, at: opened, zone = DEFAULT_ZONE }: SimulationOf): Simulation => {
  const calendar = calendarOf(zone);
  const catalogue = published(books, calendar);
  const recorded: AccountEvent[] = [];
  const living: Living = {
    ...{ calendar, catalogue, recorded, state: null, records: 0 },
    now: Number.NEGATIVE_INFINITY,
  };
  const run = (command: AccountCommand, at: string): readonly AccountEvent[] =>
    decided(living, command, liveUntil(living, at));

  run({ name: 'open-account', account: NAME }, opened);
  return {
    activate: (product, at) => void run({ name: 'activate-service', body: { product } }, at),
    deposit: (amount, at) => {
      const reference = `simulation-${recorded.length}`;
      run({ name: 'deposit', body: { amount, reference }, earlier: null }, at);
    },
    buyPacks: (purchase, at) => void run({ name: 'buy-packs', body: purchase }, at),
    agreePrice: (agreement, at) => void run({ name: 'agree-price', body: agreement }, at),
    meter: (usage, at) => metered(living, usage, at),
    estimate: (month, text) => {
      const at = liveUntil(living, text);
      const head = headOf(living);
      return draftBill(accountOf(living), { month, at, head, status: 'draft', calendar, catalogue }).bill;
    },
    closeMonth: (month, at) => {
      const closed = run({ name: 'close-month', body: { month } }, at).find(
        (event) => event.type === 'MonthClosed',
      );
      if (closed?.type !== 'MonthClosed') throw new RangeError(`${month} is closed already`);
      return closed.data.bill;
    },
    account: () => accountOf(living),
    events: () => recorded,
  };
};

const apply = (living: Living, events: readonly AccountEvent[]): readonly AccountEvent[] => {
  living.recorded.push(...events);
  living.state = fold(living.state, events);
  return events;
};

const accountOf = ({ state }: Living): Account => {
  if (!state) throw new Error('the account is not open');
  return state;
};

const headOf = ({ recorded }: Living): Head => ({
  stream: accountStream(NAME),
  from: 0,
  to: recorded.length - 1,
  head: '',
});

const decided = (living: Living, command: AccountCommand, at: Instant): readonly AccountEvent[] => {
  const { state, calendar, catalogue } = living;
  const decision = decide(state, command, { at, calendar, catalogue, head: headOf(living), sha256 });
  if (decision.outcome === 'refused') throw new SimulationRefused(decision.refusal);
  return apply(living, decision.events);
};

/** Lets everything happen that is due until an instant. */
const liveUntil = (living: Living, text: string): Instant => {
  const at = instantOfText(text);
  if (at < living.now) throw new RangeError(`${text} is before the last event`);
  for (let due = living.state ? nextDue(living.state, living) : at + 1; due <= at; ) {
    if (decided(living, { name: 'pass-time' }, due).length === 0) break;
    due = nextDue(accountOf(living), living);
  }
  living.now = at;
  return at;
};

const metered = (
  living: Living,
  { interface: name, calls, submitted, time }: SimulatedUsage,
  text: string,
): RecordOutcome => {
  const { calendar, catalogue } = living;
  const at = liveUntil(living, text);
  living.records += 1;
  const own = time === undefined ? at : instantOfText(time);
  const record = {
    source: SOURCE,
    id: String(living.records),
    interface: name,
    time: own,
    calls,
    submitted: submitted ?? null,
  };
  const before = accountOf(living);
  const result = meterUsage(before, { at, records: [record], seen: () => undefined, calendar, catalogue });
  if (result.event) apply(living, withNotices(before, [result.event], living));
  const [outcome] = result.outcomes;
  if (!outcome) throw new Error('a record without an outcome');
  return outcome;
};

const published = (books: readonly PriceBook[], calendar: Calendar): Catalogue =>
  books.reduce((catalogue, file) => {
    const { book } = partsOf(file);
    const edition: Edition = { book, digest: sha256(canonicalJson(book)) };
    const decision = publishEdition(catalogue, edition, calendar.startOf(book.effectiveFrom) - 1, calendar);
    if (decision.outcome === 'refused') throw new SimulationRefused(decision.refusal);
    return decision.events.reduce(withEdition, catalogue);
  }, catalogueFrom([]));

const instantOfText = (text: string): Instant => {
  const at = instantFromText(text);
  if (at === null) throw new RangeError(`${text} is not a valid instant, expected RFC 3339 with an offset`);
  return at;
};
