/** One account's history, applied to the oracle and to the ledger, and the expected result. */
import type { Ladder, PriceBook } from '../../src/domain/price-book.ts';

export interface PublishedBook {
  /** RFC 3339: known from this instant on; it rules from its own `effectiveFrom`. */
  readonly at: string;
  readonly book: PriceBook;
}

export type Command =
  | { readonly command: 'open-account'; readonly name: string }
  | { readonly command: 'activate-service'; readonly product: string }
  | { readonly command: 'deposit'; readonly amount: string; readonly reference: string }
  | { readonly command: 'buy-packs'; readonly pool: string; readonly size: number; readonly quantity: number }
  | {
      readonly command: 'agree-price';
      readonly meter: string;
      readonly from: string;
      readonly until?: string;
      readonly ladder: Ladder;
    }
  | {
      readonly command: 'correct-usage';
      readonly source: string;
      /** The record's id. */
      readonly record: string;
      readonly calls: number;
      readonly reason: string;
    }
  | { readonly command: 'close-month'; readonly month: string }
  | { readonly command: 'suspend'; readonly reason: 'prohibited'; readonly note: string }
  | { readonly command: 'lift-suspension'; readonly reason: 'prohibited' }
  | {
      readonly command: 'credit';
      readonly amount: string;
      readonly reference: string;
      readonly reason: string;
      /** The nth pack that the account ever bought, from 1. */
      readonly packOrdinal?: number;
    };

interface UsageIdentity {
  readonly source: string;
  readonly id: string;
  readonly interface: string;
  readonly time: string;
}
export interface CallsReport extends UsageIdentity {
  readonly calls: number;
}
export interface ImagesReport extends UsageIdentity {
  readonly submitted: number;
  readonly recognised: number;
}
export type UsageReport = CallsReport | ImagesReport;

export type CommandLine = { readonly at: string } & Command;
export type UsageLine = { readonly at: string; readonly usage: readonly UsageReport[] };
export type LifeLine = CommandLine | UsageLine;

export interface Life {
  readonly zone: 'Asia/Shanghai';
  readonly books: readonly PublishedBook[];
  readonly lines: readonly LifeLine[];
}

export type CommandAnswer = { readonly ok: true } | { readonly ok: false; readonly code: string };
/** A batch: `accepted`, `duplicate`, `conflict` or a refusal's code for each record. */
export type LineAnswer = CommandAnswer | readonly string[];

export interface OracleBand {
  readonly above: number;
  readonly upTo: number | null;
  readonly quantity: number;
  readonly unitPrice: string;
  readonly amount: string;
}
export interface OracleLine {
  readonly meter: string;
  readonly metered: number;
  readonly free: number;
  readonly packs: number;
  readonly postPaid: number;
  readonly tier: { readonly above: number; readonly upTo: number | null } | null;
  readonly unitPrice: string | null;
  /** Graduated ladders only. */
  readonly bands?: readonly OracleBand[];
  /** Exact decimal without trailing zeros. */
  readonly exact: string;
  readonly voucher: string;
  readonly amount: string;
}
export interface OracleCorrection {
  readonly month: string;
  readonly meter: string;
  readonly calls: number;
  readonly amount: string;
}
export interface OracleBill {
  readonly lines: readonly OracleLine[];
  readonly packPurchases: number;
  readonly packsTotal: string;
  readonly corrections: readonly OracleCorrection[];
  readonly credits: readonly { readonly amount: string; readonly reason: string }[];
  readonly due: string;
  readonly total: string;
  readonly unfrozen: string;
  readonly frozen: {
    readonly total: string;
    readonly byProduct: readonly { readonly product: string; readonly amount: string }[];
  };
}
export interface OraclePack {
  readonly ordinal: number;
  readonly pool: string;
  readonly size: number;
  readonly remaining: number;
  readonly forfeited: number;
  readonly state: 'usable' | 'used_up' | 'expired' | 'void' | 'returned';
}
export interface LifeOutcome {
  readonly answers: readonly LineAnswer[];
  readonly bills: { readonly [month: string]: OracleBill };
  readonly balance: { readonly total: string; readonly available: string; readonly frozen: string };
  readonly status: 'active' | 'suspended';
  /** Reasons, sorted. */
  readonly suspensions: readonly string[];
  readonly packs: readonly OraclePack[];
}
