/**
 * The events of an account, in the past tense. `at` is when it happened; `data` is plain JSON and is what is stored.
 * Instants inside data are RFC 3339 text, money is decimal text, counts are integers of calls.
 */

import type { Account, Contract, Counted, Place, SuspensionReason } from './account.ts';
import type { Bill, DisputeOutcome } from './bill.ts';
import type { Day, Instant, Month } from './calendar.ts';
import type { Limits } from './limits.ts';
import type { Money } from './money.ts';
import type { Texts } from './usage.ts';

/** The change that a record or batch makes to one place in one month. */
export interface Tally extends Place, Counted {
  readonly month: Month;
  /** In a correction of a record with several quantities: which of them. */
  readonly measure?: string;
}

/** Sums of one interface (and measure) and day: `calls` = free + packs + postPaid + waived + uncharged. */
export interface UsageSum {
  readonly interface: string;
  /** Only of interfaces with measures, each of which has a sum. */
  readonly measure?: string;
  /** Only where the interface has several classes: each has sums of its own. */
  readonly class?: string;
  readonly day: Day;
  readonly records: number;
  readonly calls: number;
  readonly free: number;
  readonly packs: number;
  readonly postPaid: number;
  readonly waived?: number;
}

/** Sums of the records of a month that have a tag of this name and value, by interface. */
export interface TagSum {
  readonly month: Month;
  readonly name: string;
  readonly value: string;
  readonly interface: string;
  readonly records: number;
  readonly calls: number;
  /** By measure; only of interfaces that have measures. */
  readonly quantities?: Readonly<Record<string, number>>;
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
  /** Absent where no record has tags. */
  readonly tagged?: readonly TagSum[];
  /** Calls that are not charged, by month; absent where there are none, or in events older than this counter. */
  readonly uncharged?: readonly { readonly month: Month; readonly calls: number }[];
  /** Only of accounts with limits: number of editions published then, by which the spend was rated. */
  readonly catalogue?: number;
}

export type NoticeKind =
  | 'pack_low'
  | 'pack_exhausted'
  | 'pack_expiring'
  | 'bill_issued'
  | 'freeze_failed'
  | 'suspended'
  | 'resumed'
  | 'price_not_agreed'
  | 'spend_reached'
  | 'balance_low';

/** A notification of the account holder. `id` is unique within the account; delivery happens elsewhere. */
export interface Notice {
  readonly id: string;
  readonly kind: NoticeKind;
  readonly channels: readonly string[];
  readonly about: Readonly<Record<string, string | number>>;
}

export interface EventData {
  /** `rules`: version of the rules that apply (`rules.ts`); absent: 1. */
  readonly AccountOpened: { readonly account: string; readonly rules?: number };
  /** `postPaid`: what the service starts with, if the edition in force says so; absent: on. */
  readonly ServiceActivated: {
    readonly product: string;
    readonly postPaid?: 'off';
    /** Number of editions published when it was decided; only where packs were granted. */
    readonly catalogue?: number;
  };
  /** A pack given at the activation before it. */
  readonly PackGranted: {
    readonly product: string;
    readonly edition: string;
    readonly pool: string;
    readonly size: number;
    readonly pack: string;
    readonly expiresAt: string;
  };
  /** From this instant on, by the records' own time. */
  readonly PostPaidSwitched: { readonly product: string; readonly postPaid: 'on' | 'off' };
  readonly FundsDeposited: { readonly amount: Money; readonly reference: string };
  readonly PackPurchased: {
    /** Number of editions published when it was decided; a replay ignores later ones. */
    readonly catalogue: number;
    readonly product: string;
    readonly edition: string;
    readonly pool: string;
    readonly size: number;
    readonly price: Money;
    readonly packs: readonly string[];
    readonly expiresAt: string;
  };
  /** `catalogue`: as of `CallsMetered`. */
  readonly ContractPriceAgreed: Contract & { readonly catalogue?: number };
  /** Both null: none any more. `catalogue`: number of editions published when it was decided. */
  readonly LimitsSet: Limits & { readonly catalogue: number };
  readonly CallsMetered: CallsMetered;
  readonly UsageCorrected: {
    readonly source: string;
    readonly id: string;
    readonly interface: string;
    readonly time: string;
    readonly day: Day;
    readonly from: number;
    readonly to: number;
    /** By measure; only of interfaces that have measures. */
    readonly quantities?: {
      readonly from: Readonly<Record<string, number>>;
      readonly to: Readonly<Record<string, number>>;
    };
    /** What the record's class depends on besides its quantities. */
    readonly attributes?: Texts;
    readonly tags?: Texts;
    readonly reason: string;
    /** In the order in which they are applied. */
    readonly tallies: readonly Tally[];
    /** As of `CallsMetered`. */
    readonly catalogue?: number;
  };
  readonly PackExpired: { readonly pack: string; readonly forfeited: number };
  readonly PackVoided: { readonly pack: string; readonly voided: number; readonly reference: string };
  /** The price is paid back into the balance. */
  readonly PackReturned: {
    readonly pack: string;
    readonly pool: string;
    readonly size: number;
    readonly price: Money;
  };
  readonly CreditGranted: {
    readonly amount: Money;
    readonly reference: string;
    readonly reason: string;
    readonly pack: string | null;
  };
  /** `catalogue`: number of editions published when it was decided; a replay ignores later ones. */
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
  /** The balance fell below zero; the account is suspended at `suspendsAt` unless paid by then. */
  readonly ArrearsFell: { readonly suspendsAt: string };
  readonly AccountSuspended: { readonly reason: SuspensionReason; readonly note: string };
  readonly SuspensionLifted: { readonly reason: SuspensionReason };
  /** `scheduled`: pools whose notice is due at the next full hour. */
  readonly NoticesRaised: {
    readonly notices: readonly Notice[];
    readonly scheduled: readonly { readonly pool: string; readonly dueAt: string }[];
  };
  readonly DisputeOpened: {
    readonly dispute: string;
    readonly month: Month;
    readonly meter: string | null;
    readonly reason: string;
    /** The actor, as the request named it. */
    readonly by: string | null;
  };
  /** The findings of a review; `explanation` is the SHA-256 of the explanation's canonical JSON. */
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
  /** `credit` and `corrections` refer to the adjusting events of the same append. */
  readonly DisputeResolved: {
    readonly dispute: string;
    readonly outcome: DisputeOutcome;
    readonly note: string;
    readonly by: string | null;
    readonly credit: string | null;
    readonly corrections: readonly { readonly source: string; readonly id: string }[];
  };
  /** A command changed nothing. Recorded for its idempotency key, so that a later retry is still a no-op. */
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
