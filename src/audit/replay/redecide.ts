/**
 * Deciding again (rules.md, section 12): each primary event is turned back into the command that made it, decided on
 * the state so far, and what comes out is compared with what was recorded. Recorded outcomes are only compared with.
 */
import type { Recorded } from '../../codec/event-codec.ts';
import type { Account } from '../../domain/account.ts';
import { type Calendar, instantOf } from '../../domain/calendar.ts';
import { asPublished, type Catalogue } from '../../domain/catalogue.ts';
import { type AccountCommand, decide } from '../../domain/decide.ts';
import type { Head } from '../../domain/draft-bill.ts';
import type { AccountEvent, EventOf } from '../../domain/events.ts';
import { meterUsage } from '../../domain/meter-usage.ts';
import { withNotices } from '../../domain/notices.ts';
import type { MonthSoFar } from './month-so-far.ts';

export interface Redeciding {
  readonly calendar: Calendar;
  readonly catalogue: Catalogue;
  readonly sha256: (text: string) => string;
  /** What was paid in under a reference before, as far as is known. */
  readonly earlier: MonthSoFar['earlier'];
}

/** What a primary event's command makes of the account now; null for an event that only follows from another. */
export const redecided = (
  account: Account | null,
  fact: AccountEvent,
  records: readonly Recorded[] | null,
  head: Head,
  around: Redeciding,
): readonly AccountEvent[] | null => {
  const { calendar, sha256 } = around;
  const catalogue =
    fact.type === 'PackPurchased' ? asPublished(around.catalogue, fact.data.catalogue) : around.catalogue;
  if (fact.type === 'CallsMetered') return account && remetered(account, fact, records ?? [], around);
  if (fact.type === 'NothingChanged') return [fact];
  const command = commandOf(account, fact, around.earlier);
  if (!command) return null;
  const decision = decide(account, command, { at: fact.at, calendar, catalogue, head, sha256, again: true });
  return decision.outcome === 'accepted' ? decision.events : [];
};

const remetered = (
  account: Account,
  fact: EventOf<'CallsMetered'>,
  records: readonly Recorded[],
  { calendar, catalogue }: Redeciding,
): readonly AccountEvent[] => {
  const { event } = meterUsage(account, {
    at: fact.at,
    records: records.map(({ record }) => record),
    seen: () => undefined,
    calendar,
    catalogue,
    again: fact.data,
  });
  return event ? withNotices(account, [event], calendar, catalogue) : [];
};

const commandOf = (
  account: Account | null,
  fact: AccountEvent,
  earlier: MonthSoFar['earlier'],
): AccountCommand | null => {
  switch (fact.type) {
    case 'AccountOpened':
      return { type: 'OpenAccount', ...fact.data };
    case 'ServiceActivated':
      return { type: 'ActivateService', product: fact.data.product };
    case 'FundsDeposited':
      return { type: 'Deposit', ...fact.data, earlier: earlier('deposit', fact.data.reference) };
    case 'PackPurchased':
      return {
        type: 'BuyPacks',
        pool: fact.data.pool,
        size: fact.data.size,
        quantity: fact.data.packs.length,
      };
    case 'ContractPriceAgreed': {
      const { meter, from, until, ladder } = fact.data;
      return { type: 'AgreePrice', meter, from, until, ladder };
    }
    case 'UsageCorrected':
      return recorrected(fact);
    case 'CreditGranted':
      return { type: 'Credit', ...fact.data, earlier: earlier('credit', fact.data.reference) };
    case 'AccountSuspended':
      return fact.data.reason === 'prohibited'
        ? { type: 'Suspend', note: fact.data.note }
        : { type: 'PassTime' };
    case 'SuspensionLifted':
      return fact.data.reason === 'prohibited' ? { type: 'LiftSuspension' } : null;
    case 'DisputeOpened':
      return { type: 'OpenDispute', ...fact.data };
    case 'EvidenceAttached':
      return { type: 'AttachEvidence', ...fact.data };
    case 'DisputeResolved':
      // Its adjustments stand before it as events of their own.
      return { type: 'ResolveDispute', resolution: fact.data, adjustments: [] };
    case 'MonthClosed':
      return { type: 'CloseMonth', month: fact.data.bill.month, rules: fact.data.carried.rules };
    case 'PackExpired':
      return { type: 'PassTime' };
    case 'NoticesRaised': {
      const [first] = fact.data.notices;
      if (first?.kind !== 'price_not_agreed') return { type: 'PassTime' };
      const { month, meter, quantity } = first.about;
      if (account === null) return null;
      return { type: 'TellUnpriced', month: String(month), meter: String(meter), quantity: Number(quantity) };
    }
    default:
      return null;
  }
};

/** A correction's counts are what was reported and asked; who paid is decided again. */
const recorrected = ({ data }: EventOf<'UsageCorrected'>): AccountCommand => ({
  type: 'CorrectUsage',
  source: data.source,
  id: data.id,
  calls: data.to,
  reason: data.reason,
  record: {
    reported: {
      source: data.source,
      id: data.id,
      interface: data.interface,
      time: instantOf(data.time),
      calls: data.from,
      submitted: null,
    },
    calls: data.from,
  },
});
