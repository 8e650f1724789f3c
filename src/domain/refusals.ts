/**
 * All refusal codes. Their HTTP status is mapped in `src/api/http/problems/problem.ts` only. Usage records are refused
 * one by one, with a code of `USAGE_REFUSALS`; these are listed in the order in which they are checked.
 */
import type { Month } from './calendar.ts';
import type { Money } from './money.ts';

export const REFUSALS = [
  'account_unknown',
  'account_exists',
  'service_unknown',
  'pool_unknown',
  'meter_unknown',
  'pack_unknown',
  'record_unknown',
  'bill_unknown',
  'dispute_unknown',
  'dispute_resolved',
  'not_activated',
  'invalid_request',
  'out_of_order',
  'clock_behind',
  'catch_up_needed',
  'pack_not_sold',
  'insufficient_funds',
  'reference_used',
  'pack_not_usable',
  'pack_not_returnable',
  'idempotency_key_reused',
  'ladder_malformed',
  'contract_limit_reached',
  'book_malformed',
  'edition_published',
  'edition_too_late',
  'month_not_over',
  'month_out_of_order',
  'price_not_agreed',
  'quantity_too_large',
] as const;
/** The members of each refusal, besides `detail`; amounts are in yuan, instants in RFC 3339. */
interface RefusalMembers {
  account_unknown: None;
  account_exists: { account: string };
  service_unknown: { product: string; nearest?: string };
  pool_unknown: { pool: string; nearest?: string };
  meter_unknown: { meter: string; month?: Month; nearest?: string };
  pack_unknown: { pack: string };
  record_unknown: { source: string; id: string };
  bill_unknown: { month: Month };
  dispute_unknown: { dispute: string };
  dispute_resolved: { dispute: string };
  not_activated: { product: string };
  invalid_request: { field: string };
  out_of_order: { field: 'at'; last: string };
  clock_behind: { now: string; last: string };
  catch_up_needed: { account: string; since: string; closes: number };
  pack_not_sold: { pool: string; size: number };
  insufficient_funds: { needed: Money; available: Money };
  reference_used: { reference: string; amount: Money };
  pack_not_usable: { pack: string; state: string };
  pack_not_returnable: { pack: string; reason: string };
  idempotency_key_reused: None;
  ladder_malformed: { field: string };
  contract_limit_reached: { contracts: number; tiers: number };
  /** `example`, `expected`, `got`: the example that does not come out. */
  book_malformed: { field: string; example?: string; expected?: string; got?: string };
  edition_published: { product: string; edition: string };
  edition_too_late: { product: string; month: Month };
  month_not_over: { month: Month };
  month_out_of_order: { month: Month; due: Month };
  price_not_agreed: { meter: string; quantity: number; month: Month; closing: Month };
  quantity_too_large: { field: string; most: number | Money };
}
type None = Record<never, never>;

export type RefusalCode = (typeof REFUSALS)[number];
/** The members that a code requires. */
export type MembersOf<Code extends RefusalCode> = Readonly<RefusalMembers[Code]>;

/** A refusal: the code, a sentence for people, and members for programs. */
export type Refusal = {
  [Code in RefusalCode]: { readonly code: Code; readonly detail: string; readonly members: MembersOf<Code> };
}[RefusalCode];

/** Refusals due to a stopped account or price book, not to the record: it can be reported again after the repair. */
export const STOPPED = [
  'stream_unreadable',
  'price_book_unreadable',
  'fact_unwritable',
  'append_too_large',
] as const;
export type StoppedRefusal = (typeof STOPPED)[number];

export const USAGE_REFUSALS = [
  'interface_unknown',
  'account_unknown',
  'not_activated',
  'invalid_record',
  'quantity_too_large',
  'in_the_future',
  'suspended',
  ...STOPPED,
] as const;
export type UsageRefusal = (typeof USAGE_REFUSALS)[number];
/** Refusals due to the content of the record. */
export type JudgedRefusal = Exclude<UsageRefusal, StoppedRefusal>;
