/** The command line. Exit 0: fine; 1: a check failed; 2: wrong use. */
import { readFileSync } from 'node:fs';
import { StoredEventUnreadable } from '../codec/event-codec.ts';
import { FileUnwritable } from '../files/whole-file.ts';
import { BadSetting } from '../ledger/where.ts';
import { LedgerDamaged, StoreUnavailable } from '../store/event-store.ts';
import { LedgerInUse } from '../store/identity-index-level.ts';
import { SecretUnreadable } from '../store/secrets.ts';
import { didYouMean } from '../text/nearest.ts';
import { printableLines } from '../text/printable.ts';
import { changes, estimate } from './as-of-commands.ts';
import { backup, restore } from './backup-command.ts';
import { bill, replay } from './bill-commands.ts';
import { blocked } from './blocked-command.ts';
import { bundle } from './bundle-command.ts';
import { checkpoint } from './checkpoint-command.ts';
import { type Command, runCommand, WrongUse } from './command.ts';
import { copy } from './copy-command.ts';
import { demo } from './demo-command.ts';
import { dispute } from './dispute-command.ts';
import { explain } from './explain-command.ts';
import { exportFile } from './export-command.ts';
import { keys } from './keys-command.ts';
import { load } from './load-command.ts';
import { priceBook } from './price-book-command.ts';
import { overview, rebuild } from './rebuild-command.ts';
import { serve } from './serve-command.ts';
import { signingKeys } from './signing-keys-command.ts';
import { account } from './store-commands.ts';
import { verify } from './verify-command.ts';
import { closeMonth, importFile } from './write-commands.ts';

const commands: Readonly<Record<string, Command>> = {
  serve,
  demo,
  import: importFile,
  'close-month': closeMonth,
  blocked,
  bill,
  replay,
  explain,
  estimate,
  account,
  changes,
  bundle,
  verify,
  dispute,
  checkpoint,
  rebuild,
  overview,
  export: exportFile,
  load,
  copy,
  backup,
  restore,
  keys,
  'signing-keys': signingKeys,
  'price-book': priceBook,
};

const help = (): string => {
  const width = Math.max(...Object.values(commands).map(({ usage }) => usage.length));
  return [
    'Suanpan 算盘: an event-sourced usage ledger for metered APIs',
    '',
    ...Object.values(commands).map(({ usage, what }) => `  suanpan ${usage.padEnd(width)}  ${what}`),
    '',
    'Each takes --help and --json. Exit 0: fine; 1: a check failed; 2: wrong use.',
  ].join('\n');
};

const version = (): string => {
  const { version: text } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return String(text);
};

const run = async (args: readonly string[]): Promise<number> => {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === 'help') {
    process.stdout.write(`${help()}\n`);
    return name === undefined ? 2 : 0;
  }
  if (name === '--version') {
    process.stdout.write(`${version()}\n`);
    return 0;
  }
  const command = commands[name];
  if (!command)
    throw new WrongUse(
      `unknown command ${name}${didYouMean(name, Object.keys(commands))} (see suanpan --help)`,
    );
  return runCommand(name, command, rest);
};

/** What SQLite itself says of a file it cannot read. */
const isSqlite = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR';

/** A file that is named wrongly: missing, a folder, not to be read or written. */
const isFile = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  ['ENOENT', 'EISDIR', 'ENOTDIR', 'EACCES', 'EPERM'].includes(String(error.code));

// Whoever reads may have read enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  const failed = error instanceof LedgerDamaged || error instanceof StoredEventUnreadable || isSqlite(error);
  const misused =
    error instanceof WrongUse ||
    error instanceof BadSetting ||
    error instanceof FileUnwritable ||
    error instanceof RangeError ||
    error instanceof LedgerInUse ||
    error instanceof StoreUnavailable ||
    error instanceof SecretUnreadable ||
    isFile(error);
  const message = error instanceof Error ? (failed || misused ? error.message : error.stack) : String(error);
  process.stderr.write(`suanpan: ${printableLines(String(message))}\n`);
  process.exitCode = failed ? 1 : misused ? 2 : 70;
}
