/**
 * An import: lines go in, in order within an account, and every line that says something again is harmless. Usage is
 * gathered into batches between an account's commands; accounts go side by side, so that commits are shared.
 */
import { type Instant, instantText } from '../domain/calendar.ts';
import { NO_ACCOUNT } from '../domain/refused-record.ts';
import type { UsageRecord } from '../domain/usage.ts';
import type { Came } from '../edge/usage-report.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Refused } from '../ledger/refused-log.ts';
import { type ImportLine, parseLine } from './lines.ts';

export interface LineProblem {
  readonly line: number;
  readonly code: string;
  readonly field?: string;
  readonly detail: string;
}

export interface ImportResult {
  lines: number;
  readonly commands: { done: number; repeated: number; refused: number };
  readonly usage: { accepted: number; duplicates: number; conflicts: number; refused: number };
  malformed: number;
  /** Refused commands, conflicts, refused usage and malformed lines; at most as many as asked for. */
  readonly problems: LineProblem[];
  stopped: boolean;
  /** The latest instant at which anything of the file happened; null where nothing did. */
  latest: Instant | null;
}

export interface ImportOptions {
  readonly stopOnError: boolean;
  readonly problemsMax: number;
  /** The latest instant at which a command may happen; null: any. Usage is recorded no later. */
  readonly notAfter?: () => Instant | null;
  readonly onProgress: (result: ImportResult) => void;
}

interface Buffered {
  readonly records: UsageRecord[];
  readonly came: Came[];
  readonly lines: number[];
  at: number;
}

const BATCH = 2_000;
const BUFFERED_MAX = 50_000;
const PROGRESS_EVERY = 5_000;

