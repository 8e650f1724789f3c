/**
 * Usage from reports to durable events: already parsed, grouped by account in the given order, metered together. An
 * invalid record does not affect the rest of its batch.
 */
import { nextTurn, openPauses } from '../../async/pauses.ts';
import { sideBySide } from '../../async/side-by-side.ts';
import type { Instant } from '../../domain/calendar.ts';
import { countOutcome, noOutcomes, type OutcomeCounts, outcomeAt } from '../../domain/outcome-counts.ts';
import { NO_ACCOUNT } from '../../domain/refused-record.ts';
import type { RecordOutcome, UsageRecord } from '../../domain/usage.ts';
import type { Position } from '../../eventstore/event-store.ts';
import type { UsageReport } from '../../input/usage-report.ts';
import type { Ledger } from '../ledger.ts';
import type { Refused } from '../refused-usage/log.ts';
import { addCounts, type NotKept, sumOf } from '../refused-usage/not-kept.ts';
import { stoppedOrThrow } from './single-account-failure.ts';
import { later, type Reported } from './usage-result.ts';

export interface Ingested {
  readonly counts: OutcomeCounts;
  /** One for each report, in their order. */
  readonly outcomes: readonly RecordOutcome[];
  /** Position of the last event; null if nothing was recorded. */
  readonly position: Position | null;
  /** Refused reports that were only counted, because the key's quota of the day is used up. */
  readonly notKept: number;
}

export interface Reporter {
  /** The id of the key that reports; null: not over HTTP. */
  readonly key: string | null;
  /** Accounts it may report for; null: all. */
  readonly accounts: readonly string[] | null;
  /** Collects counts of refused reports that are not stored; if absent, they are written at the end. */
  readonly notKept?: NotKept;
}

/** Accepts usage: a ledger, or its dry run. */
export interface UsageTaken extends Pick<Ledger, 'calendar' | 'report' | 'logRefused' | 'refusedLog'> {
  /** Number of reports processed at once. */
  readonly together?: number;
}

/** Limits memory, whatever the size of the batch. */
const TOGETHER = 1_000;

/** A dry run of a ledger: nothing is recorded, and nothing is logged as refused. */
export const triedOut = ({ calendar, tryReport }: Ledger): UsageTaken => ({
  calendar,
  report: tryReport,
  logRefused: async () => new Map(),
  refusedLog: { count: async () => undefined, hasRoom: () => true },
  // All of them together, since each may be a duplicate of an earlier one.
  together: Number.MAX_SAFE_INTEGER,
});

const ANYBODY: Reporter = { key: null, accounts: null };
/** Accounts of a batch that are metered concurrently. */
const ACCOUNTS_TOGETHER = 64;
/** More refused reports than this are logged in a separate slice, since deciding them took long. */
const MANY_REFUSED = 64;
/** A quarter of an hour belongs to one day in every zone. */
const SLOT_MS = 15 * 60_000;

interface Batch {
  readonly records: UsageRecord[];
  readonly places: number[];
}

/** Meters a batch of reports that may name any accounts; durable when it resolves. */
export const ingest = async (
  ledger: UsageTaken,
  reports: readonly UsageReport[],
  at: Instant,
  reporter: Reporter = ANYBODY,
): Promise<Ingested> => {
  const { together = TOGETHER } = ledger;
  const outcomes: RecordOutcome[] = new Array(reports.length);
  let position: Position | null = null;
  const notKept: NotKept = new Map();
  for (let from = 0; from < reports.length; from += together) {
    const to = Math.min(from + together, reports.length);
    // Between parts there may be nothing to wait for, so yield explicitly.
    if (reports.length > together) await nextTurn();
    const part = await ingestPart(ledger, reports, { from, to }, outcomes, at, reporter);
    position = later(position, part.position);
    addCounts(notKept, part.notKept);
  }
  const counts = noOutcomes();
  for (let place = 0; place < reports.length; place++) countOutcome(counts, outcomeAt(outcomes, place));
  if (reporter.notKept) addCounts(reporter.notKept, notKept);
  else if (notKept.size > 0 && reporter.key !== null)
    await ledger.refusedLog.count(notKept, at, reporter.key);
  return { counts, outcomes, position, notKept: sumOf(notKept) };
};

const NOTHING: NotKept = new Map();

