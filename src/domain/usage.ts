/** Usage as it is reported and as it is recorded. */
import type { Instant } from './calendar.ts';
import type { PackRun } from './events.ts';
import type { UsageRefusal } from './refusals.ts';

/** One report. `calls` is what counts: for interfaces that count recognised images, the recognised ones. */
export interface UsageRecord {
  readonly source: string;
  readonly id: string;
  readonly interface: string;
  /** Its own time, in milliseconds; finer digits were cut off. */
  readonly time: Instant;
  readonly calls: number;
  /** Images uploaded; null for interfaces that count calls. */
  readonly submitted: number | null;
}

/** Who paid for one record; what is neither free nor paid by a pack is post-paid (or not charged at all). */
export interface Payment {
  readonly free: number;
  readonly runs: readonly PackRun[];
}

/** The outcome of a report. */
export type RecordOutcome =
  | { readonly outcome: 'accepted' }
  | { readonly outcome: 'duplicate' }
  /** `held`: what was first reported under the identity. */
  | { readonly outcome: 'conflict'; readonly held: UsageRecord }
  | {
      readonly outcome: 'refused';
      readonly code: UsageRefusal;
      /** The field that breaks a rule, and the rule. */
      readonly field: string;
      readonly detail: string;
    };

/** Whether two reports of one identity say the same, compared as values (rules.md, section 10). */
export const sameContent = (a: UsageRecord, b: UsageRecord): boolean =>
  a.interface === b.interface && a.time === b.time && a.calls === b.calls && a.submitted === b.submitted;

/** Calls are positive integers; of submitted images none or some were recognised (rules.md, sections 2 and 10). */
export const countsHold = ({ calls, submitted }: UsageRecord): boolean =>
  submitted === null
    ? Number.isSafeInteger(calls) && calls > 0
    : Number.isSafeInteger(submitted) && Number.isSafeInteger(calls) && calls >= 0 && calls <= submitted;
