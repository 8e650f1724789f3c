/** Counts of the outcomes of reported usage: each record has exactly one. */
import type { RecordOutcome } from './usage.ts';

export interface OutcomeCounts {
  accepted: number;
  duplicates: number;
  conflicts: number;
  refused: number;
}

const COUNTED: { readonly [Outcome in RecordOutcome['outcome']]: keyof OutcomeCounts } = {
  accepted: 'accepted',
  duplicate: 'duplicates',
  conflict: 'conflicts',
  refused: 'refused',
};

export const OUTCOMES: readonly (keyof OutcomeCounts)[] = Object.values(COUNTED);

export const noOutcomes = (): OutcomeCounts => ({ accepted: 0, duplicates: 0, conflicts: 0, refused: 0 });

/** Counts an outcome into `counts`. */
export const countOutcome = (counts: OutcomeCounts, { outcome }: RecordOutcome): void => {
  counts[COUNTED[outcome]] += 1;
};

/** The outcome at an index. Throws if it is missing: that is a bug, and must not count as an acceptance. */
export const outcomeAt = (outcomes: readonly RecordOutcome[], place: number): RecordOutcome => {
  const outcome = outcomes[place];
  if (!outcome) throw new Error(`record ${place} of ${outcomes.length} outcomes has none`);
  return outcome;
};