const ingestPart = async (
  ledger: UsageTaken,
  reports: readonly UsageReport[],
  { from, to }: { readonly from: number; readonly to: number },
  outcomes: RecordOutcome[],
  at: Instant,
  reporter: Reporter,
): Promise<{ readonly position: Position | null; readonly notKept: NotKept }> => {
  const { batches, refused } = sorted(reports, from, to, outcomes, reporter);
  if (to - from > DATED_AT_ONCE) await dated(ledger, batches);
  let position: Position | null = null;
  await sideBySide([...batches], ACCOUNTS_TOGETHER, async ([account, { records, places }]) => {
    const reported = await ledger.report(account, records, at).catch(stoppedReport);
    position = later(position, reported?.position ?? null);
    for (let i = 0; i < places.length; i++) {
      const place = places[i] as number;
      const outcome = outcomeIn(reported, i);
      outcomes[place] = outcome;
      const report = reports[place];
      if (outcome.outcome === 'refused' && report)
        refused.push(refusedReport(report, reported ? account : null, outcome));
    }
  });
  if (refused.length > MANY_REFUSED) await nextTurn();
  const notKept = refused.length > 0 ? await ledger.logRefused(refused, at, reporter.key) : NOTHING;
  return { position, notKept };
};

/** Up to this many records, days are computed when needed, which takes a few milliseconds at most. */
const DATED_AT_ONCE = 32;

/**
 * Computes the days of records in slices: the first lookup of a day takes a hundred times as long as deciding a record,
 * and a batch is decided in one slice.
 */
const dated = async ({ calendar }: UsageTaken, batches: ReadonlyMap<string, Batch>): Promise<void> => {
  const pause = openPauses();
  let slot = Number.NaN;
  for (const { records } of batches.values())
    for (const { time } of records) {
      const own = Math.floor(time / SLOT_MS);
      if (own === slot) continue;
      slot = own;
      calendar.dayOf(time);
      const turn = pause();
      if (turn) await turn;
    }
};

interface StoppedReport extends Reported {
  readonly stopped: RecordOutcome;
}

/** A quarantined account does not affect records of others: its own are refused, and stored to be reported again. */
const stoppedReport = (error: unknown): StoppedReport => ({
  outcomes: [],
  position: null,
  stopped: { outcome: 'refused', field: 'subject', ...stoppedOrThrow(error) },
});

const outcomeIn = (reported: Reported | StoppedReport | null, i: number): RecordOutcome => {
  if (reported === null) return NO_ACCOUNT;
  return 'stopped' in reported ? reported.stopped : outcomeAt(reported.outcomes, i);
};

/** Reports grouped by account, and those that need no account to be refused. */
const sorted = (
  reports: readonly UsageReport[],
  from: number,
  to: number,
  outcomes: RecordOutcome[],
  { accounts }: Reporter,
): { readonly batches: Map<string, Batch>; readonly refused: Refused[] } => {
  const batches = new Map<string, Batch>();
  const refused: Refused[] = [];
  for (let place = from; place < to; place++) {
    const report = reports[place] as UsageReport;
    const { parsed } = report;
    const refusal = refusalBefore(parsed, accounts);
    if (refusal !== null) {
      outcomes[place] = refusal;
      // A bound key learns nothing about other accounts, and adds nothing to their logs.
      const own = refusal === NO_ACCOUNT ? null : parsed.account;
      refused.push(refusedReport(report, own, refusal));
    } else if (parsed.ok) {
      const batch = batches.get(parsed.account);
      if (batch) {
        batch.records.push(parsed.record);
        batch.places.push(place);
      } else batches.set(parsed.account, { records: [parsed.record], places: [place] });
    }
  }
  return { batches, refused };
};

type Refusal = Extract<RecordOutcome, { outcome: 'refused' }>;

const refusalBefore = (parsed: UsageReport['parsed'], accounts: Reporter['accounts']): Refusal | null => {
  if (accounts !== null && parsed.account !== null && !accounts.includes(parsed.account)) return NO_ACCOUNT;
  if (parsed.ok) return null;
  const { field, message } = parsed;
  return { outcome: 'refused', code: 'invalid_record', field, detail: message };
};

const refusedReport = (
  { came }: UsageReport,
  account: string | null,
  { code, field, detail }: Refusal,
): Refused => ({ account, code, detail: `${field}: ${detail}`, came });
