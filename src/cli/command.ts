/** What a command of the command line is, and how its words are parsed. */
import { parseArgs } from 'node:util';
import { MONTH } from '../edge/commands.ts';
import { type Output, openOutput } from './output.ts';

/** Wrong use: one clear line and exit 2. */
export class WrongUse extends Error {}

export interface Flag {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  readonly what: string;
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
  /** It writes a file that is named by a word or a flag: then it takes `--force`, and asks at a terminal. */
  readonly writesFile?: true;
  /** How many words it takes. */
  readonly words: readonly [least: number, most: number];
  /** The exit code: 0 fine, 1 a check failed. */
  run(context: Context): Promise<number>;
}

export const STORE_FLAG: Readonly<Record<string, Flag>> = {
  store: {
    type: 'string',
    what: 'sqlite:PATH or esdb://HOST:PORT (SUANPAN_STORE, default sqlite:./data/ledger.db)',
  },
};
const FORCE_FLAG: Readonly<Record<string, Flag>> = {
  force: { type: 'boolean', what: 'write over a file that is there' },
};
const COMMON: Readonly<Record<string, Flag>> = {
  json: { type: 'boolean', what: 'print JSON for programs' },
  help: { type: 'boolean', what: 'show this' },
};

/** Parses a command's words and flags and runs it. */
export const runCommand = async (
  name: string,
  command: Command,
  args: readonly string[],
): Promise<number> => {
  const options = flagsOf(command);
  let parsed: { values: Record<string, string | boolean | undefined>; positionals: string[] };
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new WrongUse(error instanceof Error ? error.message : String(error));
  }
  const { values, positionals } = parsed;
  if (values['help']) {
    process.stdout.write(`${helpText(command)}\n`);
    return 0;
  }
  const [least, most] = command.words;
  if (positionals.length < least || positionals.length > most) {
    throw new WrongUse(`usage: suanpan ${command.usage} (see suanpan ${name} --help)`);
  }
  return command.run({ words: positionals, flags: values, out: openOutput(values['json'] === true) });
};

/** Every flag that a command takes. */
export const flagsOf = (command: Command): Readonly<Record<string, Flag>> => ({
  ...command.flags,
  ...(command.writesFile ? FORCE_FLAG : {}),
  ...COMMON,
});

const helpText = (command: Command): string => {
  const flags = Object.entries(flagsOf(command));
  const names = flags.map(
    ([name, { type, short }]) => `${short ? `-${short}, ` : ''}--${name}${type === 'string' ? ' …' : ''}`,
  );
  const width = Math.max(...names.map((name) => name.length));
  return [
    `suanpan ${command.usage}`,
    '',
    command.what,
    '',
    ...flags.map(([, { what }], i) => `  ${(names[i] ?? '').padEnd(width)}  ${what}`),
  ].join('\n');
};

/** A string flag, or undefined. */
export const textFlag = ({ flags }: Context, name: string): string | undefined => {
  const value = flags[name];
  return typeof value === 'string' ? value : undefined;
};

/** The store's address: the flag, the environment, or the default. */
export const storeOf = (context: Context, fallback: string): string =>
  textFlag(context, 'store') ?? process.env['SUANPAN_STORE'] ?? fallback;

/** The folder for what is derived from a ledger on an engine; null: a command keeps that in memory. */
export const dataOf = (): string | null => process.env['SUANPAN_DATA'] || null;

/** A month among the words. */
export const monthWord = (word: string | undefined): string => {
  if (word === undefined || !MONTH.test(word))
    throw new WrongUse(`${word ?? 'nothing'} is no month (YYYY-MM)`);
  return word;
};
