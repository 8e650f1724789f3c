/** A price book: one product's edition, as data (rules.md, section 2; the JSON shape is that of the outside interface). */
import type { Month } from './calendar.ts';

export interface Name {
  readonly zh: string;
  readonly en: string;
}

export interface Interface {
  readonly id: string;
  readonly name: Name;
  readonly category?: Name;
  readonly unit?: Name;
  /** Shares free calls and packs with the other interfaces of the pool; null: has neither. */
  readonly pool: string | null;
  /** Rates its post-paid calls; null (and then `pool` is too): not charged. */
  readonly meter: string | null;
  readonly counts: 'calls' | 'recognised';
}

export interface PackForSale {
  /** Calls. */
  readonly size: number;
  /** Yuan. */
  readonly price: string;
}

export interface Pool {
  readonly id: string;
  readonly name: Name;
  readonly meter: string;
  readonly packs: readonly PackForSale[];
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
  readonly per: 1 | 1000 | 10000;
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
  /** Further text of the provider's price page: comparisons and advice. */
  readonly notes?: readonly Name[];
}
