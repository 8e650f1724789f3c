/** Defines commands of the command line, and parses their words and flags. */

import { parseArgs } from 'node:util';
import { MONTH } from '../input/commands.ts';
import { instantFromText } from '../input/instant-text.ts';
import { didYouMean } from '../text/nearest.ts';
import type { Output } from './output.ts';
import { ADDRESS, TEXT, type Value } from './values.ts';

/** Wrong use: one clear line and exit 2. A message may begin with the code of a refusal (`bill_unknown: …`). */
export class WrongUse extends Error {}

export interface Flag {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  readonly what: string;
  /** The type of its value (default: text). */
  readonly value?: Value;
}

export interface Context {
  readonly words: readonly string[];
  readonly flags: Readonly<Record<string, string | boolean | undefined>>;
  readonly out: Output;
}

export interface Command {
  readonly usage: string;
  readonly what: string;
  readonly flags?: Readonly<Record<string, Flag>>;
  /** The word or flag that names an output file; the command then has `--force`, and asks on a terminal. */
  readonly writesFile?: true;
  /** Number of words. */
  readonly words: readonly [least: number, most: number];
  /** The exit code: 0 fine, 1 a check failed. */
  run(context: Context): Promise<number>;
}

export const STORE_FLAG: Readonly<Record<string, Flag>> = {
  store: {
    type: 'string',
    what: 'sqlite:PATH or esdb://HOST:PORT (SUANPAN_STORE, default sqlite:./data/ledger.db)',
    value: ADDRESS,
  },
};
const FORCE_FLAG: Readonly<Record<string, Flag>> = {
  force: { type: 'boolean', what: 'write over a file that is there' },
};
const COMMON: Readonly<Record<string, Flag>> = {
  json: { type: 'boolean', what: 'print JSON for programs' },
  help: { type: 'boolean', what: 'show this' },
};

/** Every flag of a command, those that all commands have among them. */
export const flagsOf = (command: Command): Readonly<Record<string, Flag>> => ({
  ...command.flags,
  ...(command.writesFile ? FORCE_FLAG : {}),
  ...COMMON,
});

type Parsed = Pick<Context, 'words' | 'flags'>;

/**
 * A command's words and flags. Throws WrongUse for an unknown flag (naming the nearest), a repeated one, and a missing
 * or invalid value.
 */
export const parseWords = (command: Command, args: readonly string[]): Parsed => {
  const known = flagsOf(command);
  const options = Object.fromEntries(
    Object.entries(known).map(([name, { type, short }]) => [name, short ? { type, short } : { type }]),
  );
  const { tokens } = parseArgs({
    args: [...args],
    options,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const words: string[] = [];
  const flags: Record<string, string | boolean | undefined> = {};
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, rawName, value, inlineValue } = token;
    const flag = Object.hasOwn(known, name) ? known[name] : undefined;
    if (!flag) throw unknownFlag(rawName, known);
    if (Object.hasOwn(flags, name)) throw new WrongUse(`${rawName} is given twice`);
    flags[name] = flagValue(flag, rawName, value, inlineValue === true);
  }
  return { words, flags };
};

const unknownFlag = (rawName: string, known: Readonly<Record<string, Flag>>): WrongUse => {
  const names = Object.entries(known).flatMap(([name, { short }]) => [
    `--${name}`,
    ...(short ? [`-${short}`] : []),
  ]);
  return new WrongUse(
    `there is no flag ${rawName}${didYouMean(rawName, names)} (known: ${names.join(', ')})`,
  );
};

const flagValue = (
  flag: Flag,
  rawName: string,
  value: string | undefined,
  isInline: boolean,
): string | boolean => {
  if (flag.type === 'boolean') {
    if (value !== undefined) throw new WrongUse(`${rawName} takes no value`);
    return true;
  }
  if (value === undefined) throw new WrongUse(`${rawName} needs a value`);
  if (!isInline && /^-./.test(value))
    throw new WrongUse(`${rawName} needs a value, not ${value} (write ${rawName}=${value} if that is meant)`);
  const wrong = (flag.value ?? TEXT).wrong(value);
  if (wrong !== null) throw new WrongUse(`${rawName}: ${value === '' ? 'empty' : value}: ${wrong}`);
  return value;
};

/** Throws WrongUse for too few or too many words. */
export const checkWords = (
  name: string,
  { words: [least, most], usage }: Command,
  words: readonly string[],
): void => {
  if (words.length < least || words.length > most)
    throw new WrongUse(`usage: suanpan ${usage} (see suanpan ${name} --help)`);
};

/** A string flag, or undefined. */
export const textFlag = ({ flags }: Context, name: string): string | undefined => {
  const value = flags[name];
  return typeof value === 'string' ? value : undefined;
};

/** The instant of a flag; null if it is absent. */
export const instantFlag = (context: Context, name: string): number | null => {
  const text = textFlag(context, name);
  return text === undefined ? null : instantFromText(text);
};

/** The value of a number flag, or undefined. */
export const numberFlag = (context: Context, name: string): number | undefined => {
  const text = textFlag(context, name);
  return text === undefined ? undefined : Number(text);
};

/** The subcommand (`keys create`). Throws WrongUse for an unknown one, naming the nearest. */
export const verbOf = <Verb extends string>(
  { words: [word = ''] }: Context,
  verbs: readonly Verb[],
  usage: string,
): Verb => {
  const verb = verbs.find((one) => one === word);
  if (verb === undefined)
    throw new WrongUse(
      `not a valid choice: ${word}, expected ${verbs.join(', ')}${didYouMean(word, verbs)} (usage: suanpan ${usage})`,
    );
  return verb;
};

/** The store's address: the flag, the environment, or the default. */
export const storeOf = (context: Context, fallback: string): string =>
  textFlag(context, 'store') ?? process.env['SUANPAN_STORE'] ?? fallback;

/** The folder for data derived from a ledger on an engine; null: in memory. */
export const dataOf = (): string | null => process.env['SUANPAN_DATA'] || null;

/** A month among the words. */
export const monthWord = (word: string | undefined): string => {
  if (word === undefined || !MONTH.test(word))
    throw new WrongUse(`${word ?? 'nothing'}: not a valid month, expected YYYY-MM`);
  return word;
};
