/** `suanpan import` and `close-month`: the commands that write. */

import { openPieces } from '../files/pieces.ts';
import { importLines } from '../import/import.ts';
import type { ImportResult } from '../import/result.ts';
import { stoppedOrThrow } from '../ledger/account/single-account-failure.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { DEFAULT_STORE, whereOf, whyNoLedger } from '../ledger/location.ts';
import { openLedgerAt } from '../ledger/open.ts';
import { accountPages } from '../ledger/queries/accounts.ts';
import { advanceTestClock, chosenClock } from '../ledger/system/clock-choice.ts';
import { checkKey, requireKey, sealing } from './checkpoint-signing.ts';
import {
  type Command,
  type Context,
  dataOf,
  monthWord,
  STORE_FLAG,
  storeOf,
  textFlag,
  WrongUse,
} from './command.ts';
import { commandInstant, latestInstant } from './command-instant.ts';
import { styled } from './style.ts';
import { bar, counted } from './table.ts';
import { ACCOUNT, INSTANT } from './values.ts';

const PROBLEMS_SHOWN = 50;
const PROBLEMS_KEPT = 10_000;

/** Runs work on an existing ledger open for writing, and closes it. Throws WrongUse if there is no file of one. */
export const writing = async <T>(
  context: Context,
  clock: 'driven' | 'real',
  work: (ledger: Ledger) => Promise<T>,
): Promise<T> => {
  const { kind, base } = whereOf(storeOf(context, DEFAULT_STORE), dataOf());
  // A mistyped path must not make a ledger.
  const why = kind === 'file' && base !== null ? whyNoLedger(base) : null;
  if (why !== null) throw new WrongUse(why);
  return writingNew(context, clock, work);
};

/** The same, of a ledger that is created if there is none. */
const writingNew = async <T>(
  context: Context,
  clock: 'driven' | 'real',
  work: (ledger: Ledger) => Promise<T>,
): Promise<T> => {
  const zone = process.env['SUANPAN_ZONE'];
  const ledger = await openLedgerAt({
    store: storeOf(context, DEFAULT_STORE),
    data: dataOf(),
    clock,
    acceptLoss: process.env['SUANPAN_ACCEPT_LOSS'] === 'true',
    onNotice: context.out.complain,
    ...(zone ? { zone } : {}),
    ...(process.env['SUANPAN_BOOKS'] === 'none' ? { books: [] } : {}),
  });
  let hasClosed = false;
  ledger.onClosed(() => {
    hasClosed = true;
  });
  try {
    await checkKey(context, ledger.store);
    const result = await work(ledger);
    // Every close is under a checkpoint when the command ends.
    if (hasClosed) await sealing(context, ledger.store, (sealer) => sealer.sign());
    return result;
  } finally {
    await ledger.close();
  }
};

export const importFile: Command = {
  usage: 'import FILE',
  what: 'Imports NDJSON of usage CloudEvents and commands (- reads standard input). Importing the same again is harmless.',
  flags: {
    ...STORE_FLAG,
    'stop-on-error': { type: 'boolean', what: 'stop at the first line that is malformed or refused' },
  },
  words: [1, 1],
  run: async (context) => {
    const [file = '-'] = context.words;
    const input = file === '-' ? process.stdin : await openPieces(file);
    const { out, flags } = context;
    return writingNew(context, 'driven', async (ledger) => {
      const clock = await chosenClock(ledger.store);
      const result = await importLines(ledger, input, {
        stopOnError: flags['stop-on-error'] === true,
        problemsMax: PROBLEMS_KEPT,
        notAfter: () => latestInstant(clock),
        onProgress: ({ lines, usage }) =>
          out.progress(`${counted(lines)} lines, ${counted(usage.accepted)} records`),
      });
      // Advance the test clock to the latest instant of the import.
      if (clock === 'test' && result.latest !== null) await advanceTestClock(ledger.store, result.latest);
      out.done();
      out.answer(result);
      tell(result, out.say);
      return result.malformed > 0 ? 2 : flags['stop-on-error'] && result.stopped ? 1 : 0;
    });
  },
};

