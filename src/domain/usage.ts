/** Usage as it is reported and as it is recorded. */

import type { PackRun } from './account.ts';
import type { Instant } from './calendar.ts';
import type { UsageRefusal } from './refusals.ts';

/** What names a record within its account, for ever (rules.md, section 10). */
export interface RecordIdentity {
  readonly source: string;
  readonly id: string;
}

/** One report. `calls` is what counts: for interfaces that count recognised images, the recognised ones. */
export interface UsageRecord extends RecordIdentity {
  readonly interface: string;
  /** Event time in milliseconds; finer digits are truncated. */
  readonly time: Instant;
  readonly calls: number;
  /** Images uploaded; null for interfaces that count calls. */
  readonly submitted: number | null;
}

/** Who paid for one record; calls neither free nor paid by a pack are post-paid, or not charged. */
export interface Payment {
  readonly free: number;
  readonly runs: readonly PackRun[];
}

/** The outcome of a report. */
export type RecordOutcome =
  | { readonly outcome: 'accepted' }
  | { readonly outcome: 'duplicate' }
  /** `held`: the record first reported under the identity. */
  | { readonly outcome: 'conflict'; readonly held: UsageRecord }
  | {
      readonly outcome: 'refused';
      readonly code: UsageRefusal;
      /** The field that breaks a rule; `detail` says which rule. */
      readonly field: string;
      readonly detail: string;
    };

/** Whether two reports of one identity have equal content (rules.md, section 10). */
export const sameContent = (a: UsageRecord, b: UsageRecord): boolean =>
  a.interface === b.interface && a.time === b.time && a.calls === b.calls && a.submitted === b.submitted;

/** Whether counts are valid: positive calls, or recognised images of 0 to `submitted` (rules.md, sections 2 and 10). */
export const countsHold = ({ calls, submitted }: UsageRecord): boolean =>
  submitted === null
    ? Number.isSafeInteger(calls) && calls > 0
    : Number.isSafeInteger(submitted) && Number.isSafeInteger(calls) && calls >= 0 && calls <= submitted;
