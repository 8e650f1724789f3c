/**
 * `suanpan estimate` and `changes`: the bill a month would have, now or then, and what changed between two instants.
 */

import type { Calendar } from '../domain/calendar.ts';
import { accountStream } from '../eventstore/stream-names.ts';
import { loadAccount } from '../ledger/account/loaded-account.ts';
import type { ReadContext } from '../ledger/context.ts';
import { entryAsOf } from '../ledger/queries/as-of.ts';
import { type ChangedBy, changesBetween, type Standing } from '../ledger/queries/changes.ts';
import { estimate as estimated } from '../ledger/queries/estimate.ts';
import { billText } from './bill-text.ts';
import { type Command, instantFlag, monthWord, numberFlag, STORE_FLAG, WrongUse } from './command.ts';
import { reading } from './ledger-for-reading.ts';
import { styled } from './style.ts';
import { counted } from './table.ts';
import { leaves, treeLines } from './text-tree.ts';
import { INSTANT, integer } from './values.ts';
import { zoned } from './zoned.ts';

export const AS_OF_FLAG = {
  'as-of': { type: 'string', what: 'how it stood at this instant (RFC 3339; default: now)', value: INSTANT },
} as const;

/** The draft of a month of an account, now or as of an instant. Throws WrongUse when the account was not open. */
export const draftAsOf = async (open: ReadContext, account: string, at: number | null, month?: string) => {
  const entry =
    at === null ? await loadAccount(open.store, null, account) : await entryAsOf(open.store, account, { at });
  if (!entry.account) throw new WrongUse(`account_unknown: there is no account ${account}`);
  const now = at ?? entry.account.clock;
  return estimated(open, entry, { now, month, until: at === null ? null : { at } });
};

export const estimate: Command = {
  usage: 'estimate ACCOUNT [MONTH] [--as-of INSTANT]',
  what: 'Shows the draft bill of a month, now or as of an instant.',
  flags: { ...STORE_FLAG, ...AS_OF_FLAG },
  words: [1, 2],
  run: (context) =>
    reading(context, async (open) => {
      const [account = '', word] = context.words;
      const at = instantFlag(context, 'as-of');
      const month = word === undefined ? undefined : monthWord(word);
      const draft = await draftAsOf(open, account, at, month);
      context.out.answer(draft);
      for (const line of billText({ ...draft, digest: 'none: a draft' }, open.calendar))
        context.out.say(line);
      return 0;
    }),
};

const FACTS_SHOWN = 200;
const FACTS_MOST = 100_000;

export const changes: Command = {
  usage: 'changes ACCOUNT --from INSTANT --to INSTANT',
  what: 'Shows what changed between two instants: the account before, the events, the account after.',
  flags: {
    ...STORE_FLAG,
    from: { type: 'string', what: 'the earlier instant (RFC 3339)', value: INSTANT },
    to: { type: 'string', what: 'the later instant (RFC 3339)', value: INSTANT },
    limit: {
      type: 'string',
      what: `how many events (default ${FACTS_SHOWN})`,
      value: integer(1, FACTS_MOST),
    },
    cursor: {
      type: 'string',
      what: 'the revision to continue from, as the last page shows',
      value: integer(0, Number.MAX_SAFE_INTEGER),
    },
  },
  words: [1, 1],
  run: (context) =>
    reading(context, async ({ store, calendar }) => {
      const [account = ''] = context.words;
      const from = instantFlag(context, 'from');
      const to = instantFlag(context, 'to');
      if (from === null || to === null || from > to)
        throw new WrongUse('--from and --to are needed, the earlier first');
      if ((await store.head(accountStream(account))).length === 0)
        throw new WrongUse(`account_unknown: there is no account ${account}`);
      const page = {
        limit: numberFlag(context, 'limit') ?? FACTS_SHOWN,
        cursor: numberFlag(context, 'cursor'),
      };
      const found = await changesBetween(store, account, { from: { at: from }, to: { at: to } }, page);
      const { out } = context;
      out.answer(found);
      const tree = {
        text: styled(
          'bold',
          `${account}: ${counted(found.facts)} events, balance ${signed(found.balance.total)}`,
        ),
        under: [
          { text: `before: ${standingLine(found.before)}` },
          { text: 'events', under: leaves(found.items.map((event) => eventLine(event, calendar))) },
          { text: `after: ${standingLine(found.after)}` },
        ],
      };
      for (const line of treeLines(tree)) out.say(line);
      if (found.next !== null) out.say(`more: --cursor ${found.next}`);
      return 0;
    }),
};

const signed = (amount: string): string => (amount.startsWith('-') ? amount : `+${amount}`);

const standingLine = (standing: Standing | null): string => {
  if (!standing) return 'not open';
  const { status, balance, packs, lastClosed } = standing;
  const usable = packs.filter(({ state }) => state === 'usable');
  const left = usable.reduce((sum, { remaining }) => sum + remaining, 0);
  return `${status}, balance ${balance.total}, available ${balance.available}, frozen ${balance.frozen}, ${usable.length} usable packs with ${counted(left)} calls, last closed ${lastClosed ?? 'never'}`;
};

/** Members of events that are instants. */
const INSTANTS: ReadonlySet<string> = new Set(['expiresAt', 'suspendsAt', 'time', 'base']);

const eventLine = ({ revision, at, type, data }: ChangedBy, calendar: Calendar): string => {
  const said = Object.entries(data).flatMap(([name, value]) => {
    if (typeof value === 'string' && INSTANTS.has(name)) return [`${name} ${zoned(calendar, value)}`];
    return typeof value === 'string' || typeof value === 'number' ? [`${name} ${value}`] : [];
  });
  return `event ${revision} at ${zoned(calendar, at)}: ${type}${said.length === 0 ? '' : ` (${said.join(', ')})`}`;
};
