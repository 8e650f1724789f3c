/** A price book: one product's edition, as data (rules.md, section 2; the JSON shape is that of the outside interface). */
import type { Month } from './calendar.ts';
import type { Grant, PackForSale } from './price-book-packs.ts';

export interface Name {
  readonly zh: string;
  readonly en: string;
}

interface Offered {
  readonly id: string;
  readonly name: Name;
  readonly category?: Name;
}

/** An interface whose records are one count. */
export interface CountedInterface extends Offered {
  readonly unit?: Name;
  /** Shares free calls and packs with the other interfaces of the pool; null: has neither. */
  readonly pool: string | null;
  /** Rates its post-paid calls; null (and then `pool` is too): not charged. */
  readonly meter: string | null;
  readonly counts: 'calls' | 'recognised';
}

/** An interface whose records have several quantities, each of them paid for by itself. */
export interface MeasuredInterface extends Offered {
  /** Disjoint: a unit is counted in exactly one. In the order in which they are paid. */
  readonly measures: readonly Measure[];
  readonly totals?: readonly Total[];
  /** Tried in order; the first whose condition holds is the record's. The last has no condition. */
  readonly charges: readonly Charges[];
}

export type Interface = CountedInterface | MeasuredInterface;

export interface Measure {
  readonly id: string;
  readonly name: Name;
  readonly unit: Name;
}

/** The sum of some measures: it may be reported, and conditions may ask for it. */
export interface Total {
  readonly id: string;
  readonly of: readonly string[];
}

/** A class of records, and where the units of each measure go. */
export interface Charges {
  readonly id: string;
  readonly name: Name;
  readonly when?: Condition;
  readonly to: Readonly<Record<string, Destination>>;
}

export interface Destination {
  readonly pool: string | null;
  /** Null: not charged. */
  readonly meter: string | null;
  /** Points of the pool that one unit takes; absent: 1. */
  readonly weight?: number;
}

/** What chooses a class; all that is given must hold. */
export interface Condition {
  readonly quantities?: readonly QuantityRange[];
  readonly time?: TimeOfDay;
  /** The record's attribute of each name is one of the values. */
  readonly attributes?: Readonly<Record<string, readonly string[]>>;
}

/** A quantity in (above, upTo]; `upTo` null: no upper end. */
export interface QuantityRange {
  readonly of: string;
  readonly above: number;
  readonly upTo: number | null;
}

export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';

/**
 * The record's own time in the billing zone, from ≤ t < to, as `HH:MM`. Where `to` is not after `from` it runs past
 * midnight, and belongs to the day on which it began.
 */
export interface TimeOfDay {
  readonly days?: readonly Weekday[];
  readonly from: string;
  readonly to: string;
}

export interface Pool {
  readonly id: string;
  readonly name: Name;
  /** Absent where the pool serves several meters. */
  readonly meter?: string;
  readonly packs: readonly PackForSale[];
  /** In place of the book's. */
  readonly allowance?: PoolAllowance;
  /** An unused pack may be returned for its price within so many days of its purchase; absent: it may not. */
  readonly returns?: { readonly withinDays: number };
}

/** Free units (points, where the pool has weights) of a pool each month, or each day of the billing zone. */
export interface PoolAllowance {
  readonly calls: number;
  readonly every: 'month' | 'day';
}

export interface Tier {
  readonly above: number;
  readonly upTo: number | null;
  /** Yuan per `per` units; null: no list price (联系商务). */
  readonly unitPrice: string | null;
}

export interface Ladder {
  readonly mode: 'volume' | 'graduated';
  readonly tierBy: 'post_paid' | 'post_paid_and_free' | 'metered';
  /** `upper`: above < quantity ≤ upTo; `lower`: above ≤ quantity < upTo. */
  readonly bounds: 'upper' | 'lower';
  /** Units that `unitPrice` is for, from 1 to 1,000,000,000; proportional. */
  readonly per: number;
  readonly tiers: readonly Tier[];
}

export interface Meter {
  readonly id: string;
  readonly name: Name;
  /** Months before this one are free. */
  readonly freeUntil?: Month;
  readonly ladder: Ladder;
}

export interface Allowance {
  /** Free calls per pool and month. */
  readonly calls: number;
  readonly grant: 'pack' | 'voucher';
  readonly inFirstMonth: boolean;
}

export interface FreezePolicy {
  readonly rate: string;
  readonly of: 'list' | 'bill';
  readonly onFailure: 'suspend' | 'notify';
}

export interface NoticePolicy {
  readonly low: { readonly below: string; readonly of: 'pool' | 'last_pack' };
  readonly channels: readonly ('in_app' | 'email' | 'sms' | 'wechat')[];
  readonly onTheHour?: { readonly from: string; readonly to: string };
}

export interface PriceBook {
  readonly product: string;
  readonly edition: string;
  readonly effectiveFrom: Month;
  readonly name: Name;
  readonly source: string;
  readonly interfaces: readonly Interface[];
  readonly pools: readonly Pool[];
  readonly meters: readonly Meter[];
  readonly allowance: Allowance;
  readonly freeze: FreezePolicy | null;
  readonly arrears: { readonly graceDays: number };
  readonly notices: NoticePolicy | null;
  /** Given once, at the first activation of the product. */
  readonly grants?: readonly Grant[];
  /** What a service starts with; absent: on. Off: what neither free units nor packs pay is waived. */
  readonly postPaid?: 'on' | 'off';
  /** Further text of the provider's price page: comparisons and advice. */
  readonly notes?: readonly Name[];
}

/** A price book as a file, or a request, has it: with what is no part of the edition and of its digest. */
export interface PriceBookFile extends PriceBook {
  /** For editors. */
  readonly $schema?: string;
  /** Run when the book is checked or published. */
  readonly examples?: readonly BookExample[];
}

/** What an account does in the month the book takes effect, and what its bill must say. */
export interface BookExample {
  readonly name: string;
  readonly given: {
    /** Bought at the month's first instant; `quantity` absent: 1. */
    readonly packs?: readonly { readonly pool: string; readonly size: number; readonly quantity?: number }[];
    readonly usage: readonly ExampleUsage[];
    /** From the month the book takes effect, unless it says otherwise. */
    readonly contract?: {
      readonly meter: string;
      readonly from?: Month;
      readonly until?: Month | null;
      /** Exactly one of the two. */
      readonly ladder?: Ladder;
      readonly discount?: string;
    };
  };
  readonly expect: {
    readonly total?: string;
    readonly due?: string;
    readonly packsTotal?: string;
    /** By meter; lines that are not named may say anything. */
    readonly lines?: Readonly<Record<string, ExpectedLine>>;
  };
}

export interface ExampleUsage {
  readonly interface: string;
  readonly calls?: number;
  readonly quantities?: Readonly<Record<string, number>>;
  /** RFC 3339 with an offset, in the month the book takes effect; absent: its first instant. */
  readonly at?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

export interface ExpectedLine {
  readonly amount: string;
  readonly postPaid?: number;
  readonly free?: number;
  readonly packs?: number;
  readonly waived?: number;
}

/** A file's book and, beside it, its examples. */
export const partsOf = ({
  $schema: _,
  examples = [],
  ...book
}: PriceBookFile): { readonly book: PriceBook; readonly examples: readonly BookExample[] } => ({
  book,
  examples,
});
