/**
 * The events of an account, in the past tense. `at` is when it happened; `data` is plain JSON and is what is stored.
 * Instants inside data are RFC 3339 text, money is decimal text, counts are integers of calls.
 */

import type { Account } from './account.ts';
import type { Bill } from './bill.ts';
import type { Day, Instant, Month } from './calendar.ts';
import type { Money } from './money.ts';
import type { Ladder } from './price-book.ts';

/** Calls paid by one pack, one after the other in the order of recording: [pack, calls]. */
export type PackRun = readonly [pack: string, calls: number];

/** What a record or batch changed in one pool (or pool-less meter) of one month. */
export interface Tally {
  readonly month: Month;
  readonly product: string;
  readonly meter: string;
  readonly pool: string | null;
  readonly free: number;
  readonly postPaid: number;
  readonly runs: readonly PackRun[];
}

/** Sums of one interface and day: `calls` = free + packs + postPaid + uncharged. */
export interface UsageSum {
  readonly interface: string;
  readonly day: Day;
  readonly records: number;
  readonly calls: number;
  readonly free: number;
  readonly packs: number;
  readonly postPaid: number;
}

export interface CallsMetered {
  /** Dictionaries that the record lines index into. */
  readonly sources: readonly string[];
  readonly interfaces: readonly string[];
  readonly packs: readonly string[];
  /** The instant that the lines' times count from, in milliseconds. */
  readonly base: string;
  readonly records: number;
  readonly usage: readonly UsageSum[];
  readonly tallies: readonly Tally[];
  /** Calls that are not charged, by month; absent where there are none, or before they were counted. */
  readonly uncharged?: readonly { readonly month: Month; readonly calls: number }[];
}

export type SuspensionReason = 'arrears' | 'freeze_failed' | 'prohibited';
export type NoticeKind =
  | 'pack_low'
  | 'pack_exhausted'
  | 'pack_expiring'
  | 'bill_issued'
  | 'freeze_failed'
  | 'suspended'
  | 'resumed'
  | 'price_not_agreed';

/** A thing to tell the account holder. `id` is stable within the account; delivery happens elsewhere. */
export interface Notice {
  readonly id: string;
  readonly kind: NoticeKind;
  readonly channels: readonly string[];
  readonly about: Readonly<Record<string, string | number>>;
}

/** How a dispute ends: the bill stands, or a credit or corrections set it right. */
export type DisputeOutcome = 'upheld' | 'adjusted';

export interface FrozenByProduct {
  readonly product: string;
  readonly amount: Money;
  readonly basis: string;
}

export interface EventData {
  /** `rules`: by which it is decided (`rules.ts`); absent: the first. */
  readonly AccountOpened: { readonly account: string; readonly rules?: number };
  readonly ServiceActivated: { readonly product: string };
  readonly FundsDeposited: { readonly amount: Money; readonly reference: string };
  readonly PackPurchased: {
    /** How many editions had been published: a later one may rule the month by now. */
    readonly catalogue: number;
    readonly product: string;
    readonly edition: string;
    readonly pool: string;
    readonly size: number;
    readonly price: Money;
    readonly packs: readonly string[];
    readonly expiresAt: string;
  };
  readonly ContractPriceAgreed: {
    readonly product: string;
    readonly meter: string;
    readonly from: Month;
    readonly until: Month | null;
    readonly ladder: Ladder;
  };
  readonly CallsMetered: CallsMetered;
  readonly UsageCorrected: {
    readonly source: string;
    readonly id: string;
    readonly interface: string;
    readonly time: string;
    readonly day: Day;
    readonly from: number;
    readonly to: number;
    readonly reason: string;
    readonly tally: Tally | null;
  };
  readonly PackExpired: { readonly pack: string; readonly forfeited: number };
  readonly PackVoided: { readonly pack: string; readonly voided: number; readonly reference: string };
  readonly CreditGranted: {
    readonly amount: Money;
    readonly reference: string;
    readonly reason: string;
    readonly pack: string | null;
  };
  /** `catalogue` is how many editions had been published when it was decided: what a replay may look at. */
  readonly MonthClosed: { readonly bill: Bill; readonly catalogue: number; readonly carried: Account };
  readonly FundsUnfrozen: { readonly amount: Money };
  readonly BillSettled: { readonly month: Month; readonly amount: Money };
  readonly FundsFrozen: { readonly month: Month; readonly amount: Money };
  readonly FreezeFailed: {
    readonly month: Month;
    readonly amount: Money;
    readonly available: Money;
    readonly suspends: boolean;
  };
  /** The balance fell below zero; the account stops at `suspendsAt` unless it is paid by then. */
  readonly ArrearsFell: { readonly suspendsAt: string };
  readonly AccountSuspended: { readonly reason: SuspensionReason; readonly note: string };
  readonly SuspensionLifted: { readonly reason: SuspensionReason };
  /** `scheduled`: pools whose notice waits for a full hour. */
  readonly NoticesRaised: {
    readonly notices: readonly Notice[];
    readonly scheduled: readonly { readonly pool: string; readonly dueAt: string }[];
  };
  readonly DisputeOpened: {
    readonly dispute: string;
    readonly month: Month;
    readonly meter: string | null;
    readonly reason: string;
    /** Who opened it, as the request said. */
    readonly by: string | null;
  };
  /** What was found when the bill was reviewed: `explanation` is the SHA-256 of its canonical JSON. */
  readonly EvidenceAttached: {
    readonly dispute: string;
    readonly replay: {
      readonly match: boolean;
      readonly issued: string;
      readonly replayed: string;
      readonly differences: number;
    };
    readonly explanation: string;
    /** The signed checkpoint that covers the bill; null while there is none. */
    readonly checkpoint: { readonly size: number; readonly root: string } | null;
  };
  /** `credit` and `corrections` name the events in the same append that adjust. */
  readonly DisputeResolved: {
    readonly dispute: string;
    readonly outcome: DisputeOutcome;
    readonly note: string;
    readonly by: string | null;
    readonly credit: string | null;
    readonly corrections: readonly { readonly source: string; readonly id: string }[];
  };
  /** A command was harmless, and its key must be known when it comes again after things have changed. */
  readonly NothingChanged: { readonly [Key in never]: never };
}

export type EventType = keyof EventData;
export type EventOf<Type extends EventType> = {
  readonly type: Type;
  readonly at: Instant;
  readonly data: EventData[Type];
  /** Only on CallsMetered: one JSON line a record (see `record-line.ts`). */
  readonly lines?: readonly string[];
};
export type AccountEvent = { [Type in EventType]: EventOf<Type> }[EventType];

export const event = <Type extends EventType>(
  type: Type,
  at: Instant,
  data: EventData[Type],
): EventOf<Type> => ({
  type,
  at,
  data,
});
