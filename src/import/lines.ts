/** Parses the lines of an import: usage CloudEvents and commands; errors name the field (interface.md). */
import * as z from 'zod';
import { canonicalJson } from '../domain/canonical.ts';
import type { UsageRecord } from '../domain/usage.ts';
import {
  accountId,
  commandSchemas,
  isCommandName,
  type LedgerCommand,
  parseCommand,
} from '../input/commands.ts';
import type { InputProblem } from '../input/input-problem.ts';
import { instantFromText } from '../input/instant-text.ts';
import { brokenTextIn, NOT_WELL_FORMED } from '../input/json-safety.ts';
import { canonicalContent } from '../input/same-content.ts';
import { parseUsage } from '../input/usage-event.ts';
import { type Came, reportOfJson, type UsageReport } from '../input/usage-report.ts';
import { sha256 } from '../integrity/sha256.ts';
import type { ContentHashes } from '../ledger/account/as-written.ts';
import type { ByteLine } from '../text/byte-lines.ts';
import { didYouMean, nearest } from '../text/nearest.ts';
import { strictJson } from '../text/strict-json.ts';
import { rawLine } from './raw-line.ts';

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
      /** The line's `id`; null if it has none. */
      readonly id: string | null;
      /** The line's content without its id. */
      readonly content: ContentHashes;
    }
  /** `came`: the line as received, for the log of refused usage, if it may have been usage; null for a command. */
  | { readonly kind: 'malformed'; readonly problem: InputProblem; readonly came: Came | null };

const commandLine = z.looseObject({
  at: z.string(),
  command: z.string(),
  account: accountId,
  id: z.string().min(1).max(200).nullish(),
});

/** Parses one line; null for an empty one. Never throws. */
export const parseLine = (line: ByteLine): ImportLine | null => {
  const raw = rawLine(line);
  if (!raw.ok) return malformed('line', raw.message, raw.came);
  return raw.text.trim() === '' ? null : parseText(raw.text);
};

const parseText = (text: string): ImportLine => {
  const json = strictJson(text, { halves: true });
  const { value } = json;
  if (!json.ok && json.fault.kind === 'syntax') return malformed('line', json.fault.detail, { text });
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return malformed('line', 'is not a JSON object', { text });
  if ('specversion' in value && !('command' in value)) return usageOf(reportOfJson(text, json));
  const came = 'command' in value ? null : { text };
  if (!json.ok) return malformed(json.fault.field || 'line', json.fault.detail, came);
  const broken = brokenTextIn(value);
  if (broken !== null) return malformed(broken || 'line', NOT_WELL_FORMED, came);
  return 'command' in value ? commandOf(value) : noKind(value, text);
};

const malformed = (field: string, message: string, came: Came | null = null): ImportLine => ({
  kind: 'malformed',
  problem: { field, message },
  came,
});

const usageOf = ({ parsed, came }: UsageReport): ImportLine => {
  if (parsed.ok) return { kind: 'usage', account: parsed.account, record: parsed.record, came };
  const { account, field, message } = parsed;
  return { kind: 'invalid_usage', account, problem: { field, message }, came };
};

/** A line with neither `command` nor `specversion`; suggests the name if one is misspelt. */
const noKind = (value: object, text: string): ImportLine => {
  for (const name of ['command', 'specversion']) {
    const slip = slipOf(name, value);
    if (slip !== null) return malformed(slip, `unknown; did you mean ${name}?`, { text });
  }
  const parsed = parseUsage(value);
  const [field, why] = parsed.ok ? ['line', 'is'] : [parsed.field, `${parsed.message};`];
  return malformed(field, `${why} neither a command nor a usage CloudEvent`, { text });
};

const LINE_FIELDS = ['at', 'command', 'account', 'id'] as const;

/** A field that may be a misspelling of a missing one; null if none. */
const slipOf = (name: string, value: object): string | null => {
  if (Object.hasOwn(value, name)) return null;
  const names = Object.keys(value);
  if (names.length > NAMES_LOOKED_AT) return null;
  return names.find((own) => !isLineField(own) && nearest(own, [name]) !== null) ?? null;
};
const isLineField = (name: string): boolean => LINE_FIELDS.some((one) => one === name);
/** A command's line has about ten fields. */
const NAMES_LOOKED_AT = 100;

const commandOf = (value: object): ImportLine => {
  for (const name of ['at', 'account']) {
    const slip = slipOf(name, value);
    if (slip !== null) return malformed(slip, `unknown; did you mean ${name}?`);
  }
  const line = commandLine.safeParse(value);
  if (!line.success) {
    const issue = line.error.issues[0];
    return malformed(issue?.path.join('.') || 'line', issue?.message ?? 'is malformed');
  }
  const { at, command: name, account, id, ...rest } = line.data;
  if (!isCommandName(name)) return unknownCommand(name);
  const instant = instantFromText(at);
  if (instant === null) return malformed('at', 'not a valid instant, expected RFC 3339 with an offset');
  // A correction's own `id` names the record, as in its HTTP body, unless `record` does.
  const namesRecord = name === 'correct-usage' && rest['record'] === undefined;
  const body = namesRecord ? { ...rest, record: id } : rest;
  const parsed = parseCommand(name, body);
  const contentHash = (own: object): string => sha256(canonicalJson({ at: instant, name, account, ...own }));
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
    content: {
      hash: contentHash(canonicalContent(commandSchemas[name], parsed.command.body) as object),
      written: contentHash(body),
    },
  };
};

const NAME_SHOWN = 60;

const unknownCommand = (name: string): ImportLine => {
  const names = Object.keys(commandSchemas);
  const shown = name.length > NAME_SHOWN ? `${name.slice(0, NAME_SHOWN)}…` : name;
  return malformed(
    'command',
    `not a known command: ${shown}, expected ${names.join(', ')}${didYouMean(name, names)}`,
  );
};
