/** What a decision depends on besides the account and the command. The domain reads none of it by itself. */
import type { Calendar, Instant } from './calendar.ts';
import type { Catalogue } from './catalogue.ts';

/** What every rule of billing depends on: the calendar of the billing zone and the published price books. */
export interface BillingContext {
  readonly calendar: Calendar;
  readonly catalogue: Catalogue;
}

/** The events that a bill is based on: from..to of a stream, and the hash of the last. */
export interface Head {
  readonly stream: string;
  readonly from: number;
  readonly to: number;
  readonly head: string;
}

export interface DecisionContext extends BillingContext {
  /** When the command happens. */
  readonly at: Instant;
  /** The range of events that the decision is based on: after the last close up to the stream's head. */
  readonly head: Head;
  /** SHA-256 of a text's UTF-8 bytes, in hex. */
  readonly sha256: (text: string) => string;
  /** True in a replay: limits are skipped, since the recorded event may be older than they are. */
  readonly again?: boolean;
}
