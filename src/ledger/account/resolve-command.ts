/** Adds to a command what the stream has under the identities that it names. */
import { decodeEvent } from '../../codec/event-codec.ts';
import type { Correction } from '../../domain/correct-usage.ts';
import type { AccountCommand } from '../../domain/decide.ts';
import type { Credit } from '../../domain/deposit-and-credit.ts';
import type { RecordIdentity } from '../../domain/usage.ts';
import type { LedgerCommand } from '../../input/commands.ts';
import { holderName } from '../system/account-holder.ts';
import { correctedKey } from './index-entries.ts';
import type { LoadedAccount } from './loaded-account.ts';
import type { ProcessorOf } from './processor-parts.ts';

/** A command as it is asked for: of the interface, or one of the ledger's own, which names no identities. */
export type AskedCommand = LedgerCommand | Exclude<AccountCommand, { readonly name: LedgerCommand['name'] }>;

/** The command that the domain decides, for an account as it is. */
export const resolved = async (
  of: ProcessorOf,
  entry: LoadedAccount,
  command: AskedCommand,
): Promise<AccountCommand> => {
  switch (command.name) {
    case 'open-account': {
      const otherName = await hasOtherName(of, entry, command.body.name);
      return { ...command, account: of.account, otherName };
    }
    case 'deposit':
      return { ...command, earlier: await paidBefore(of, entry, 'deposit', command.body.reference) };
    case 'credit':
      return credited(of, entry, command.body);
    case 'correct-usage':
      return corrected(of, entry, command.body);
    case 'resolve-dispute':
      return { ...command, adjustments: await adjustments(of, entry, command.body) };
    default:
      return command;
  }
};

const hasOtherName = async (
  { store, account }: ProcessorOf,
  entry: LoadedAccount,
  name: string,
): Promise<boolean> => {
  const known = entry.account ? await holderName(store, account) : null;
  return known !== null && known !== name;
};

/** The amount already paid in under a reference; null if none. */
const paidBefore = async (
  { identities, account }: ProcessorOf,
  { stream }: LoadedAccount,
  kind: 'deposit' | 'credit',
  reference: string,
): Promise<string | null> => {
  const stored = await identities.event(account, stream, kind, reference);
  const event = stored && decodeEvent(stored);
  const isPaid = event?.type === 'FundsDeposited' || event?.type === 'CreditGranted';
  // The index only says where to look; the event there is compared.
  return isPaid && event.data.reference === reference ? event.data.amount : null;
};

const credited = async (
  of: ProcessorOf,
  entry: LoadedAccount,
  body: Credit['body'],
): Promise<AccountCommand> => ({
  name: 'credit',
  body,
  earlier: await paidBefore(of, entry, 'credit', body.reference),
});

const corrected = async (
  of: ProcessorOf,
  entry: LoadedAccount,
  body: Correction['body'],
): Promise<AccountCommand> => ({
  name: 'correct-usage',
  body,
  held: await heldRecord(of, entry, { source: body.source, id: body.record }),
});

/** A record as first reported, and its count today after its corrections. */
const heldRecord = async (
  { identities, account }: ProcessorOf,
  { stream }: LoadedAccount,
  asked: RecordIdentity,
): Promise<Correction['held']> => {
  const { source, id } = asked;
  const reported = (await identities.find(account, stream, [asked])).held.get(asked);
  if (!reported) return null;
  const stored = await identities.event(account, stream, 'corrected', correctedKey(source, id));
  const last = stored && decodeEvent(stored);
  const isItsOwn = last?.type === 'UsageCorrected' && last.data.source === source && last.data.id === id;
  if (!isItsOwn) return { reported, now: reported };
  const { to, quantities } = last.data;
  return { reported, now: { calls: to, ...(quantities ? { quantities: quantities.to } : {}) } };
};

type Resolution = Extract<LedgerCommand, { name: 'resolve-dispute' }>['body'];

/** The credit and the corrections of a resolution, each as a command of its own. */
const adjustments = async (
  of: ProcessorOf,
  entry: LoadedAccount,
  { dispute, note, credit, corrections }: Resolution,
): Promise<AccountCommand[]> => {
  const reason = `dispute ${dispute}: ${note}`;
  const commands: AccountCommand[] = [];
  if (credit) commands.push(await credited(of, entry, { ...credit, reason }));
  for (const { id, ...counts } of corrections)
    commands.push(await corrected(of, entry, { ...counts, record: id, reason }));
  return commands;
};
