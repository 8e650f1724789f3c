/**
 * Imports lines, in order within an account; repeated lines are no-ops. Usage between an account's commands is batched;
 * accounts are imported concurrently, so that commits are grouped.
 */
import { type Instant, instantText } from '../domain/calendar.ts';
import { asWrittenBefore } from '../ledger/account/as-written.ts';
import { stoppedBy } from '../ledger/account/single-account-failure.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Refused } from '../ledger/refused-usage/log.ts';
import { byteLines } from '../text/byte-lines.ts';
import { type AccountQueues, openAccountQueues } from './account-queues.ts';
import { type ImportLine, parseLine } from './lines.ts';
import { meterLines, type Problem, type UsageLines } from './meter-lines.ts';
import { LINE_MAX, withoutMark } from './raw-line.ts';
import type { ImportResult } from './result.ts';

/** The key of a line without an id: the hash of its content, and a number. */
const CONTENT_KEY = /^(?:id )*[0-9a-f]{64} \d+$/;

export interface ImportOptions {
  readonly stopOnError: boolean;
  readonly problemsMax: number;
  /** The latest instant allowed for a command; null: any. Usage is recorded no later than that. */
  readonly notAfter?: () => Instant | null;
  readonly onProgress: (result: ImportResult) => void;
}

type Parsed<Kind extends ImportLine['kind']> = Extract<ImportLine, { kind: Kind }>;

const BATCH = 2_000;
const BUFFERED_MAX = 50_000;
/** Limit on queued work, since a file is read faster than it is recorded. */
const WAITING_MAX = 500;
/** Number of refused lines logged together. */
const REFUSED_TOGETHER = 200;
const PROGRESS_EVERY = 5_000;

/** Imports NDJSON; resolves when everything is durable. */
export const importLines = async (
  ledger: Ledger,
  pieces: AsyncIterable<Uint8Array>,
  options: ImportOptions,
): Promise<ImportResult> => {
  const importing = openImport(ledger, options);
  const { result } = importing;
  for await (const lines of byteLines(pieces, LINE_MAX)) {
    for (const line of lines) {
      result.lines += 1;
      const parsed = parseLine(result.lines === 1 ? withoutMark(line) : line);
      if (parsed) take(importing, result.lines, parsed);
      if (options.stopOnError || isFull(importing)) await settled(importing);
      if (result.lines % PROGRESS_EVERY === 0) options.onProgress(result);
      if (result.stopped) break;
    }
    if (result.stopped) break;
  }
  await settled(importing);
  return result;
};

/** The state of an import. */
interface Importing {
  readonly ledger: Ledger;
  readonly options: ImportOptions;
  readonly result: ImportResult;
  /** Batches not yet queued, by account. */
  readonly buffers: Map<string, UsageLines>;
  buffered: number;
  /** Number of occurrences of each line without an id. */
  readonly sameLines: Map<string, number>;
  readonly queues: AccountQueues;
  /** Pending entries of the log of refused usage. */
  invalid: Refused[];
  /** The last `at` of the file. */
  fileAt: number;
  readonly problem: Problem;
}

const openImport = (ledger: Ledger, options: ImportOptions): Importing => {
  const result: ImportResult = {
    lines: 0,
    commands: { done: 0, repeated: 0, refused: 0 },
    usage: { accepted: 0, duplicates: 0, conflicts: 0, refused: 0 },
    malformed: 0,
    problems: [],
    stopped: false,
    latest: null,
  };
  const problem: Problem = (line, code, detail, field) => {
    if (options.stopOnError) result.stopped = true;
    if (result.problems.length < options.problemsMax)
      result.problems.push({ line, code, ...(field === undefined ? {} : { field }), detail });
  };
  return {
    ...{ ledger, options, result, problem },
    ...{ buffers: new Map(), buffered: 0, sameLines: new Map(), queues: openAccountQueues() },
    ...{ invalid: [], fileAt: Number.NEGATIVE_INFINITY },
  };
};

const take = (importing: Importing, line: number, parsed: ImportLine): void => {
  if (parsed.kind === 'usage') usage(importing, line, parsed);
  else if (parsed.kind === 'command') command(importing, line, parsed);
  else refuse(importing, line, parsed);
};

/** Whether the limits on buffered and queued work are exceeded. */
const isFull = ({ buffered, queues }: Importing): boolean =>
  buffered > BUFFERED_MAX || queues.waiting() > WAITING_MAX;

