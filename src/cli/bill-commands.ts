/** `suanpan bill` and `replay`. */

import { replayStream } from '../audit/replay/replay.ts';
import { digestOf, type Replay } from '../audit/replay/replay-month.ts';
import { instantOf } from '../domain/calendar.ts';
import type { EventStore } from '../eventstore/event-store.ts';
import { accountStream } from '../eventstore/stream-names.ts';
import { type Stopped, stoppedOrThrow } from '../ledger/account/single-account-failure.ts';
import type { ReadContext } from '../ledger/context.ts';
import { accountPages } from '../ledger/queries/accounts.ts';
import { type IssuedBill, issuedBill } from '../ledger/queries/bills.ts';
import { AS_OF_FLAG, draftAsOf } from './as-of-commands.ts';
import { billText } from './bill-text.ts';
import { type Command, type Context, instantFlag, monthWord, STORE_FLAG, WrongUse } from './command.ts';
import { disputesOf } from './dispute-text.ts';
import { reading } from './ledger-for-reading.ts';
import type { Output } from './output.ts';
import { styled } from './style.ts';
import { bar, counted } from './table.ts';
import { zoned } from './zoned.ts';

/** The account and the month that a command's words name. */
const accountAndMonth = ({ words: [account, month] }: Context): { account: string; month: string } => {
  if (account === undefined) throw new WrongUse('usage: suanpan replay ACCOUNT MONTH | replay --all');
  return { account, month: monthWord(month) };
};

const billOf = async (store: EventStore, account: string, month: string): Promise<IssuedBill> => {
  const issued = await issuedBill(store, account, month);
  if (!issued) throw new WrongUse(`bill_unknown: ${account} has no bill for ${month}`);
  return issued;
};

export const bill: Command = {
  usage: 'bill ACCOUNT MONTH [--as-of INSTANT]',
  what: 'Shows an issued bill; as of an instant before it was issued, its draft as it stood then.',
  flags: { ...STORE_FLAG, ...AS_OF_FLAG },
  words: [2, 2],
  run: async (context) => {
    const { account, month } = accountAndMonth(context);
    const at = instantFlag(context, 'as-of');
    return reading(context, async (open) => {
      const issued =
        at === null ? await billOf(open.store, account, month) : await issuedBill(open.store, account, month);
      if (at !== null && (!issued || instantOf(issued.bill.issuedAt) > at)) {
        const draft = await draftAsOf(open, account, at, month);
        context.out.answer(draft);
        const when = issued ? `issued at ${zoned(open.calendar, issued.bill.issuedAt)}` : 'not issued yet';
        context.out.say(`at ${open.calendar.textOf(at)} a draft: the bill is ${when}`);
        for (const line of billText({ ...draft, digest: 'none: a draft' }, open.calendar))
          context.out.say(line);
        return 0;
      }
      if (!issued) throw new WrongUse(`bill_unknown: ${account} has no bill for ${month}`);
      const { out } = context;
      out.answer(issued.bill);
      for (const line of billText(issued.bill, open.calendar)) out.say(line);
      for (const dispute of await disputesOf(open.store, account))
        if (dispute.month === month)
          out.say(`disputed: ${dispute.dispute}, ${dispute.state} (suanpan dispute list ${account})`);
      if (digestOf(issued.bill) === issued.bill.digest) return 0;
      out.complain(
        `this bill does not fit its digest: see suanpan replay ${account} ${month}, suanpan verify --store`,
      );
      return 1;
    });
  },
};

export const replay: Command = {
  usage: 'replay ACCOUNT MONTH | replay --all',
  what: 'Replays every event of a bill and compares the result with the bill issued, byte for byte.',
  flags: { ...STORE_FLAG, all: { type: 'boolean', what: 'every bill of every account' } },
  words: [0, 2],
  run: (context) =>
    reading(context, async (ledger) => {
      const { flags, out } = context;
      if (flags['all']) return replayAll(ledger, out);
      const { account, month } = accountAndMonth(context);
      const { bill: issued, closed } = await billOf(ledger.store, account, month);
      const since = issued.events.from;
      for await (const result of replayStream(ledger, accountStream(account), { since, closed })) {
        const { match, replayed, differences, records } = result;
        out.answer({ match, issued: result.issued, replayed, differences });
        tell(out, account, result);
        out.say(`${counted(result.events)} events and ${counted(records)} records decided again`);
        return match ? 0 : 1;
      }
      throw new WrongUse(`bill_unknown: ${account} has no bill for ${month}`);
    }),
};

const tell = (out: Output, account: string, { month, match, differences }: Replay): void => {
  out.say(`${account} ${month}: ${match ? styled('green', 'matches') : styled('red', 'differs')}`);
  for (const { event, path, recorded, replayed } of differences) {
    out.say(`  event ${event.revision} of ${event.stream}: ${path}`);
    out.say(`    recorded ${JSON.stringify(recorded)}, replayed ${JSON.stringify(replayed)}`);
  }
};

/** Replays all bills of a ledger; the exit code tells whether all match. */
export const replayAll = async (ledger: ReadContext, out: Output): Promise<number> => {
  const accounts: string[] = [];
  for await (const page of accountPages(ledger.store)) accounts.push(...page);
  let bills = 0;
  let records = 0;
  const differing: { account: string; result: Replay }[] = [];
  /** Accounts of which a bill cannot be replayed: the others are. */
  const stopped: ({ account: string } & Stopped)[] = [];
  for (const [i, account] of accounts.entries()) {
    out.longProgress(`replaying ${bar(i, accounts.length)} accounts`);
    try {
      for await (const result of replayStream(ledger, accountStream(account))) {
        bills += 1;
        records += result.records;
        if (!result.match) differing.push({ account, result });
      }
    } catch (error) {
      stopped.push({ account, ...stoppedOrThrow(error) });
    }
  }
  out.done();
  out.answer({
    match: differing.length + stopped.length === 0,
    accounts: accounts.length,
    bills,
    records,
    differing: differing.map(({ account, result }) => ({ account, ...result })),
    ...(stopped.length === 0 ? {} : { stopped }),
  });
  for (const { account, result } of differing) tell(out, account, result);
  for (const { account, code, detail } of stopped) out.say(`${account}: ${styled('red', code)} ${detail}`);
  const notReplayed =
    stopped.length === 0 ? '' : `, ${stopped.length} accounts cannot be replayed to the end`;
  const verdict = `${differing.length === 0 ? 'all match' : `${differing.length} differ`}${notReplayed}`;
  out.say(
    `${counted(bills)} bills of ${counted(accounts.length)} accounts replayed (${counted(records)} records): ${verdict}`,
  );
  return differing.length + stopped.length === 0 ? 0 : 1;
};
