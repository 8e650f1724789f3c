/** The context of decisions besides the account: the zone's calendar and the published catalogue. */
import type { Calendar } from '../domain/calendar.ts';
import type { Catalogue } from '../domain/catalogue.ts';

export interface LedgerContext {
  readonly calendar: Calendar;
  /** The catalogue now; a decision reads it once. */
  readonly catalogue: () => Catalogue;
  /** The real instant, for `recordedAt`; RFC 3339. */
  readonly recordedAt: () => string;
  /**
   * Names this server where there may be several, else null. Makes event ids unique per server, so that
   * identical concurrent appends conflict instead of deduplicating.
   */
  readonly server: string | null;
}