const tell = (result: ImportResult, say: (line: string) => void): void => {
  for (const { line, code, field, detail } of result.problems.slice(0, PROBLEMS_SHOWN)) {
    say(`line ${line}: ${styled('red', code)} ${field ? `${field}: ` : ''}${detail}`);
  }
  const more = result.problems.length - PROBLEMS_SHOWN;
  if (more > 0) say(`… and ${counted(more)} more (see --json)`);
  const { commands, usage } = result;
  say(`${counted(result.lines)} lines${result.stopped ? ', then stopped' : ''}`);
  say(
    `commands: ${commands.done} done, ${commands.repeated} repeated, ${commands.refused} refused; ${result.malformed} lines malformed`,
  );
  say(
    `records: ${counted(usage.accepted)} accepted, ${counted(usage.duplicates)} duplicates, ${counted(usage.conflicts)} conflicts, ${counted(usage.refused)} refused`,
  );
};

const TOGETHER = 64;

export const closeMonth: Command = {
  usage: 'close-month MONTH [--account A]',
  what: 'Closes a month of one account or of all. Running it again closes what is left.',
  flags: {
    ...STORE_FLAG,
    account: { type: 'string', what: 'only this account', value: ACCOUNT },
    at: { type: 'string', what: 'when it happens (RFC 3339; default: now)', value: INSTANT },
  },
  words: [1, 1],
  run: (context) => {
    // Checked before anything is closed, because closes are signed.
    requireKey(context);
    return writing(context, 'driven', async (ledger) => {
      const month = monthWord(context.words[0]);
      const at = await commandInstant(context, ledger.store);
      const account = textFlag(context, 'account');
      const accounts = account === undefined ? await everyAccount(ledger) : [account];
      const { out } = context;
      const closed: string[] = [];
      const already: string[] = [];
      const refused: { account: string; code: string; detail: string }[] = [];
      for (let i = 0; i < accounts.length; i += TOGETHER) {
        out.progress(`closing ${bar(i, accounts.length)} accounts`);
        await Promise.all(
          accounts.slice(i, i + TOGETHER).map(async (id) => {
            try {
              if (account === undefined && (await openedAfter(ledger, id, month))) return;
              const answer = await ledger.execute(id, { name: 'close-month', body: { month } }, at, null);
              if (answer.outcome !== 'refused') (answer.events.length > 0 ? closed : already).push(id);
              else refused.push({ account: id, code: answer.refusal.code, detail: answer.refusal.detail });
            } catch (error) {
              refused.push({ account: id, ...stoppedOrThrow(error) });
            }
          }),
        );
      }
      out.done();
      out.answer({ month, closed: closed.length, alreadyClosed: already.length, refused });
      for (const r of refused) out.say(`${r.account}: ${styled('red', r.code)} ${r.detail}`);
      out.say(closedText(month, { closed, already, refused: refused.length }));
      return refused.length === 0 ? 0 : 1;
    });
  },
};

const closedText = (
  month: string,
  {
    closed,
    already,
    refused,
  }: { readonly closed: readonly string[]; readonly already: readonly string[]; readonly refused: number },
): string => {
  if (closed.length > 0 || refused > 0)
    return `${month}: ${counted(closed.length)} accounts closed, ${counted(already.length)} closed already, ${counted(refused)} refused`;
  if (already.length === 0) return `${month}: nothing was done: no account had this month`;
  const whose = already.length === 1 ? already[0] : `all ${counted(already.length)} accounts`;
  return `${month}: nothing was done: it is closed already for ${whose}`;
};

/** Whether an account did not exist yet in a month, so that it has nothing to close. */
const openedAfter = async (ledger: Ledger, id: string, month: string): Promise<boolean> => {
  const { account } = await ledger.entry(id);
  return account !== null && ledger.calendar.monthOf(account.openedAt) > month;
};

const everyAccount = async (ledger: Ledger): Promise<string[]> => {
  const accounts: string[] = [];
  for await (const page of accountPages(ledger.store)) accounts.push(...page);
  return accounts;
};
