/** The lines of an import: usage CloudEvents and commands, parsed with what is wrong named by field (interface.md). */
import * as z from 'zod';
import { canonicalJson } from '../domain/canonical.ts';
import type { UsageRecord } from '../domain/usage.ts';
import { accountId, isCommandName, type LedgerCommand, parseCommand } from '../edge/commands.ts';
import type { InputProblem } from '../edge/input-problem.ts';
import { instantFromText } from '../edge/instant-text.ts';
import { parseUsage } from '../edge/usage-event.ts';
import { type Came, reportOfJson, type UsageReport } from '../edge/usage-report.ts';
import { brokenTextIn, NOT_WELL_FORMED } from '../edge/well-formed.ts';
import { sha256 } from '../store/sha256.ts';
import { strictJson } from '../text/strict-json.ts';

export type ImportLine =
  | {
      readonly kind: 'usage';
      readonly account: string;
      readonly record: UsageRecord;
      readonly came: Came;
    }
  | {
      readonly kind: 'invalid_usage';
      readonly account: string | null;
      readonly problem: InputProblem;
      readonly came: Came;
    }
  | {
      readonly kind: 'command';
      readonly account: string;
      readonly at: number;
      readonly command: LedgerCommand;
      /** The line's own id, or null when it has none. */
      readonly id: string | null;
      /** SHA-256 of everything the line says but its id. */
      readonly hash: string;
    }
  | { readonly kind: 'malformed'; readonly problem: InputProblem };

const commandLine = z.looseObject({
  at: z.string(),
  command: z.string(),
  account: accountId,
  id: z.string().min(1).max(200).optional(),
});

/** Parses one line. Never throws. */
export const parseLine = (text: string): ImportLine => {
  const json = strictJson(text, { halves: true });
  const { value } = json;
  if (!json.ok && json.fault.kind === 'syntax') return malformed('line', json.fault.detail);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return malformed('line', 'is not a JSON object');
  if ('specversion' in value && !('command' in value)) return usageOf(reportOfJson(text, json));
  if (!json.ok) return malformed(json.fault.field || 'line', json.fault.detail);
  const broken = brokenTextIn(value);
  if (broken !== null) return malformed(broken || 'line', NOT_WELL_FORMED);
  return 'command' in value ? commandOf(value) : noKind(value);
};

const malformed = (field: string, message: string): ImportLine => ({
  kind: 'malformed',
  problem: { field, message },
});

const usageOf = ({ parsed, came }: UsageReport): ImportLine => {
  if (parsed.ok) return { kind: 'usage', account: parsed.account, record: parsed.record, came };
  const { account, field, message } = parsed;
  return { kind: 'invalid_usage', account, problem: { field, message }, came };
};

const noKind = (value: object): ImportLine => {
  const parsed = parseUsage(value);
  const [field, why] = parsed.ok ? ['line', 'is'] : [parsed.field, `${parsed.message};`];
  return malformed(field, `${why} neither a command nor a usage CloudEvent`);
};

const commandOf = (value: object): ImportLine => {
  const line = commandLine.safeParse(value);
  if (!line.success) {
    const issue = line.error.issues[0];
    return malformed(issue?.path.join('.') || 'line', issue?.message ?? 'is malformed');
  }
  const { at, command: name, account, id, ...rest } = line.data;
  if (!isCommandName(name)) return malformed('command', `${name} is no command`);
  const instant = instantFromText(at);
  if (instant === null) return malformed('at', 'must be an RFC 3339 instant with an offset');
  // A correction's own `id` names the record, as in its HTTP body, unless `record` does.
  const namesRecord = name === 'correct-usage' && rest['record'] === undefined;
  const body = namesRecord ? { ...rest, record: id } : rest;
  const parsed = parseCommand(name, body);
  if (!parsed.ok) {
    const field = namesRecord && parsed.problem.field === 'record' ? 'id' : parsed.problem.field;
    return malformed(field, parsed.problem.message);
  }
  return {
    kind: 'command',
    account,
    at: instant,
    command: parsed.command,
    id: namesRecord ? null : (id ?? null),
    hash: sha256(canonicalJson({ at: instant, name, account, ...body })),
  };
};
