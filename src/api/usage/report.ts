/** Usage over HTTP: records answered as accepted are durable. A key bound to accounts may report for these only. */
import type { Key } from '../../access/keyring.ts';
import { openPauses } from '../../async/pauses.ts';
import { noOutcomes, OUTCOMES, type OutcomeCounts } from '../../domain/outcome-counts.ts';
import type { UsageRefusal } from '../../domain/refusals.ts';
import type { Position } from '../../eventstore/event-store.ts';
import { NotReports, reportsOfBody, TooManyReports, type UsageReport } from '../../input/usage-report.ts';
import { ingest, triedOut } from '../../ledger/account/ingest.ts';
import type { NotKept } from '../../ledger/refused-usage/not-kept.ts';
import { withoutMark } from '../../text/utf8.ts';
import type { Api } from '../http/api.ts';
import type { Reply } from '../http/call.ts';
import { ApiProblem } from '../http/problems/problem.ts';
import { RESULTS_MAX, type Result, resultOf } from './results.ts';

/** Records that one request may have; a stream may have any number. */
export const RECORDS_MAX = 20_000;

export interface Metering {
  readonly api: Api;
  readonly key: Key;
  /** Dry run: computes the answer and records nothing. */
  readonly isDry: boolean;
}

/** The reports of a body of JSON: one CloudEvent, or an array of them. */
export const reportsIn = async (bytes: Uint8Array): Promise<readonly UsageReport[]> => {
  try {
    return await reportsOfBody(withoutMark(bytes), RECORDS_MAX, openPauses());
  } catch (error) {
    if (error instanceof TooManyReports) throw tooMany();
    if (error instanceof NotReports) throw malformed(error.message);
    throw error;
  }
};

const malformed = (why: string): ApiProblem =>
  new ApiProblem('invalid_request', `body: ${why}`, { field: 'body' });

export const tooMany = (): ApiProblem =>
  new ApiProblem('body_too_large', `a request has at most ${RECORDS_MAX} records; NDJSON has no limit`, {
    most: RECORDS_MAX,
  });

/** Meters reports, and returns an outcome for every record that was not accepted. */
export const answerUsage = async (metering: Metering, reports: readonly UsageReport[]): Promise<Reply> => {
  const { api, isDry } = metering;
  await api.clock.ready();
  const counts = noOutcomes();
  const results: Result[] = [];
  const { position, notKept } = await metered(metering, reports, counts, (i, outcome) => {
    const result = results.length < RESULTS_MAX + 1 ? outcome(i) : null;
    if (result) results.push(result);
  });
  const isTruncated = results.length > RESULTS_MAX;
  const listed = isTruncated ? results.slice(0, RESULTS_MAX) : results;
  return {
    status: 200,
    ...(isDry ? {} : { headers: { 'Ledger-Position': await positionText(api, position) } }),
    body: {
      ...counts,
      ...(listed.length > 0 ? { results: listed } : {}),
      ...(isTruncated ? { resultsTruncated: true } : {}),
      ...(notKept > 0 ? { notKept } : {}),
    },
  };
};

/**
 * A position at which the caller's usage is visible: of the last recorded event, or (if nothing was recorded) the
 * current end.
 */
export const positionText = async (api: Api, position: Position | null): Promise<string> =>
  position ?? (await api.ledger.store.end()) ?? '0';

/**
 * Meters reports, counts their outcomes, and passes on results of those not accepted. `gathered` collects counts of
 * refused reports that are not stored; if absent, they are written before this resolves.
 */
export const metered = async (
  { api, key, isDry }: Metering,
  reports: readonly UsageReport[],
  counts: OutcomeCounts,
  onResult: (index: number, result: (index: number) => Result | null) => void,
  gathered?: NotKept,
): Promise<{ readonly position: Position | null; readonly notKept: number }> => {
  const ledger = isDry ? triedOut(api.ledger) : api.ledger;
  const reporter = {
    ...{ key: key.key, accounts: key.accounts },
    ...(gathered ? { notKept: gathered } : {}),
  };
  const ingested = await ingest(ledger, reports, api.clock.now(), reporter);
  const { outcomes, position, notKept } = ingested;
  const codes = new Map<UsageRefusal, number>();
  for (let i = 0; i < outcomes.length; i++) {
    const [outcome, report] = [outcomes[i], reports[i]];
    if (!outcome || outcome.outcome === 'accepted' || !report) continue;
    onResult(i, (index) => resultOf(index, report, outcome));
    if (outcome.outcome === 'refused') codes.set(outcome.code, (codes.get(outcome.code) ?? 0) + 1);
  }
  if (!isDry) for (const [code, more] of codes) api.metrics.refusedUsage.inc({ code }, more);
  for (const name of OUTCOMES) {
    const more = ingested.counts[name];
    counts[name] += more;
    if (!isDry && more > 0) api.metrics.records.inc({ outcome: name }, more);
  }
  if (notKept > 0) api.metrics.refusedNotKept.inc(notKept);
  return { position, notKept };
};