/** Flushes all buffers; resolves when everything is durable. */
const settled = (importing: Importing): Promise<void> => {
  for (const account of [...importing.buffers.keys()]) flush(importing, account);
  logInvalid(importing);
  return importing.queues.settled();
};

const notAfter = ({ options }: Importing): number => options.notAfter?.() ?? Number.POSITIVE_INFINITY;

const flush = (importing: Importing, account: string): void => {
  const { buffers, queues } = importing;
  const batch = buffers.get(account);
  if (!batch) return;
  buffers.delete(account);
  importing.buffered -= batch.records.length;
  queues.add(account, () => meterLines(importing, account, batch));
};

const usage = (importing: Importing, line: number, { account, record, came }: Parsed<'usage'>): void => {
  const { buffers, result } = importing;
  let batch = buffers.get(account);
  if (!batch) {
    batch = { records: [], came: [], lines: [], at: Number.NEGATIVE_INFINITY };
    buffers.set(account, batch);
  }
  batch.records.push(record);
  batch.came.push(came);
  batch.lines.push(line);
  // Recorded at the later of its own time and the last `at` of the file (interface.md).
  batch.at = Math.min(Math.max(batch.at, record.time, importing.fileAt), notAfter(importing));
  result.latest = Math.max(result.latest ?? batch.at, batch.at);
  importing.buffered += 1;
  if (batch.records.length >= BATCH) flush(importing, account);
};

const keyOf = (
  { sameLines }: Importing,
  { account, id, content: { written } }: Parsed<'command'>,
): string => {
  // An id that looks like a content key must not collide with one.
  if (id !== null) return CONTENT_KEY.test(id) ? `import ${account} id ${id}` : `import ${account} ${id}`;
  // A line without an id is identified by its content, and equal lines of a file by their order.
  const count = (sameLines.get(written) ?? 0) + 1;
  sameLines.set(written, count);
  return `import ${account} ${written} ${count}`;
};

const command = (importing: Importing, line: number, parsed: Parsed<'command'>): void => {
  const { ledger, result, problem, queues } = importing;
  flush(importing, parsed.account);
  if (parsed.at > notAfter(importing)) {
    result.commands.refused += 1;
    const detail = `${instantText(parsed.at)} is in the future; this ledger uses the system clock`;
    problem(line, 'in_the_future', detail, 'at');
    return;
  }
  importing.fileAt = Math.max(importing.fileAt, parsed.at);
  result.latest = Math.max(result.latest ?? parsed.at, parsed.at);
  const mark = { key: keyOf(importing, parsed), hash: parsed.content.hash, actor: 'import' };
  queues.add(parsed.account, async () => {
    try {
      const answer = await asWrittenBefore(mark, parsed.content, (own) =>
        ledger.execute(parsed.account, parsed.command, parsed.at, own),
      );
      result.commands[answer.outcome] += 1;
      if (answer.outcome === 'refused') problem(line, answer.refusal.code, answer.refusal.detail);
    } catch (error) {
      const stopped = stoppedBy(error);
      if (!stopped) throw error;
      result.commands.refused += 1;
      problem(line, stopped.code, stopped.detail);
    }
  });
};

/** Reports an invalid line; what may have been usage is also kept, as received, in the log of refused usage. */
const refuse = (
  importing: Importing,
  line: number,
  parsed: Parsed<'invalid_usage'> | Parsed<'malformed'>,
): void => {
  const { result, problem, invalid } = importing;
  const { field, message } = parsed.problem;
  const isUsage = parsed.kind === 'invalid_usage';
  if (isUsage) result.usage.refused += 1;
  else result.malformed += 1;
  problem(line, isUsage ? 'invalid_record' : 'invalid_request', message, field);
  if (parsed.came === null) return;
  const account = isUsage ? parsed.account : null;
  invalid.push({ account, code: 'invalid_record', detail: `${field}: ${message}`, came: parsed.came });
  if (invalid.length >= REFUSED_TOGETHER) logInvalid(importing);
};

const logInvalid = (importing: Importing): void => {
  const { ledger, queues, invalid: refused, fileAt } = importing;
  if (refused.length === 0) return;
  importing.invalid = [];
  const at = fileAt === Number.NEGATIVE_INFINITY ? 0 : fileAt;
  queues.add('', async () => {
    await ledger.logRefused(refused, at);
  });
};
