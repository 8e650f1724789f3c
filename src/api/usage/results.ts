/** The answer to reported usage: counts of all records, and an outcome for every record that was not accepted. */
import { instantText } from '../../domain/calendar.ts';
import type { RecordOutcome, UsageRecord } from '../../domain/usage.ts';
import type { UsageReport } from '../../input/usage-report.ts';

export interface Counts {
  accepted: number;
  duplicates: number;
  conflicts: number;
  refused: number;
}

export interface Result {
  readonly index: number;
  readonly id: string | null;
  readonly outcome: 'duplicate' | 'conflict' | 'refused';
  readonly code?: string;
  readonly field?: string;
  readonly detail?: string;
  /** Of a conflict: what was first reported under this identity. */
  readonly held?: object;
}

/** Results that one answer lists; of the others there are counts. */
export const RESULTS_MAX = 1_000;

export const noCounts = (): Counts => ({ accepted: 0, duplicates: 0, conflicts: 0, refused: 0 });

const COUNTED = {
  accepted: 'accepted',
  duplicate: 'duplicates',
  conflict: 'conflicts',
  refused: 'refused',
} as const;

/** Counts an outcome. */
export const count = (counts: Counts, { outcome }: RecordOutcome): void => {
  counts[COUNTED[outcome]] += 1;
};

const ID_SHOWN = 200;

/** The outcome of a record; null where it was accepted. */
export const resultOf = (index: number, { parsed }: UsageReport, outcome: RecordOutcome): Result | null => {
  if (outcome.outcome === 'accepted') return null;
  const id = parsed.ok ? parsed.record.id : (parsed.id?.slice(0, ID_SHOWN) ?? null);
  const listed = { index, id, outcome: outcome.outcome };
  if (outcome.outcome === 'refused') {
    const { code, field, detail } = outcome;
    return { ...listed, code, field, detail };
  }
  return outcome.outcome === 'conflict' ? { ...listed, held: heldOf(outcome.held) } : listed;
};

const heldOf = ({ interface: id, time, calls, submitted }: UsageRecord): object => ({
  interface: id,
  time: instantText(time),
  ...(submitted === null ? { calls } : { submitted, recognised: calls }),
});

interface Run {
  readonly index: number;
  readonly code: string;
  count: number;
}

/**
 * Results of a stream, as lines. Behind the first thousand a run of refused records that have no id is one line with
 * its `count`: an answer to junk must not be many times what came.
 */
export const resultLines = () => {
  let listed = 0;
  let run = null as Run | null;
  const ended = (): string => {
    if (run === null) return '';
    const { index, code, count: many } = run;
    run = null;
    return `${JSON.stringify({ index, id: null, outcome: 'refused', code, count: many })}\n`;
  };
  return {
    /** So many results are listed that only runs are of the others. */
    isBrief: () => listed >= RESULTS_MAX,
    /** Text to send before lines that were refused without a look at them: their run comes later. */
    passed: (index: number, many: number, code: string): string => {
      listed += many;
      if (run !== null && run.code === code && run.index + run.count === index) {
        run.count += many;
        return '';
      }
      const before = ended();
      run = { index, code, count: many };
      return before;
    },
    /** Text to send now; the rest of a run comes later. */
    add: (result: Result): string => {
      listed += 1;
      const { index, id, code } = result;
      if (listed <= RESULTS_MAX || id !== null || code === undefined)
        return `${ended()}${JSON.stringify(result)}\n`;
      if (run !== null && run.code === code && run.index + run.count === index) {
        run.count += 1;
        return '';
      }
      const before = ended();
      run = { index, code, count: 1 };
      return before;
    },
    ended,
  };
};
