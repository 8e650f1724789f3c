/** `suanpan explain`: a bill to its records, and why an account was suspended. */

import { firstUsageOf } from '../audit/explain/account-events.ts';
import { explainBill } from '../audit/explain/explain-bill.ts';
import { recordCursorOf, recordsPage } from '../audit/explain/records.ts';
import { explainStanding } from '../audit/explain/suspensions.ts';
import { loadAccount } from '../ledger/account/loaded-account.ts';
import type { ReadContext } from '../ledger/context.ts';
import { type IssuedBill, issuedBill } from '../ledger/queries/bills.ts';
import { recordsAt } from '../ledger/queries/records-of-event.ts';
import {
  type Command,
  type Context,
  instantFlag,
  monthWord,
  numberFlag,
  STORE_FLAG,
  textFlag,
  WrongUse,
} from './command.ts';
import { explanationText, recordRows, standingText } from './explain-text.ts';
import { reading } from './ledger-for-reading.ts';
import { counted } from './table.ts';
import { DAY, INSTANT, integer } from './values.ts';

const RECORDS_SHOWN = 100;
const RECORDS_MOST = 100_000;

export const explain: Command = {
  usage:
    'explain ACCOUNT MONTH [--meter M] [--day D] [--event REVISION] [--records] | explain ACCOUNT --suspended INSTANT',
  what: 'Shows what made each number of a bill, down to the records, as a tree; or why an account was suspended.',
  flags: {
    ...STORE_FLAG,
    meter: { type: 'string', what: 'only this meter' },
    day: { type: 'string', what: 'only this day (YYYY-MM-DD in the billing zone)', value: DAY },
    event: {
      type: 'string',
      what: 'the records of the event with this revision',
      value: integer(0, Number.MAX_SAFE_INTEGER),
    },
    records: { type: 'boolean', what: 'the records themselves, with who paid for each' },
    limit: {
      type: 'string',
      what: `how many records (default ${RECORDS_SHOWN})`,
      value: integer(1, RECORDS_MOST),
    },
    cursor: { type: 'string', what: 'where to continue, as the last page shows' },
    suspended: {
      type: 'string',
      what: 'why the account was suspended at this instant (RFC 3339)',
      value: INSTANT,
    },
  },
  words: [1, 2],
  run: (context) =>
    reading(context, async (open) => {
      const [account = '', word] = context.words;
      const at = instantFlag(context, 'suspended');
      if (at !== null) {
        if (word !== undefined) throw new WrongUse('--suspended takes an account and no month');
        return standing(context, open, account, at);
      }
      const month = monthWord(word);
      const issued = await issuedBill(open.store, account, month);
      if (!issued) throw new WrongUse(`bill_unknown: ${account} has no bill for ${month}`);
      const { out, flags } = context;
      const meter = textFlag(context, 'meter');
      const day = textFlag(context, 'day');
      const event = numberFlag(context, 'event');
      checkFilters(issued, { meter, day, event });
      if (flags['records'] === true || event !== undefined) {
        const { stream, to } = issued.bill.events;
        const from = await firstUsageOf(open.store, issued);
        const range = { stream, month, from, to, meter, day, event, after: placeFlag(context) };
        const read = (revision: number) => recordsAt(open.store, stream, revision);
        const of = { ...open, ...range, recordsAt: read };
        const page = await recordsPage(of, numberFlag(context, 'limit') ?? RECORDS_SHOWN);
        out.answer(page);
        for (const row of recordRows(page.items, open.calendar)) out.say(row);
        out.say(`${counted(page.items.length)} records${page.next ? `; more: --cursor ${page.next}` : ''}`);
        return 0;
      }
      const explained = await explainBill(open, issued, meter);
      out.answer(
        day === undefined
          ? explained
          : {
              ...explained,
              lines: explained.lines.map((line) => ({
                ...line,
                days: line.days.filter((row) => row.day === day),
              })),
            },
      );
      for (const line of explanationText(explained, day)) out.say(line);
      return 0;
    }),
};

/** A mistyped filter must not look like an empty result. */
const checkFilters = (
  { bill, closed }: IssuedBill,
  { meter, day, event }: { meter: string | undefined; day: string | undefined; event: number | undefined },
): void => {
  const meters = [...bill.lines, ...bill.corrections].map((line) => line.meter);
  if (meter !== undefined && !meters.includes(meter))
    throw new WrongUse(`meter_unknown: the bill of ${bill.month} has no line of ${meter}`);
  if (
    day !== undefined &&
    !(/^\d{4}-\d\d-\d\d$/.test(day) && day.startsWith(bill.month) && day.slice(8) <= '31')
  )
    throw new WrongUse(`--day: ${day} is not a valid day of ${bill.month}, expected YYYY-MM-DD`);
  if (event !== undefined && event > closed)
    throw new WrongUse(`--event: the bill rests on events up to ${closed} of ${bill.events.stream}`);
};

const standing = async (
  { out }: Context,
  { store, calendar }: ReadContext,
  account: string,
  at: number,
): Promise<number> => {
  const { account: held } = await loadAccount(store, null, account);
  if (!held) throw new WrongUse(`account_unknown: there is no account ${account}`);
  const explained = await explainStanding(store, calendar, held, at);
  out.answer(explained);
  for (const line of standingText(explained, calendar)) out.say(line);
  return 0;
};

const placeFlag = (context: Context) => {
  const text = textFlag(context, 'cursor');
  if (text === undefined) return undefined;
  const place = recordCursorOf(text);
  if (!place) throw new WrongUse(`--cursor: ${text}: not a valid cursor, expected one that explain gave`);
  return place;
};
