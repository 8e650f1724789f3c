/** A bill as it is issued, shown and hashed (interface.md, Shapes). Plain JSON; money and exact numbers are text. */
import type { Month } from './calendar.ts';
import type { ExactDecimal, Money } from './money.ts';
import type { Name } from './price-book.ts';

export interface TierReached {
  readonly above: number;
  readonly upTo: number | null;
}

export interface Band extends TierReached {
  readonly quantity: number;
  readonly unitPrice: string | null;
  readonly amount: ExactDecimal;
}

export interface BillLine {
  readonly product: string;
  readonly meter: string;
  readonly name: Name;
  readonly metered: number;
  readonly free: number;
  readonly packs: number;
  readonly postPaid: number;
  /** Neither free nor paid by a pack while the service was not post-paid; only where there is any. */
  readonly waived?: number;
  /** What is counted, where the book names it. From rating version 2 on. */
  readonly unit?: Name;
  readonly tier: TierReached | null;
  readonly unitPrice: string | null;
  /** The factor agreed by contract: costs are multiplied by it, the unit price is the list's. */
  readonly discount?: string;
  /** Graduated lines only; their tier and unit price are null. */
  readonly bands?: readonly Band[];
  /** After the voucher; null on a draft whose price is not agreed. */
  readonly exact: ExactDecimal | null;
  readonly voucher: Money | null;
  readonly amount: Money | null;
  readonly formula: string;
  /** On a draft: why the amount is unknown. */
  readonly unpriced?: { readonly code: 'price_not_agreed'; readonly quantity: number };
}

export interface PackPurchase {
  readonly pack: string;
  readonly pool: string;
  readonly size: number;
  readonly price: Money;
}

export interface CorrectionLine {
  readonly month: Month;
  readonly product: string;
  readonly meter: string;
  /** Change of metered calls. */
  readonly calls: number;
  /** Null on a draft whose price is not agreed. */
  readonly amount: Money | null;
  readonly reason: string;
  /** On a draft: why the amount is unknown. */
  readonly unpriced?: { readonly code: 'price_not_agreed'; readonly quantity: number };
}

/** The outcome of a dispute: the bill is confirmed, or adjusted by a credit or corrections. */
export type DisputeOutcome = 'upheld' | 'adjusted';

/** A dispute that is open, or was resolved since the previous bill. */
export interface BillDispute {
  readonly dispute: string;
  readonly month: Month;
  readonly meter: string | null;
  readonly reason: string;
  readonly openedAt: string;
  readonly state: 'open' | DisputeOutcome;
  readonly resolvedAt: string | null;
  readonly note: string | null;
  /** The reference of the credit that adjusted it. */
  readonly credit: string | null;
}

export interface FrozenByProduct {
  readonly product: string;
  readonly amount: Money;
  readonly basis: string;
}

export interface Bill {
  readonly account: string;
  readonly month: Month;
  readonly status: 'issued' | 'draft';
  readonly currency: 'CNY';
  readonly issuedAt: string;
  readonly lines: readonly BillLine[];
  readonly packPurchases: readonly PackPurchase[];
  /** Packs returned in the month, at the price paid back; only where there are any. */
  readonly packReturns?: readonly PackPurchase[];
  readonly corrections: readonly CorrectionLine[];
  readonly credits: readonly { readonly amount: Money; readonly reason: string }[];
  /** Only where there are any. */
  readonly disputes?: readonly BillDispute[];
  /** Line amounts and corrections: the amount that settlement takes. Null on a draft with an unpriced line or correction. */
  readonly due: Money | null;
  /** Packs bought, less those returned; may be negative. */
  readonly packsTotal: Money;
  readonly total: Money | null;
  readonly unfrozen: Money;
  readonly frozen: { readonly total: Money | null; readonly byProduct: readonly FrozenByProduct[] };
  readonly priceBooks: readonly {
    readonly product: string;
    readonly edition: string;
    readonly digest: string;
  }[];
  readonly ratingVersion: string;
  readonly events: {
    readonly stream: string;
    readonly from: number;
    readonly to: number;
    readonly head: string;
  };
  readonly digest: string;
}
