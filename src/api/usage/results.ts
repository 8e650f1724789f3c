/** The answer to reported usage: counts of all records, and an outcome for every record that was not accepted. */
import { instantText } from '../../domain/calendar.ts';
import type { RecordOutcome, UsageRecord } from '../../domain/usage.ts';
import type { UsageReport } from '../../input/usage-report.ts';

export interface Result {
  readonly index: number;
  readonly id: string | null;
  readonly outcome: 'duplicate' | 'conflict' | 'refused';
  readonly code?: string;
  readonly field?: string;
  readonly detail?: string;
  /** For a conflict: the record first reported under this identity. */
  readonly held?: object;
}

/** Limit on results in an answer; all are counted. */
export const RESULTS_MAX = 1_000;

const ID_SHOWN = 200;

/** The result of a record; null if it was accepted. */
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

/** Consecutive lines of a stream that are not valid records, refused for one reason. */
interface Run {
  readonly index: number;
  readonly code: string | undefined;
  count: number;
}

/** Limit on runs listed after the results. */
export const RUNS_MAX = 5_000;

/**
 * Results of a stream, as lines. After the first thousand, consecutive lines that are not valid records and have one code
 * are one line with their `count`, and the number of such runs is limited: an answer to junk must not be many times what
 * came. A valid record that was not accepted always has a line of its own.
 */
export const resultLines = () => {
  let listed = 0;
  let runs = 0;
  let run = null as Run | null;
  const ended = (): string => {
    if (run === null) return '';
    const { index, code, count } = run;
    run = null;
    runs += 1;
    if (runs > RUNS_MAX) return '';
    return `${JSON.stringify({ index, id: null, outcome: 'refused', code, count })}\n`;
  };
  const inRun = (index: number, code: string | undefined, many: number): string => {
    if (run !== null && run.code === code && run.index + run.count === index) {
      run.count += many;
      return '';
    }
    const before = ended();
    run = { index, code, count: many };
    return before;
  };
  return {
    /** So many results are listed that lines that are not valid records appear only in runs. */
    isBrief: () => listed >= RESULTS_MAX,
    /** Text to send before lines that were refused unread; their run is sent later. */
    passed: (index: number, many: number, code: string): string => inRun(index, code, many),
    /** Text to send now; an unfinished run is sent later. `isRecord`: the line is a valid record. */
    add: (result: Result, isRecord: boolean): string => {
      listed += 1;
      if (listed > RESULTS_MAX && !isRecord) return inRun(result.index, result.code, 1);
      return `${ended()}${JSON.stringify(result)}\n`;
    },
    /** The remaining text, and the fields of the last line. */
    ended: (): { readonly text: string; readonly said: object } => {
      const text = ended();
      return { text, said: runs > RUNS_MAX ? { resultsTruncated: true } : {} };
    },
  };
};
