/** What the work of a ledger depends on besides the account: the context of billing, and what an open ledger adds. */
import type { BillingContext } from '../domain/context.ts';
import type { EventStore } from '../eventstore/event-store.ts';

/** What reads of a ledger depend on: its zone's calendar, its catalogue and its events. */
export interface ReadContext extends BillingContext {
  readonly store: EventStore;
}

export interface LedgerContext {
  /** The context of billing now; a decision reads it once. */
  readonly billing: () => BillingContext;
  /** The real instant, for `recordedAt`; RFC 3339. */
  readonly recordedAt: () => string;
  /**
   * Names this server where there may be several, else null. Makes event ids unique per server, so that
   * identical concurrent appends conflict instead of deduplicating.
   */
  readonly server: string | null;
}
