/**
 * Every reason to say no, named once. What each means to a caller over HTTP is mapped at that edge and nowhere else.
 * Usage records are refused one by one; their reasons are `USAGE_REFUSALS`, in the order in which they are looked at.
 */
export const REFUSALS = [
  'account_unknown',
  'account_exists',
  'service_unknown',
  'interface_unknown',
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
export type RefusalCode = (typeof REFUSALS)[number];

/** A named no: the code, a sentence for people, and members that name what is meant. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly detail: string;
  readonly members: Readonly<Record<string, string | number | null>>;
}

/** What stops an account, or a price book, whatever is reported: it may be reported again when that is repaired. */
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
/** What a record is refused with for what it says. */
export type JudgedRefusal = Exclude<UsageRefusal, StoppedRefusal>;
