/**
 * Usage from JSON text to durable facts: parsed once, grouped by account in the order given, metered together. One bad
 * record never spoils its batch.
 */
import type { Instant } from '../domain/calendar.ts';
import type { RecordOutcome, UsageRecord } from '../domain/usage.ts';
import { parseUsage } from '../edge/usage-event.ts';
import type { Ledger } from './ledger.ts';
import type { Refused } from './refused-log.ts';

export interface Ingested {
  readonly accepted: number;
  /** One for each report, in their order. */
  readonly outcomes: readonly RecordOutcome[];
}

/** What takes usage: a ledger, or what answers as one would and records nothing. */
export type UsageTaken = Pick<Ledger, 'meter' | 'logRefused'>;

/** A ledger that only says what it would answer: nothing is recorded, and nothing is logged as refused. */
export const triedOut = (ledger: Ledger): UsageTaken => ({
  meter: ledger.tryMeter,
  logRefused: async () => undefined,
});

const INVALID: RecordOutcome = { outcome: 'refused', code: 'invalid_record' };
const UNKNOWN: RecordOutcome = { outcome: 'refused', code: 'account_unknown' };

/** Meters a batch of usage CloudEvents that may name any accounts; durable when it resolves. */
export const ingest = async (
  ledger: UsageTaken,
  reports: readonly unknown[],
  at: Instant,
): Promise<Ingested> => {
  const outcomes: RecordOutcome[] = new Array(reports.length);
  const batches = new Map<string, { records: UsageRecord[]; places: number[] }>();
  const refused: Refused[] = [];
  for (const [i, report] of reports.entries()) {
    const parsed = parseUsage(report);
    if (!parsed.ok) {
      outcomes[i] = INVALID;
      const detail = `${parsed.field}: ${parsed.message}`;
      refused.push({ account: parsed.account, code: 'invalid_record', detail, report });
      continue;
    }
    let batch = batches.get(parsed.account);
    if (!batch) {
      batch = { records: [], places: [] };
      batches.set(parsed.account, batch);
    }
    batch.records.push(parsed.record);
    batch.places.push(i);
  }
  let accepted = 0;
  await Promise.all(
    [...batches].map(async ([account, { records, places }]) => {
      const decided = await ledger.meter(account, records, at);
      for (const [i, place] of places.entries()) {
        const outcome = decided?.[i] ?? UNKNOWN;
        outcomes[place] = outcome;
        if (outcome.outcome === 'accepted') accepted += 1;
        if (outcome.outcome !== 'refused') continue;
        refused.push({
          account: decided ? account : null,
          code: outcome.code,
          detail: '',
          report: reports[place],
        });
      }
    }),
  );
  if (refused.length > 0) await ledger.logRefused(refused, at);
  return { accepted, outcomes };
};
