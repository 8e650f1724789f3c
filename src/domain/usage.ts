/** Usage as it is reported and as it is recorded. */

import type { PackRun } from './account.ts';
import type { Instant } from './calendar.ts';
import type { UsageRefusal } from './refusals.ts';

/** What names a record within its account, for ever (rules.md, section 10). */
export interface RecordIdentity {
  readonly source: string;
  readonly id: string;
}

/**
 * One report. `calls` is what counts: for interfaces that count recognised images, the recognised ones; for those with
 * several quantities, the sum of all measures.
 */
export interface UsageRecord extends RecordIdentity {
  readonly interface: string;
  /** Event time in milliseconds; finer digits are truncated. */
  readonly time: Instant;
  readonly calls: number;
  /** Images uploaded; null for interfaces that count calls. */
  readonly submitted: number | null;
  /** By measure; only of interfaces that have measures. A measure that is not named is 0. */
  readonly quantities?: Readonly<Record<string, number>>;
  /** What the class of the record may depend on. */
  readonly attributes?: Texts;
  /** Labels of the reporter's own; they are part of the content, and not rated. */
  readonly tags?: Texts;
}

export type Texts = Readonly<Record<string, string>>;

/** Who paid for one part of a record; units neither free nor paid by a pack are post-paid, waived or not charged. */
export interface Payment {
  readonly free: number;
  readonly runs: readonly PackRun[];
}

/** Who paid for a record, in the order of its interface's measures; those without units are left out. */
export interface RecordPayment {
  readonly parts: readonly (Payment & { readonly measure: string | null; readonly weight: number })[];
  /** What neither free units nor packs pay is waived. */
  readonly waived: boolean;
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
  a.interface === b.interface &&
  a.time === b.time &&
  a.calls === b.calls &&
  a.submitted === b.submitted &&
  sameQuantities(a.quantities, b.quantities) &&
  sameTexts(a.attributes, b.attributes) &&
  sameTexts(a.tags, b.tags);

/** The quantity of a measure; one that is not named is 0. */
export const quantityIn = (quantities: Readonly<Record<string, number>>, measure: string): number =>
  (Object.hasOwn(quantities, measure) ? quantities[measure] : undefined) ?? 0;

/** Whether all measures are equal. */
const sameQuantities = (a: UsageRecord['quantities'], b: UsageRecord['quantities']): boolean => {
  if (a === b) return true;
  if (!a || !b) return false;
  return [...Object.keys(a), ...Object.keys(b)].every(
    (measure) => quantityIn(a, measure) === quantityIn(b, measure),
  );
};

const sameTexts = (a: Texts = NO_TEXTS, b: Texts = NO_TEXTS): boolean => {
  if (a === b) return true;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && a[name] === b[name])
  );
};
const NO_TEXTS: Texts = {};

/** Whether counts are valid: positive calls, or recognised images of 0 to `submitted` (rules.md, sections 2 and 10). */
export const countsHold = ({ calls, submitted }: UsageRecord): boolean =>
  submitted === null
    ? Number.isSafeInteger(calls) && calls > 0
    : Number.isSafeInteger(submitted) && Number.isSafeInteger(calls) && calls >= 0 && calls <= submitted;
