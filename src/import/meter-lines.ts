/** Meters usage lines of one account together; refused lines are logged as received. */
import { EventUnwritable } from '../codec/reads-back.ts';
import { countOutcome, outcomeAt } from '../domain/outcome-counts.ts';
import { NO_ACCOUNT } from '../domain/refused-record.ts';
import type { RecordOutcome, UsageRecord } from '../domain/usage.ts';
import { AppendTooLarge } from '../eventstore/event-store.ts';
import type { Came } from '../input/usage-report.ts';
import { stoppedOrThrow } from '../ledger/account/single-account-failure.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Refused } from '../ledger/refused-usage/log.ts';
import type { ImportResult } from './result.ts';

export interface UsageLines {
  readonly records: UsageRecord[];
  readonly came: Came[];
  readonly lines: number[];
  /** The instant at which they are recorded. */
  at: number;
}

/** Reports a problem of a line. */
export type Problem = (line: number, code: string, detail: string, field?: string) => void;

interface Into {
  readonly ledger: Ledger;
  readonly result: ImportResult;
  readonly problem: Problem;
}

/** Meters lines of an account and counts their outcomes. A record that cannot be written does not affect the others. */
export const meterLines = async (into: Into, account: string, batch: UsageLines): Promise<void> => {
  try {
    await meteredTogether(into, account, batch);
  } catch (error) {
    if (!isOfOne(error)) throw error;
    for (const half of halves(batch)) await meterLines(into, account, half);
  }
};

/** Whether an error concerns only one record: it is too large, or would not decode to itself. */
const isOfOne = (error: unknown): error is Error =>
  error instanceof EventUnwritable || error instanceof AppendTooLarge;

const meteredTogether = async (
  { ledger, result, problem }: Into,
  account: string,
  batch: UsageLines,
): Promise<void> => {
  const outcomes = await ledger.meter(account, batch.records, batch.at).catch((error) => {
    if (isOfOne(error) && batch.lines.length > 1) throw error;
    // All lines of a quarantined account are refused; the import continues with other accounts.
    const stopped: RecordOutcome = { outcome: 'refused', field: 'subject', ...stoppedOrThrow(error) };
    return batch.records.map(() => stopped);
  });
  const refused: Refused[] = [];
  for (const [i, line] of batch.lines.entries()) {
    const outcome = outcomes === null ? NO_ACCOUNT : outcomeAt(outcomes, i);
    countOutcome(result.usage, outcome);
    if (outcome.outcome === 'conflict')
      problem(line, 'conflict', 'this identity was reported with other content');
    else if (outcome.outcome === 'refused') {
      const { code, field, detail } = outcome;
      problem(line, code, `${detail} (the record is refused and logged)`, field);
      const came = batch.came[i] ?? { json: null };
      refused.push({ account: outcomes ? account : null, code, detail: `${field}: ${detail}`, came });
    }
  }
  if (refused.length > 0) await ledger.logRefused(refused, batch.at);
};

const halves = ({ records, came, lines, at }: UsageLines): UsageLines[] => {
  const middle = Math.ceil(lines.length / 2);
  const part = (from: number, to?: number): UsageLines => ({
    records: records.slice(from, to),
    came: came.slice(from, to),
    lines: lines.slice(from, to),
    at,
  });
  return [part(0, middle), part(middle)];
};
