/** `suanpan export`: the ledger's events for loading elsewhere, and CSV for accountants. */

import { accountStream } from '../eventstore/stream-names.ts';
import { accountsOf, billsOf } from '../exports/account-events.ts';
import { BILL_COLUMNS, billRows } from '../exports/bills-csv.ts';
import { type Cell, csvFile } from '../exports/csv.ts';
import { FOCUS_COLUMNS } from '../exports/focus-columns.ts';
import { focusOf } from '../exports/focus-csv.ts';
import { type Period, periodOf } from '../exports/period.ts';
import { type Statement, statementOf } from '../exports/statement.ts';
import { STATEMENT_COLUMNS, statementRows } from '../exports/statement-csv.ts';
import { DAY_COLUMNS, RECORD_COLUMNS, usageByDay, usageByRecord } from '../exports/usage-csv.ts';
import type { ReadContext } from '../ledger/context.ts';
import { ledgerLines, streamLines } from '../transfer/ledger-file.ts';
import { type Command, type Context, STORE_FLAG, textFlag, WrongUse } from './command.ts';
import { checkBeside, digestBeside } from './digest-beside.ts';
import { reading } from './ledger-for-reading.ts';
import { writeOutput } from './output-file.ts';
import { counted } from './table.ts';
import { ACCOUNT, MONTH, oneOf } from './values.ts';

type Pieces = AsyncIterable<string>;

interface Asked extends ReadContext {
  readonly context: Context;
  readonly account: string | undefined;
  readonly period: Period;
}

/** Rows of the given account, or of all accounts in sequence. */
async function* ofEach(
  { store, account }: Asked,
  rows: (account: string) => AsyncIterable<readonly Cell[]>,
): AsyncGenerator<readonly Cell[]> {
  for await (const id of accountsOf(store, account)) yield* rows(id);
}

const bills = (asked: Asked): Pieces => {
  const { store, calendar, period } = asked;
  const rows = async function* (account: string) {
    for await (const bill of billsOf(store, calendar, account, period)) yield* billRows(bill, calendar);
  };
  return csvFile(BILL_COLUMNS, ofEach(asked, rows));
};

const usage = (asked: Asked): Pieces => {
  const by = textFlag(asked.context, 'by') ?? 'day';
  if (by === 'day')
    return csvFile(
      DAY_COLUMNS,
      ofEach(asked, (account) => usageByDay(asked, account)),
    );
  if (by !== 'record') throw new WrongUse(`--by: ${by} is neither day nor record`);
  return csvFile(
    RECORD_COLUMNS,
    ofEach(asked, (account) => usageByRecord(asked, account)),
  );
};

const DEFAULT_PROVIDER = 'Suanpan';
const focus = (asked: Asked): Pieces => {
  const provider = textFlag(asked.context, 'provider') ?? DEFAULT_PROVIDER;
  return csvFile(
    FOCUS_COLUMNS,
    ofEach(asked, (account) => focusOf({ ...asked, provider }, account)),
  );
};

const events = ({ store, account, period }: Asked): Pieces => {
  if (period.from !== null || period.to !== null)
    throw new WrongUse('--as events takes no month, no from and no to: a ledger is exported whole');
  return account === undefined ? ledgerLines(store) : streamLines(store, accountStream(account));
};

const statementAsked = async ({ store, account, period }: Asked): Promise<Statement> => {
  if (account === undefined) throw new WrongUse('--as statement needs --account');
  const statement = await statementOf(store, account, period);
  if (!statement) throw new WrongUse(`account_unknown: there is no account ${account}`);
  return statement;
};

const statement = async function* (asked: Asked): AsyncGenerator<string> {
  const made = await statementAsked(asked);
  // With JSON on standard output, only the statement itself can be JSON.
  if (asked.context.out.json && asked.context.words[0] === '-') yield `${JSON.stringify(made, null, 2)}\n`;
  else yield* csvFile(STATEMENT_COLUMNS, statementRows(made, asked.calendar));
};

const KINDS: Readonly<Record<string, (asked: Asked) => Pieces>> = { events, bills, usage, focus, statement };

export const exportFile: Command = {
  usage: 'export FILE [--as events|bills|usage|focus|statement]',
  what: 'Writes every event as NDJSON, with its seal and its records; or bills, usage, FOCUS rows or a statement as CSV (- writes to standard output).',
  flags: {
    ...STORE_FLAG,
    as: {
      type: 'string',
      what: 'events (default), bills, usage, focus or statement',
      value: oneOf('events', 'bills', 'usage', 'focus', 'statement'),
    },
    account: { type: 'string', what: 'only this account', value: ACCOUNT },
    month: { type: 'string', what: 'only this month (YYYY-MM)', value: MONTH },
    from: { type: 'string', what: 'from this month, day or instant on' },
    to: { type: 'string', what: 'up to this month, day or instant, which is excluded' },
    by: { type: 'string', what: 'usage by day (default) or record', value: oneOf('day', 'record') },
    provider: { type: 'string', what: `who sells, in FOCUS rows (default ${DEFAULT_PROVIDER})` },
  },
  words: [1, 1],
  writesFile: true,
  run: (context) =>
    reading(context, async (ledger) => {
      const [file = '-'] = context.words;
      const as = textFlag(context, 'as') ?? 'events';
      const kind = Object.hasOwn(KINDS, as) ? KINDS[as] : undefined;
      if (!kind)
        throw new WrongUse(`--as: ${as} is not valid, expected one of ${Object.keys(KINDS).join(', ')}`);
      const [account, month] = [textFlag(context, 'account'), textFlag(context, 'month')];
      const bounds = { month, from: textFlag(context, 'from'), to: textFlag(context, 'to') };
      if (account !== undefined && (await ledger.store.head(accountStream(account))).length === 0)
        throw new WrongUse(`account_unknown: there is no account ${account}`);
      const period = periodOf(ledger.calendar, bounds);
      await write(context, file, as, kind({ ...ledger, context, account, period }));
      return 0;
    }),
};

/** Writes pieces as they arrive and returns the number of lines. */
const write = async (context: Context, file: string, as: string, pieces: Pieces): Promise<void> => {
  const { out } = context;
  const unit = as === 'events' ? 'events' : 'lines';
  // The export of a whole ledger ends with its number of events and digest.
  const isLedger = as === 'events' && textFlag(context, 'account') === undefined;
  if (!isLedger) await checkBeside(context, file);
  let lines = 0;
  const countedPieces = async function* (): AsyncGenerator<string> {
    for await (const piece of pieces) {
      for (let at = piece.indexOf('\n'); at >= 0; at = piece.indexOf('\n', at + 1)) lines += 1;
      yield piece;
    }
  };
  const { sha256 } = await writeOutput(context, file, countedPieces(), () => `${counted(lines)} ${unit}`);
  out.done();
  if (file === '-') return;
  const count = isLedger ? lines - 1 : lines;
  const beside = isLedger ? null : digestBeside(file, sha256);
  out.answer({ [unit]: count, file, sha256 });
  out.say(
    `${counted(count)} ${unit} written to ${file} (SHA-256 ${sha256}${beside ? `, in ${beside}` : ''})`,
  );
};
