/** Resolves external commands to the domain's, with what the stream has under their identities. */
import { decodeEvent } from '../../codec/event-codec.ts';
import type { AccountCommand } from '../../domain/decide.ts';
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
  const credited = async (given: {
    amount: string;
    reference: string;
    reason: string;
    pack: string | null;
  }) => ({ type: 'Credit', ...given, earlier: await paidBefore('credit', given.reference) }) as const;
  const corrected = async (asked: { source: string; id: string; calls: number; reason: string }) => {
    const record = await heldRecord(identities, account, entry, asked);
    return { type: 'CorrectUsage', ...asked, record } as const;
  };
  const resolving = async (body: Extract<LedgerCommand, { name: 'resolve-dispute' }>['body']) => {
    const { dispute, outcome, note, by = null, credit, corrections } = body;
    const adjustments: AccountCommand[] = [];
    const reason = `dispute ${dispute}: ${note}`;
    if (credit) adjustments.push(await credited({ ...credit, reason, pack: null }));
    for (const correction of corrections) adjustments.push(await corrected({ ...correction, reason }));
    const records = corrections.map(({ source, id }) => ({ source, id }));
    const resolution = {
      dispute,
      outcome,
      note,
      by,
      credit: credit?.reference ?? null,
      corrections: records,
    };
    return { type: 'ResolveDispute', resolution, adjustments } as const;
  };
  switch (command.name) {
    case 'open-account':
      return { type: 'OpenAccount', account, otherName: await otherName(entry, command.body.name) };
    case 'activate-service':
      return { type: 'ActivateService', ...command.body };
    case 'deposit':
      return {
        type: 'Deposit',
        ...command.body,
        earlier: await paidBefore('deposit', command.body.reference),
      };
    case 'buy-packs':
      return { type: 'BuyPacks', ...command.body };
    case 'agree-price': {
      const { meter, from, until, ladder } = command.body;
      return { type: 'AgreePrice', meter, from, until: until ?? null, ladder };
    }
    case 'correct-usage': {
      const { source, record: id, calls, reason } = command.body;
      return corrected({ source, id, calls, reason });
    }
    case 'credit': {
      const { amount, reference, reason, pack } = command.body;
      return credited({ amount, reference, reason, pack: pack ?? null });
    }
    case 'suspend':
      return { type: 'Suspend', note: command.body.note };
    case 'lift-suspension':
      return { type: 'LiftSuspension' };
    case 'close-month':
      return { type: 'CloseMonth', month: command.body.month };
    case 'open-dispute': {
      const { month, meter = null, reason, by = null } = command.body;
      return { type: 'OpenDispute', month, meter, reason, by };
    }
    case 'resolve-dispute':
      return resolving(command.body);
  }
};

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
