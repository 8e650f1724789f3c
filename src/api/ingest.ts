/**
 * Usage over HTTP: what is answered as accepted is durable. A key that is bound to accounts reports for these alone.
 * NDJSON streams in and out at constant memory: the next part is read when the last is answered.
 */
import { Readable } from 'node:stream';
import type { Key } from '../access/keyring.ts';
import { openPauses } from '../async/pauses.ts';
import { NotReports, reportsOfBody, TooManyReports, type UsageReport } from '../edge/usage-report.ts';
import { ingest, triedOut } from '../ledger/ingest.ts';
import { later } from '../ledger/reported.ts';
import { OUTCOMES } from '../operation/metrics.ts';
import type { Position } from '../store/event-store.ts';
import { utf8Text } from '../text/utf8.ts';
import type { Api } from './api.ts';
import { ApiProblem, problemJson } from './problem.ts';
import type { Reply } from './route.ts';
import { usageLines } from './usage-lines.ts';
import {
  type Counts,
  count,
  noCounts,
  RESULTS_MAX,
  type Result,
  resultLines,
  resultOf,
} from './usage-results.ts';

/** Records that one request may have; a stream may have any number. */
export const RECORDS_MAX = 20_000;
/** Lines and bytes that a dry run of a stream looks at: all of them are kept until it is answered. */
const DRY_BYTES = 10 * 1024 * 1024;

export interface Metering {
  readonly api: Api;
  readonly key: Key;
  /** Says what would be answered, and records nothing. */
  readonly isDry: boolean;
}

/** The reports of a body of JSON: one CloudEvent, or an array of them. */
export const reportsIn = async (bytes: Uint8Array): Promise<readonly UsageReport[]> => {
  const text = utf8Text(bytes);
  if (text === null) throw malformed('is not UTF-8');
  try {
    return await reportsOfBody(text.replace(/^\ufeff/, ''), RECORDS_MAX, openPauses());
  } catch (error) {
    if (error instanceof TooManyReports) throw tooMany();
    if (error instanceof NotReports) throw malformed(error.message);
    throw error;
  }
};

const malformed = (why: string): ApiProblem =>
  new ApiProblem('invalid_request', `body: ${why}`, { field: 'body' });

const tooMany = (): ApiProblem =>
  new ApiProblem('body_too_large', `a request has at most ${RECORDS_MAX} records; NDJSON has no limit`, {
    most: RECORDS_MAX,
  });

