/** `suanpan dispute`: opens, answers, shows and resolves disputes of bills. */
import { evidenceOf } from '../audit/evidence.ts';
import { accountOfDispute } from '../domain/disputes.ts';
import type { LedgerCommand } from '../input/commands.ts';
import { parseCommand } from '../input/commands.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { issuedBill } from '../ledger/queries/bills.ts';
import { sealing } from './checkpoint-signing.ts';
import { type Command, type Context, monthWord, STORE_FLAG, textFlag, verbOf, WrongUse } from './command.ts';
import { commandInstant } from './command-instant.ts';
import { correctionFlag } from './correction-flag.ts';
import { disputesOf, disputeText } from './dispute-text.ts';
import { reading } from './ledger-for-reading.ts';
import { INSTANT, oneOf } from './values.ts';
import { writing } from './write-commands.ts';

const USAGE = 'dispute open ACCOUNT MONTH | resolve DISPUTE | list ACCOUNT';

export const dispute: Command = {
  usage: USAGE,
  what: 'Opens a dispute of a bill and answers it with replay, explanation and checkpoint; resolves it as upheld or adjusted.',
  flags: {
    ...STORE_FLAG,
    reason: { type: 'string', what: 'open: what is wrong with the bill' },
    meter: { type: 'string', what: 'open: the line it is about (default: the whole bill)' },
    by: { type: 'string', what: 'who opens or resolves it, as an id' },
    outcome: { type: 'string', what: 'resolve: upheld or adjusted', value: oneOf('upheld', 'adjusted') },
    note: { type: 'string', what: 'resolve: what was found' },
    credit: { type: 'string', what: 'resolve: an amount in yuan that is paid back at once' },
    reference: { type: 'string', what: 'resolve: the reference of the credit' },
    correct: { type: 'string', what: 'resolve: SOURCE,ID,CALLS of a record to correct' },
    at: { type: 'string', what: 'when it happens (RFC 3339; default: now)', value: INSTANT },
  },
  words: [2, 3],
  run: (context) => {
    const [, what = '', month] = context.words;
    const verb = verbOf(context, ['open', 'resolve', 'list'], USAGE);
    if (verb === 'open' && month !== undefined) return open(context, what, monthWord(month));
    if (verb === 'resolve' && month === undefined) return resolve(context, what);
    if (verb === 'list' && month === undefined) return list(context, what);
    throw new WrongUse(`usage: suanpan ${USAGE}`);
  },
};

const open = (context: Context, account: string, month: string): Promise<number> => {
  const { meter, reason, by } = flags(context, ['meter', 'reason', 'by']);
  return writing(context, 'driven', async (ledger) => {
    const at = await commandInstant(context, ledger.store);
    const command = parsed('open-dispute', { month, meter, reason, by });
    const events = await executed(ledger, account, command, at);
    const opened = events.find(({ event }) => event.type === 'DisputeOpened')?.event;
    const id = opened?.type === 'DisputeOpened' ? opened.data.dispute : null;
    const issued = await issuedBill(ledger.store, account, month);
    if (id !== null && issued) {
      await sealing(context, ledger.store, async (sealer) => {
        await sealer.sign();
        const of = { ...ledger.context(), tree: sealer.tree };
        await ledger.attach(account, await evidenceOf(of, id, issued), at, null);
      });
    }
    return told(context, ledger, account);
  });
};

const resolve = (context: Context, id: string): Promise<number> => {
  const account = accountOfDispute(id);
  if (account === null)
    throw new WrongUse(`dispute_unknown: ${id} is not a valid dispute id, expected ACCOUNT:NUMBER`);
  const {
    outcome,
    note,
    by,
    credit: amount,
    reference,
  } = flags(context, ['outcome', 'note', 'by', 'credit', 'reference']);
  const credit = amount === undefined ? undefined : { amount, reference: reference ?? `dispute ${id}` };
  const correct = textFlag(context, 'correct');
  const corrections = correct === undefined ? [] : [correctionFlag(correct)];
  return writing(context, 'driven', async (ledger) => {
    const at = await commandInstant(context, ledger.store);
    const command = parsed('resolve-dispute', { dispute: id, outcome, note, by, credit, corrections });
    await executed(ledger, account, command, at);
    return told(context, ledger, account);
  });
};

const list = (context: Context, account: string): Promise<number> =>
  reading(context, (open) => told(context, open, account));

const told = async (
  context: Context,
  { store, calendar }: Pick<Ledger, 'store' | 'calendar'>,
  account: string,
): Promise<number> => {
  const items = await disputesOf(store, account);
  context.out.answer({ items });
  for (const line of items.flatMap((item) => disputeText(item, calendar))) context.out.say(line);
  if (items.length === 0) context.out.say(`${account} has no disputes`);
  return 0;
};

const flags = <Name extends string>(context: Context, names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, textFlag(context, name)])) as Record<
    Name,
    string | undefined
  >;

const parsed = (name: 'open-dispute' | 'resolve-dispute', body: unknown): LedgerCommand => {
  const read = parseCommand(name, body);
  if (!read.ok) throw new WrongUse(`--${read.problem.field}: ${read.problem.message}`);
  return read.command;
};

const executed = async (ledger: Ledger, account: string, command: LedgerCommand, at: number) => {
  const answer = await ledger.execute(account, command, at, null);
  if (answer.outcome === 'refused') throw new WrongUse(`${answer.refusal.code}: ${answer.refusal.detail}`);
  return answer.events;
};
