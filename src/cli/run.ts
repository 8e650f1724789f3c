/** One run of the command line: looks up, parses and runs a command, and reports errors in one line. */
import { readFileSync } from 'node:fs';
import { debuglog } from 'node:util';
import { checkVariables } from '../serve/setting-names.ts';
import { didYouMean } from '../text/nearest.ts';
import { checkWords, parseWords, WrongUse } from './command.ts';
import { commands } from './commands.ts';
import { FINE, failureOf, WRONG_USE } from './failure.ts';
import { helpOf, helpOfAll } from './help.ts';
import { type Output, openOutput } from './output.ts';
import type { Streams } from './standard-streams.ts';

const debug = debuglog('suanpan');

/** Runs a command by its words; resolves to the exit code, and never rejects. */
export const run = async (args: readonly string[], streams: Streams): Promise<number> => {
  const isJson = args.slice(0, endOfFlags(args)).includes('--json');
  const out = openOutput(isJson, streams);
  try {
    checkText(args);
    return await runCommand(args, out);
  } catch (error) {
    return failed(out, error);
  }
};

/** Reports the error that ended a command; returns the exit code. */
export const failed = (out: Output, error: unknown): number => {
  const { exit, code, message } = failureOf(error);
  out.done();
  if (!out.isAnswered()) out.answer({ ok: false, error: { code, message, exit } });
  out.complain(message);
  debug('%s', error instanceof Error ? error.stack : error);
  return exit;
};

const endOfFlags = (args: readonly string[]): number => {
  const end = args.indexOf('--');
  return end < 0 ? args.length : end;
};

const runCommand = async (args: readonly string[], out: Output): Promise<number> => {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    out.answer({ commands: Object.keys(commands) });
    for (const line of helpOfAll(commands)) out.say(line);
    return name === undefined ? WRONG_USE : FINE;
  }
  if (name === '--version') {
    out.answer({ version: version() });
    out.say(version());
    return FINE;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command)
    throw new WrongUse(
      `there is no command ${name}${didYouMean(name, Object.keys(commands))} (see suanpan --help)`,
    );
  const { words, flags } = parseWords(command, rest);
  if (flags['help']) {
    out.answer({ usage: command.usage, what: command.what });
    for (const line of helpOf(command)) out.say(line);
    return FINE;
  }
  // After the help, which says what the settings are.
  checkVariables(process.env);
  checkWords(name, command, words);
  return command.run({ words, flags, out });
};

const version = (): string => {
  const { version: text } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return String(text);
};

/** Node replaces bytes that are not UTF-8 by this character, so two different names could become equal. */
const REPLACED = '\ufffd';
const ZERO = '\0';

const checkText = (args: readonly string[]): void => {
  const isBroken = (text: string | undefined): boolean => text?.includes(REPLACED) === true;
  const broken = args.findIndex((arg) => isBroken(arg) || arg.includes(ZERO) || !arg.isWellFormed());
  if (broken >= 0) throw new WrongUse(`argument ${broken + 1} is not valid UTF-8 text: ${args[broken]}`);
  const setting = Object.keys(process.env).find(
    (name) => name.startsWith('SUANPAN_') && (isBroken(name) || isBroken(process.env[name])),
  );
  if (setting !== undefined) throw new WrongUse(`${setting} is not valid UTF-8 text`);
};