/** Meters reports, and says what became of each that was not plainly accepted. */
export const answerUsage = async (metering: Metering, reports: readonly UsageReport[]): Promise<Reply> => {
  const { api, isDry } = metering;
  await api.clock.ready();
  const counts = noCounts();
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

/** Where a caller's usage lies: what was recorded, or (nothing was) whatever is in the ledger by now. */
const positionText = async (api: Api, position: Position | null): Promise<string> =>
  position ?? (await api.ledger.store.end()) ?? '0';

/** Meters reports, counts their outcomes, and hands on what makes a result of each that was not accepted. */
const metered = async (
  { api, key, isDry }: Metering,
  reports: readonly UsageReport[],
  counts: Counts,
  told: (index: number, result: (index: number) => Result | null) => void,
): Promise<{ readonly position: Position | null; readonly notKept: number }> => {
  const ledger = isDry ? triedOut(api.ledger) : api.ledger;
  const reporter = { key: key.key, accounts: key.accounts };
  const { outcomes, position, notKept } = await ingest(ledger, reports, api.clock.now(), reporter);
  const before = { ...counts };
  for (const [i, outcome] of outcomes.entries()) {
    count(counts, outcome);
    const report = reports[i];
    if (outcome.outcome === 'accepted' || !report) continue;
    told(i, (index) => resultOf(index, report, outcome));
    if (outcome.outcome === 'refused' && !isDry) api.metrics.refusedUsage.inc({ code: outcome.code });
  }
  for (const name of isDry ? [] : OUTCOMES) {
    const more = counts[name] - before[name];
    if (more > 0) api.metrics.records.inc({ outcome: name }, more);
  }
  if (notKept > 0) api.metrics.refusedNotKept.inc(notKept);
  return { position, notKept };
};

const NDJSON = { 'Content-Type': 'application/x-ndjson' };

/** Text that is held back, and lines that are read, before an answer begins: a short one has its position as a header. */
const HELD_TEXT = 64 * 1024;
const HELD_LINES = 20_000;

/**
 * Answers NDJSON in NDJSON: results line by line, the counts as the last line. What fails before the answer has begun is
 * answered with its status; later the last line is a problem, beside the counts so far.
 */
export const streamUsage = async (
  metering: Metering,
  pieces: AsyncIterable<Buffer>,
  problemOf: (error: unknown) => ApiProblem,
): Promise<Reply> => {
  await metering.api.clock.ready();
  const streamed: Streamed = { counts: noCounts(), lines: 0, position: null, notKept: 0 };
  const answers = answered(metering, streamed, usageLines(pieces));
  const first = await answers.next();
  if (first.done) {
    const headers = { ...NDJSON, 'Ledger-Position': await positionText(metering.api, streamed.position) };
    return { status: 200, headers, body: Readable.from([first.value]) };
  }
  const all = async function* () {
    yield first.value;
    try {
      for (;;) {
        const next = await answers.next();
        yield next.value;
        if (next.done) return;
      }
    } catch (error) {
      yield `${JSON.stringify({ ...problemJson(problemOf(error)), ...streamed.counts })}\n`;
    } finally {
      await answers.return('');
    }
  };
  return {
    status: 200,
    headers: NDJSON,
    trailers: { 'Ledger-Position': () => positionText(metering.api, streamed.position) },
    body: Readable.from(all(), { objectMode: false, highWaterMark: HELD_TEXT }),
  };
};

/** How far a stream has come. */
interface Streamed {
  readonly counts: Counts;
  lines: number;
  position: Position | null;
  notKept: number;
}

/** Results as text, in pieces; the last one, with the counts, is returned. */
async function* answered(
  metering: Metering,
  streamed: Streamed,
  parts: AsyncIterable<readonly UsageReport[]>,
): AsyncGenerator<string, string, undefined> {
  const lines = resultLines();
  let text = '';
  for await (const reports of parts) {
    const from = streamed.lines;
    const last = await metered(metering, reports, streamed.counts, (i, result) => {
      const told = result(from + i);
      if (told) text += lines.add(told);
    });
    streamed.position = later(streamed.position, last.position);
    streamed.notKept += last.notKept;
    streamed.lines += reports.length;
    if (text.length < HELD_TEXT && streamed.lines < HELD_LINES) continue;
    if (text !== '') yield text;
    text = '';
  }
  const { counts, notKept } = streamed;
  return `${text}${lines.ended()}${JSON.stringify(notKept > 0 ? { ...counts, notKept } : counts)}\n`;
}

/** What would be answered to all lines together: each may be a duplicate of one before it. */
export const tryOutStream = async (metering: Metering, pieces: AsyncIterable<Buffer>): Promise<Reply> => {
  await metering.api.clock.ready();
  const reports: UsageReport[] = [];
  for await (const part of usageLines(bounded(pieces))) {
    for (const report of part) reports.push(report);
    if (reports.length > RECORDS_MAX) throw tooMany();
  }
  const counts = noCounts();
  const lines = resultLines();
  let text = '';
  await metered(metering, reports, counts, (i, result) => {
    const told = result(i);
    if (told) text += lines.add(told);
  });
  return {
    status: 200,
    headers: NDJSON,
    body: Readable.from([`${text}${lines.ended()}${JSON.stringify(counts)}\n`]),
  };
};

async function* bounded(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const piece of pieces) {
    size += piece.length;
    if (size > DRY_BYTES)
      throw new ApiProblem('body_too_large', `a dry run takes at most ${DRY_BYTES} bytes`, {
        most: DRY_BYTES,
      });
    yield piece;
  }
}