/** Imports lines of NDJSON; resolves when everything is durable. */
export const importLines = async (
  ledger: Ledger,
  lines: AsyncIterable<string>,
  options: ImportOptions,
): Promise<ImportResult> => {
  const result: ImportResult = {
    lines: 0,
    commands: { done: 0, repeated: 0, refused: 0 },
    usage: { accepted: 0, duplicates: 0, conflicts: 0, refused: 0 },
    malformed: 0,
    problems: [],
    stopped: false,
    latest: null,
  };
  const buffers = new Map<string, Buffered>();
  const turns = new Map<string, Promise<void>>();
  const sameLines = new Map<string, number>();
  let buffered = 0;
  let fileAt = Number.NEGATIVE_INFINITY;
  let failed: unknown = null;

  const problem = (line: number, code: string, detail: string, field?: string) => {
    if (options.stopOnError) result.stopped = true;
    if (result.problems.length < options.problemsMax) {
      result.problems.push({ line, code, ...(field === undefined ? {} : { field }), detail });
    }
  };

  /** Work of one account, after its earlier work. */
  const inTurn = (account: string, work: () => Promise<void>): void => {
    const before = turns.get(account) ?? Promise.resolve();
    const turn = before.then(work).catch((error: unknown) => {
      failed ??= error;
    });
    turns.set(account, turn);
  };

  const settled = async () => {
    await Promise.all(turns.values());
    turns.clear();
    if (failed !== null) throw failed;
  };

  const flush = (account: string): void => {
    const batch = buffers.get(account);
    if (!batch) return;
    buffers.delete(account);
    buffered -= batch.records.length;
    inTurn(account, () => metered(account, batch));
  };

  const metered = async (account: string, batch: Buffered): Promise<void> => {
    const outcomes = await ledger.meter(account, batch.records, batch.at);
    const refused: Refused[] = [];
    for (const [i, line] of batch.lines.entries()) {
      const outcome = outcomes?.[i] ?? NO_ACCOUNT;
      if (outcome.outcome === 'accepted') result.usage.accepted += 1;
      else if (outcome.outcome === 'duplicate') result.usage.duplicates += 1;
      else if (outcome.outcome === 'conflict') {
        result.usage.conflicts += 1;
        problem(line, 'conflict', 'this identity was reported with other content');
      } else {
        const { code, field, detail } = outcome;
        result.usage.refused += 1;
        problem(line, code, `${detail} (the record is refused and logged)`, field);
        const came = batch.came[i] ?? { json: null };
        refused.push({ account: outcomes ? account : null, code, detail: `${field}: ${detail}`, came });
      }
    }
    if (refused.length > 0) await ledger.logRefused(refused, batch.at);
  };

  const buffer = (line: number, { account, record, came }: Extract<ImportLine, { kind: 'usage' }>): void => {
    let batch = buffers.get(account);
    if (!batch) {
      batch = { records: [], came: [], lines: [], at: Number.NEGATIVE_INFINITY };
      buffers.set(account, batch);
    }
    batch.records.push(record);
    batch.came.push(came);
    batch.lines.push(line);
    // Recorded at the later of its own time and the last `at` of the file (interface.md).
    batch.at = Math.min(
      Math.max(batch.at, record.time, fileAt),
      options.notAfter?.() ?? Number.POSITIVE_INFINITY,
    );
    result.latest = Math.max(result.latest ?? batch.at, batch.at);
    buffered += 1;
    if (batch.records.length >= BATCH) flush(account);
  };

  const keyOf = ({ account, id, hash }: Extract<ImportLine, { kind: 'command' }>): string => {
    if (id !== null) return `import ${account} ${id}`;
    // Without an id a line is known by its content, and equal lines of one file by their order.
    const count = (sameLines.get(hash) ?? 0) + 1;
    sameLines.set(hash, count);
    return `import ${account} ${hash} ${count}`;
  };

  const command = (line: number, parsed: Extract<ImportLine, { kind: 'command' }>): void => {
    flush(parsed.account);
    if (parsed.at > (options.notAfter?.() ?? Number.POSITIVE_INFINITY)) {
      result.commands.refused += 1;
      const detail = `${instantText(parsed.at)} lies in the future; this ledger lives by the system's clock`;
      problem(line, 'in_the_future', detail, 'at');
      return;
    }
    fileAt = Math.max(fileAt, parsed.at);
    result.latest = Math.max(result.latest ?? parsed.at, parsed.at);
    const mark = { key: keyOf(parsed), hash: parsed.hash, actor: 'import' };
    inTurn(parsed.account, async () => {
      const answer = await ledger.execute(parsed.account, parsed.command, parsed.at, mark);
      result.commands[answer.outcome] += 1;
      if (answer.outcome === 'refused') problem(line, answer.refusal.code, answer.refusal.detail);
    });
  };

  const invalidUsage = (line: number, parsed: Extract<ImportLine, { kind: 'invalid_usage' }>): void => {
    const { account, came } = parsed;
    const { field, message } = parsed.problem;
    result.usage.refused += 1;
    problem(line, 'invalid_record', message, field);
    const at = fileAt === Number.NEGATIVE_INFINITY ? 0 : fileAt;
    inTurn(account ?? '', () =>
      ledger.logRefused([{ account, code: 'invalid_record', detail: `${field}: ${message}`, came }], at),
    );
  };

  for await (const text of lines) {
    result.lines += 1;
    if (text.trim() === '') continue;
    const parsed = parseLine(text);
    if (parsed.kind === 'usage') buffer(result.lines, parsed);
    else if (parsed.kind === 'command') command(result.lines, parsed);
    else if (parsed.kind === 'invalid_usage') invalidUsage(result.lines, parsed);
    else {
      result.malformed += 1;
      problem(result.lines, 'invalid_request', parsed.problem.message, parsed.problem.field);
    }
    if (buffered > BUFFERED_MAX) {
      for (const account of [...buffers.keys()]) flush(account);
      await settled();
    } else if (turns.size > 256 || options.stopOnError) {
      if (options.stopOnError) for (const account of [...buffers.keys()]) flush(account);
      await settled();
    }
    if (result.lines % PROGRESS_EVERY === 0) options.onProgress(result);
    if (result.stopped) break;
  }
  for (const account of [...buffers.keys()]) flush(account);
  await settled();
  return result;
};
