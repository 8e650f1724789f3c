/** `suanpan blocked`: the accounts that a month cannot be closed for, and why. */
import type { Account } from '../domain/account.ts';
import { nextMonth } from '../domain/calendar.ts';
import type { BillingContext } from '../domain/context.ts';
import { decide } from '../domain/decide.ts';
import { nextToClose } from '../domain/next-close.ts';
import { sha256 } from '../integrity/sha256.ts';
import { headOf, type LoadedAccount, loadAccount } from '../ledger/account/loaded-account.ts';
import { stoppedOrThrow } from '../ledger/account/single-account-failure.ts';
import { accountIds } from '../ledger/queries/accounts.ts';
import { type Command, monthWord, STORE_FLAG } from './command.ts';
import { reading } from './ledger-for-reading.ts';
import { styled } from './style.ts';
import { counted, table } from './table.ts';

export const blocked: Command = {
  usage: 'blocked MONTH',
  what: 'Lists the accounts whose close of a month, or of one before it, would be refused now, and why.',
  flags: STORE_FLAG,
  words: [1, 1],
  run: (context) =>
    reading(context, async (open) => {
      const month = monthWord(context.words[0]);
      const { out } = context;
      const items = [];
      for await (const id of accountIds(open.store)) {
        try {
          const entry = await loadAccount(open.store, null, id);
          const refusal = entry.account && refusalOf(open, entry, entry.account, month);
          if (refusal) items.push({ account: id, ...refusal });
        } catch (error) {
          items.push({ account: id, month, ...stoppedOrThrow(error) });
        }
      }
      out.answer({ month, items });
      for (const row of table(
        items.map(({ account, month: closing, code, detail }) => [
          account,
          closing,
          styled('red', code),
          detail,
        ]),
      ))
        out.say(row);
      out.say(`${month}: ${counted(items.length)} accounts wait`);
      return items.length === 0 ? 0 : 1;
    }),
};

/** The refusal that closing an account's next month would meet; null if it would succeed. */
const refusalOf = (
  { calendar, catalogue }: BillingContext,
  entry: LoadedAccount,
  account: Account,
  until: string,
) => {
  const month = nextToClose(account, calendar);
  if (month > until) return null;
  const at = Math.max(account.clock, calendar.startOf(nextMonth(month)));
  const context = { at, calendar, catalogue, head: headOf(entry), sha256 };
  const decision = decide(account, { name: 'close-month', body: { month } }, context);
  return decision.outcome === 'refused' ? { month, ...decision.refusal } : null;
};
