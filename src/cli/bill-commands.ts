/** `suanpan bill`, `replay` and `explain`. */
import { explainBill } from '../audit/explain.ts';
import { type Replay, replayStream } from '../audit/replay.ts';
import { type IssuedBill, issuedBill } from '../ledger/bills.ts';
import { accountStream } from '../ledger/surroundings.ts';
import type { EventStore } from '../store/event-store.ts';
import { billText } from './bill-text.ts';
import { type Command, type Context, monthWord, STORE_FLAG, textFlag, WrongUse } from './command.ts';
import { bar, counted, type Output, styled, table } from './output.ts';
import { type Reading, reading } from './reading.ts';

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
  usage: 'bill ACCOUNT MONTH',
  what: 'Shows an issued bill.',
  flags: STORE_FLAG,
  words: [2, 2],
  run: async (context) => {
    const { account, month } = accountAndMonth(context);
    return reading(context, async ({ store }) => {
      const issued = await billOf(store, account, month);
      context.out.answer(issued.bill);
      for (const line of billText(issued.bill)) context.out.say(line);
      return 0;
    });
  },
};

export const replay: Command = {
  usage: 'replay ACCOUNT MONTH | replay --all',
  what: 'Decides every fact behind a bill again and compares what comes out with what was issued, byte for byte.',
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
        out.say(`${counted(result.events)} facts and ${counted(records)} records decided again`);
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

const ACCOUNTS_A_PAGE = 500;
const PREFIX = 'account-';

/** Replays every bill of a ledger; the exit code says whether all match. */
export const replayAll = async (ledger: Reading, out: Output): Promise<number> => {
  const names: string[] = [];
  for (let after: string | null = null; ; ) {
    const page: string[] = await ledger.store.streams({ after, prefix: PREFIX, limit: ACCOUNTS_A_PAGE });
    names.push(...page);
    after = page.at(-1) ?? null;
    if (page.length < ACCOUNTS_A_PAGE) break;
  }
  let bills = 0;
  let records = 0;
  const differing: { account: string; result: Replay }[] = [];
  for (const [i, stream] of names.entries()) {
    out.progress(`replaying ${bar(i, names.length)} accounts`);
    for await (const result of replayStream(ledger, stream)) {
      bills += 1;
      records += result.records;
      if (!result.match) differing.push({ account: stream.slice(PREFIX.length), result });
    }
  }
  out.done();
  out.answer({
    match: differing.length === 0,
    accounts: names.length,
    bills,
    records,
    differing: differing.map(({ account, result }) => ({ account, ...result })),
  });
  for (const { account, result } of differing) tell(out, account, result);
  const verdict = differing.length === 0 ? 'all match' : `${differing.length} differ`;
  out.say(
    `${counted(bills)} bills of ${counted(names.length)} accounts replayed (${counted(records)} records): ${verdict}`,
  );
  return differing.length === 0 ? 0 : 1;
};

export const explain: Command = {
  usage: 'explain ACCOUNT MONTH [--meter M]',
  what: 'Shows what made each line of a bill: formula, tier, packs that paid, usage by day, facts.',
  flags: { ...STORE_FLAG, meter: { type: 'string', what: 'only this meter' } },
  words: [2, 2],
  run: (context) =>
    reading(context, async ({ store, catalogue }) => {
      const { account, month } = accountAndMonth(context);
      const { bill: issued } = await billOf(store, account, month);
      const explained = await explainBill(store, catalogue, issued, textFlag(context, 'meter'));
      const { out } = context;
      out.answer(explained);
      out.say(styled('bold', `${account} ${month}: due ${explained.due}, total ${explained.total}`));
      for (const line of explained.lines) {
        const { metered, free, packs, postPaid } = line.quantities;
        out.say(`├ ${line.meter}: ${line.formula}`);
        out.say(
          `│  ${counted(metered)} metered = ${counted(free)} free + ${counted(packs)} packs + ${counted(postPaid)} post-paid`,
        );
        out.say(`│  ${line.why}`);
        for (const { pack, calls } of line.packs) out.say(`│  paid by ${pack}: ${counted(calls)}`);
        for (const row of table(
          line.days.map((d) => [d.day, d.interface, counted(d.calls)]),
          [2],
        ))
          out.say(`│    ${row}`);
        out.say(`│  facts ${line.events.slice(0, 20).join(' ')}${line.events.length > 20 ? ' …' : ''}`);
      }
      for (const c of explained.corrections)
        out.say(`├ correction of ${c.month} ${c.meter}: ${c.calls} calls, ${c.amount} (${c.reason})`);
      out.say(`└ rests on events ${explained.events.from} to ${explained.events.to} of ${explained.stream}`);
      return 0;
    }),
};
