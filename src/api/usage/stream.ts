/** Usage as NDJSON, in and out at constant memory: the next part is read when the last is answered. */
import { Readable } from 'node:stream';
import { nextTurn } from '../../async/pauses.ts';
import { noOutcomes, type OutcomeCounts } from '../../domain/outcome-counts.ts';
import type { Position } from '../../eventstore/event-store.ts';
import type { UsageReport } from '../../input/usage-report.ts';
import { later } from '../../ledger/account/usage-result.ts';
import { refusedStream } from '../../ledger/refused-usage/log.ts';
import { countOf, type NotKept } from '../../ledger/refused-usage/not-kept.ts';
import type { Api } from '../http/api.ts';
import type { Reply } from '../http/call.ts';
import { ApiProblem, problemJson } from '../http/problems/problem.ts';
import { usageLines } from './ndjson.ts';
import { type Metering, metered, positionText, RECORDS_MAX, tooMany } from './report.ts';
import { type Result, resultLines } from './results.ts';

/** Limit on the bytes of a streamed dry run, whose lines are all kept until it is answered. */
const DRY_BYTES = 10 * 1024 * 1024;

/** Number of lines whose metering takes milliseconds. */
const MANY = 100;

const isRecord = (report: UsageReport | undefined): boolean => report?.parsed.ok === true;

const NDJSON = { 'Content-Type': 'application/x-ndjson' };

/** Limits on text held back and lines read before an answer begins: a short one gets its position as a header. */
const HELD_TEXT = 64 * 1024;
const HELD_LINES = 20_000;

/**
 * Answers NDJSON with NDJSON: results line by line, the counts in the last line. A failure before the answer has begun
 * gets its status; after that, the last line is a problem together with the counts so far.
 */
export const streamUsage = async (
  metering: Metering,
  pieces: AsyncIterable<Buffer>,
  problemOf: (error: unknown) => ApiProblem,
): Promise<Reply> => {
  await metering.api.clock.ready();
  const streamed: Streamed = { counts: noOutcomes(), lines: 0, position: null, notKept: 0 };
  const answers = answered(metering, streamed, pieces);
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

/** The progress of a stream. */
interface Streamed {
  readonly counts: OutcomeCounts;
  lines: number;
  position: Position | null;
  notKept: number;
}

/** Interval at which counts of unstored refusals are written, besides at the end. */
const COUNTED_EVERY_MS = 1_000;
/** Of every line that is not a record, for every reporter. */
const NO_RECORD = 'invalid_record';

/** Results as text, in pieces; the last one, with the counts, is returned. */
async function* answered(
  metering: Metering,
  streamed: Streamed,
  pieces: AsyncIterable<Buffer>,
): AsyncGenerator<string, string, undefined> {
  const { api, key } = metering;
  const lines = resultLines();
  let text = '';
  const gathered = openGathered(metering);
  const isBrief = () => lines.isBrief() && !api.ledger.refusedLog.hasRoom(key.key, api.clock.now());
  try {
    for await (const { reports, places, lines: many } of usageLines(pieces, isBrief)) {
      let [place, told] = [0, 0];
      /** Reports the lines before a report that were not read. */
      const passTo = (i: number): void => {
        for (; told <= i; told++) {
          const next = places[told] ?? many;
          if (next > place) text += lines.passed(streamed.lines + place, next - place, NO_RECORD);
          place = next + 1;
        }
      };
      const tell = (i: number, result: (index: number) => Result | null): void => {
        passTo(i);
        const one = result(streamed.lines + (places[i] ?? 0));
        if (one) text += lines.add(one, isRecord(reports[i]));
      };
      // To read them was a turn, or the end of one.
      if (reports.length > MANY) await nextTurn();
      const last = await metered(metering, reports, streamed.counts, tell, gathered.notKept);
      passTo(reports.length);
      streamed.position = later(streamed.position, last.position);
      streamed.notKept += last.notKept;
      const passed = many - reports.length;
      if (passed > 0) passedOver(api, streamed, passed, gathered.notKept);
      streamed.lines += many;
      await gathered.isDue();
      if (text.length < HELD_TEXT && streamed.lines < HELD_LINES) continue;
      if (text !== '') yield text;
      text = '';
    }
  } finally {
    await gathered.write();
  }
  const { counts, notKept } = streamed;
  const last = lines.ended();
  return `${text}${last.text}${JSON.stringify({ ...counts, ...last.said, ...(notKept > 0 ? { notKept } : {}) })}\n`;
}

/** Counts lines that were refused unread. */
const passedOver = ({ metrics }: Api, streamed: Streamed, passed: number, notKept: NotKept): void => {
  streamed.counts.refused += passed;
  streamed.notKept += passed;
  countOf(notKept, refusedStream(null), NO_RECORD, passed);
  metrics.refusedUsage.inc({ code: NO_RECORD }, passed);
  metrics.records.inc({ outcome: 'refused' }, passed);
  metrics.refusedNotKept.inc(passed);
};

/** Collects the counts of unstored refusals: writing them for each part would cost as much as the metering. */
const openGathered = ({ api, key }: Metering) => {
  const notKept: NotKept = new Map();
  let since = performance.now();
  const write = async (): Promise<void> => {
    since = performance.now();
    if (notKept.size === 0) return;
    const counted = new Map(notKept);
    notKept.clear();
    await api.ledger.refusedLog.count(counted, api.clock.now(), key.key);
  };
  return {
    notKept,
    write,
    isDue: async () => {
      if (performance.now() - since > COUNTED_EVERY_MS) await write();
    },
  };
};

/** The dry-run results of all lines together, since each may be a duplicate of an earlier one. */
export const tryOutStream = async (metering: Metering, pieces: AsyncIterable<Buffer>): Promise<Reply> => {
  await metering.api.clock.ready();
  const reports: UsageReport[] = [];
  for await (const part of usageLines(bounded(pieces), () => false)) {
    for (const report of part.reports) reports.push(report);
    if (reports.length > RECORDS_MAX) throw tooMany();
  }
  const counts = noOutcomes();
  const lines = resultLines();
  let text = '';
  await metered(metering, reports, counts, (i, result) => {
    const listed = result(i);
    if (listed) text += lines.add(listed, isRecord(reports[i]));
  });
  const last = lines.ended();
  return {
    status: 200,
    headers: NDJSON,
    body: Readable.from([`${text}${last.text}${JSON.stringify({ ...counts, ...last.said })}\n`]),
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
