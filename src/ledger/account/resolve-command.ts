/** Adds to a command what the stream has under the identities that it names. */
import { decodeEvent } from '../../codec/event-codec.ts';
import type { Correction } from '../../domain/correct-usage.ts';
import type { AccountCommand } from '../../domain/decide.ts';
import type { Credit } from '../../domain/deposit-and-credit.ts';
import type { RecordIdentity, UsageRecord } from '../../domain/usage.ts';
import type { EventStore } from '../../eventstore/event-store.ts';
import type { LedgerCommand } from '../../input/commands.ts';
import { holderName } from '../system/account-holder.ts';
import type { Identities } from './identities.ts';
import { correctedKey } from './index-entries.ts';
import type { LoadedAccount } from './loaded-account.ts';

/** Prepares a command for an account as it is. */
export const prepared = async (
  store: EventStore,
  identities: Identities,
  account: string,
  entry: LoadedAccount,
  command: LedgerCommand,
): Promise<AccountCommand> => {
  const paidBefore = async (kind: 'deposit' | 'credit', reference: string): Promise<string | null> => {
    const stored = await identities.event(account, entry.stream, kind, reference);
    const event = stored && decodeEvent(stored);
    const isPaid = event?.type === 'FundsDeposited' || event?.type === 'CreditGranted';
    // The index only says where to look; the event there is compared.
    return isPaid && event.data.reference === reference ? event.data.amount : null;
  };
  const otherName = async ({ account: there }: LoadedAccount, name: string): Promise<boolean> => {
    const known = there ? await holderName(store, account) : null;
    return known !== null && known !== name;
  };
  const credited = async (body: Credit['body']): Promise<AccountCommand> => ({
    name: 'credit',
    body,
    earlier: await paidBefore('credit', body.reference),
  });
  const corrected = async (body: Correction['body']): Promise<AccountCommand> => ({
    name: 'correct-usage',
    body,
    held: await heldRecord(identities, account, entry, { source: body.source, id: body.record }),
  });
  const adjusting = async (body: Resolving['body']): Promise<AccountCommand[]> => {
    const reason = `dispute ${body.dispute}: ${body.note}`;
    const adjustments: AccountCommand[] = [];
    if (body.credit) adjustments.push(await credited({ ...body.credit, reason }));
    for (const { source, id, calls } of body.corrections)
      adjustments.push(await corrected({ source, record: id, calls, reason }));
    return adjustments;
  };
  switch (command.name) {
    case 'open-account':
      return { ...command, account, otherName: await otherName(entry, command.body.name) };
    case 'deposit':
      return { ...command, earlier: await paidBefore('deposit', command.body.reference) };
    case 'credit':
      return credited(command.body);
    case 'correct-usage':
      return corrected(command.body);
    case 'resolve-dispute':
      return { ...command, adjustments: await adjusting(command.body) };
    default:
      return command;
  }
};

type Resolving = Extract<LedgerCommand, { name: 'resolve-dispute' }>;

/** A record as first reported, and its count today after its corrections. */
const heldRecord = async (
  identities: Identities,
  account: string,
  entry: LoadedAccount,
  asked: RecordIdentity,
): Promise<{ reported: UsageRecord; calls: number } | null> => {
  const { source, id } = asked;
  const reported = (await identities.find(account, entry.stream, [asked])).held.get(asked);
  if (!reported) return null;
  const stored = await identities.event(account, entry.stream, 'corrected', correctedKey(source, id));
  const last = stored && decodeEvent(stored);
  const isItsOwn = last?.type === 'UsageCorrected' && last.data.source === source && last.data.id === id;
  return { reported, calls: isItsOwn ? last.data.to : reported.calls };
};
