/**
 * Usage over HTTP: what is answered as accepted is durable. A key that is bound to accounts reports for these alone.
 * NDJSON streams in and out at constant memory: the next part is read when the last is answered.
 */
import { Readable } from 'node:stream';
import { type Key, seesAccount } from '../access/keyring.ts';
import { NO_ACCOUNT } from '../domain/refused-record.ts';
import type { RecordOutcome } from '../domain/usage.ts';
import { reportOfValue } from '../edge/usage-report.ts';
import { ingest, triedOut } from '../ledger/ingest.ts';
import { OUTCOMES } from '../operation/metrics.ts';
import type { Api } from './api.ts';
import { ApiProblem } from './problem.ts';
import type { Reply } from './route.ts';

interface Result {
  readonly index: number;
  readonly id: string | null;
  readonly outcome: 'duplicate' | 'conflict' | 'refused';
  readonly code?: string;
}

interface Counts {
  accepted: number;
  duplicates: number;
  conflicts: number;
  refused: number;
}

/** Meters one CloudEvent or a batch of them, and says what became of each that was not plainly accepted. */
export const answerUsage = async (api: Api, key: Key, body: unknown, isDry: boolean): Promise<Reply> => {
  if (typeof body !== 'object' || body === null)
    throw new ApiProblem('invalid_request', 'body: a usage CloudEvent or an array of them', {
      field: 'body',
    });
  await api.clock.ready();
  const counts: Counts = { accepted: 0, duplicates: 0, conflicts: 0, refused: 0 };
  const results = await metered({ api, key, isDry }, Array.isArray(body) ? body : [body], 0, counts);
  return { status: 200, body: results.length > 0 ? { ...counts, results } : counts };
};

interface Metering {
  readonly api: Api;
  readonly key: Key;
  /** Says what would be answered, and records nothing. */
  readonly isDry: boolean;
}

const metered = async (
  { api, key, isDry }: Metering,
  reports: readonly unknown[],
  from: number,
  counts: Counts,
): Promise<Result[]> => {
  const { foreign, own } = key.accounts === null ? { foreign: null, own: reports } : split(key, reports);
  const ledger = isDry ? triedOut(api.ledger) : api.ledger;
  const { outcomes } = await ingest(ledger, own.map(reportOfValue), api.clock.now());
  const results: Result[] = [];
  const before = { ...counts };
  let next = 0;
  for (const [i, report] of reports.entries()) {
    const told: RecordOutcome | undefined = foreign?.has(i) ? FOREIGN : outcomes[next++];
    if (told === undefined || told.outcome === 'accepted') counts.accepted += 1;
    else {
      counts[
        told.outcome === 'duplicate' ? 'duplicates' : told.outcome === 'conflict' ? 'conflicts' : 'refused'
      ] += 1;
      results.push({
        index: from + i,
        id: idOf(report),
        outcome: told.outcome,
        ...(told.outcome === 'refused' ? { code: told.code } : {}),
      });
      if (told.outcome === 'refused') api.metrics.refusedUsage.inc({ code: told.code });
    }
  }
  for (const outcome of isDry ? [] : OUTCOMES) {
    const more = counts[outcome] - before[outcome];
    if (more > 0) api.metrics.records.inc({ outcome }, more);
  }
  return results;
};

/** A bound key sees no other account, whether there is one or not; what it reports there is not even logged. */
const FOREIGN: RecordOutcome = NO_ACCOUNT;

const split = (key: Key, reports: readonly unknown[]) => {
  const foreign = new Set<number>();
  const own: unknown[] = [];
  for (const [i, report] of reports.entries()) {
    const { subject } = (report ?? {}) as { subject?: unknown };
    if (typeof subject === 'string' && !seesAccount(key, subject)) foreign.add(i);
    else own.push(report);
  }
  return { foreign, own };
};

const ID_SHOWN = 200;
const idOf = (report: unknown): string | null => {
  const { id } = (report ?? {}) as { id?: unknown };
  return typeof id === 'string' ? id.slice(0, ID_SHOWN) : null;
};

const LINES = 1_000;
const LINE_MAX = 64 * 1024;
/** Lines and characters that a dry run of a stream looks at: all of them are kept until it is answered. */
const DRY_LINES = 20_000;
const DRY_SIZE = 10 * 1024 * 1024;

/** Answers NDJSON in NDJSON: results line by line, the counts as the last line. */
export const streamUsage = async (api: Api, key: Key, raw: Readable): Promise<Reply> => {
  await api.clock.ready();
  return {
    status: 200,
    headers: { 'Content-Type': 'application/x-ndjson' },
    body: Readable.from(answers(api, key, raw), { objectMode: false, highWaterMark: 64 * 1024 }),
  };
};

/** What would be answered to all lines together: each may be a duplicate of one before it. */
export const tryOutStream = async (api: Api, key: Key, raw: Readable): Promise<Reply> => {
  await api.clock.ready();
  const counts: Counts = { accepted: 0, duplicates: 0, conflicts: 0, refused: 0 };
  const lines: string[] = [];
  let size = 0;
  for await (const part of inParts(raw)) {
    size += part.reduce((sum, line) => sum + line.length, 0);
    lines.push(...part);
    if (lines.length > DRY_LINES || size > DRY_SIZE)
      throw new ApiProblem(
        'body_too_large',
        `a dry run takes at most ${DRY_LINES} lines and ${DRY_SIZE} bytes`,
      );
  }
  const results = await metered({ api, key, isDry: true }, lines.map(parsedLine), 0, counts);
  return {
    status: 200,
    headers: { 'Content-Type': 'application/x-ndjson' },
    body: Readable.from([...results, counts].map((line) => `${JSON.stringify(line)}\n`)),
  };
};

async function* answers(api: Api, key: Key, raw: Readable): AsyncGenerator<string> {
  const counts: Counts = { accepted: 0, duplicates: 0, conflicts: 0, refused: 0 };
  let from = 0;
  for await (const lines of inParts(raw)) {
    const results = await metered({ api, key, isDry: false }, lines.map(parsedLine), from, counts);
    from += lines.length;
    if (results.length > 0) yield `${results.map((result) => JSON.stringify(result)).join('\n')}\n`;
  }
  yield `${JSON.stringify(counts)}\n`;
}

/** A line that is no JSON is a record that is invalid, and is logged as it came. */
const parsedLine = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
};

/** Lines of a stream, so many at a time; empty ones are left out, of absurdly long ones the beginning is kept. */
async function* inParts(raw: Readable): AsyncGenerator<string[]> {
  let lines: string[] = [];
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of raw) {
    const pieces = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n');
    rest = (pieces.pop() ?? '').slice(0, LINE_MAX);
    for (const piece of pieces) if (piece.trim() !== '') lines.push(piece);
    if (lines.length >= LINES) {
      yield lines;
      lines = [];
    }
  }
  if (rest.trim() !== '') lines.push(rest);
  if (lines.length > 0) yield lines;
}
