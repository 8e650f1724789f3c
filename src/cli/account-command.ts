/** `suanpan account`: an account as it is, and as it was. */

import { loadAccount } from '../ledger/account/loaded-account.ts';
import { accountView, packView } from '../ledger/queries/account-view.ts';
import { entryAsOf } from '../ledger/queries/as-of.ts';
import { AS_OF_FLAG } from './as-of-commands.ts';
import { type Command, instantFlag, STORE_FLAG, WrongUse } from './command.ts';
import { reading } from './ledger-for-reading.ts';
import { styled } from './style.ts';
import { counted, table } from './table.ts';
import { INSTANT } from './values.ts';
import { zoned } from './zoned.ts';

export const account: Command = {
  usage: 'account ACCOUNT [--as-of INSTANT]',
  what: 'Shows an account: status, balance, services and packs; also as it was.',
  flags: {
    ...STORE_FLAG,
    ...AS_OF_FLAG,
    at: { type: 'string', what: 'how packs stand at this instant (default: its last event)', value: INSTANT },
  },
  words: [1, 1],
  run: (context) =>
    reading(context, async ({ store, calendar }) => {
      const [id = ''] = context.words;
      const then = instantFlag(context, 'as-of');
      const { account: held } =
        then === null ? await loadAccount(store, null, id) : await entryAsOf(store, id, { at: then });
      if (!held) throw new WrongUse(`account_unknown: there is no account ${id}`);
      const now = instantFlag(context, 'at') ?? then ?? held.clock;
      const shown = await accountView(store, held);
      const { name, status, suspensions, balance, services } = shown;
      const packs = held.packs.map((pack) => packView(pack, now));
      const { out } = context;
      out.answer({ ...shown, lastClosed: held.lastClosed, packs });
      out.say(
        `${styled('bold', id)} ${name}  ${status} ${suspensions.map(({ reason }) => reason).join(', ')}`,
      );
      out.say(`balance ${balance.total}, available ${balance.available}, frozen ${balance.frozen}`);
      out.say(`services ${services.join(', ') || 'none'}; last closed ${held.lastClosed ?? 'never'}`);
      for (const row of table(
        packs.map((p) => [
          p.pack,
          p.pool,
          counted(p.size),
          counted(p.remaining),
          p.state,
          zoned(calendar, p.expiresAt),
        ]),
        [2, 3],
      ))
        out.say(row);
      return 0;
    }),
};
