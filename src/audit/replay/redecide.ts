/**
 * Replays decisions (rules.md, section 12): each primary event is converted back to its command, which is decided on
 * the state so far; the result is compared with the recorded events. Recorded outcomes are used for nothing else.
 */
import type { Recorded } from '../../codec/event-codec.ts';
import type { Account } from '../../domain/account.ts';
import { instantOf } from '../../domain/calendar.ts';
import { asPublished } from '../../domain/catalogue.ts';
import type { BillingContext, DecisionContext, Head } from '../../domain/context.ts';
import { type AccountCommand, decide } from '../../domain/decide.ts';
import type { Resolution } from '../../domain/disputes.ts';
import type { AccountEvent, EventOf } from '../../domain/events.ts';
import { meterUsage } from '../../domain/meter-usage.ts';
import { withNotices } from '../../domain/notices.ts';
import type { MonthSoFar } from './month-so-far.ts';

export interface Redeciding extends Pick<DecisionContext, keyof BillingContext | 'sha256'> {
  /** Amount already paid in under a reference, as far as known. */
  readonly earlier: MonthSoFar['earlier'];
}

/** The events that a primary event's command gives; null for an event that only follows from another one. */
export const redecided = (
  account: Account | null,
  event: AccountEvent,
  records: readonly Recorded[] | null,
  head: Head,
  context: Redeciding,
): readonly AccountEvent[] | null => {
  const { calendar, sha256 } = context;
  const published = publishedThen(event);
  const catalogue = published === undefined ? context.catalogue : asPublished(context.catalogue, published);
  if (event.type === 'CallsMetered')
    return account && remetered(account, event, records ?? [], { calendar, catalogue });
  if (event.type === 'NothingChanged') return [event];
  const command = commandOf(account, event, context.earlier);
  if (!command) return null;
  const decision = decide(account, command, { at: event.at, calendar, catalogue, head, sha256, again: true });
  return decision.outcome === 'accepted' ? decision.events : [];
};

/** How many editions had been published when an event was decided, where that matters; a close has its own. */
export const publishedThen = (event: AccountEvent): number | undefined => {
  switch (event.type) {
    case 'ServiceActivated':
    case 'PackPurchased':
    case 'CallsMetered':
    case 'UsageCorrected':
    case 'ContractPriceAgreed':
    case 'LimitsSet':
      return event.data.catalogue;
    default:
      return undefined;
  }
};

const remetered = (
  account: Account,
  event: EventOf<'CallsMetered'>,
  records: readonly Recorded[],
  { calendar, catalogue }: BillingContext,
): readonly AccountEvent[] => {
  const { event: metered } = meterUsage(account, {
    at: event.at,
    records: records.map(({ record }) => record),
    seen: () => undefined,
    calendar,
    catalogue,
    again: event.data,
  });
  return metered ? withNotices(account, [metered], { calendar, catalogue }) : [];
};

const commandOf = (
  account: Account | null,
  event: AccountEvent,
  earlier: MonthSoFar['earlier'],
): AccountCommand | null => {
  switch (event.type) {
    case 'AccountOpened':
      return { name: 'open-account', ...event.data };
    case 'ServiceActivated':
      return { name: 'activate-service', body: event.data };
    case 'PostPaidSwitched':
      return { name: 'switch-post-paid', body: event.data };
    case 'LimitsSet':
      return { name: 'set-limits', body: event.data };
    case 'FundsDeposited':
      return { name: 'deposit', body: event.data, earlier: earlier('deposit', event.data.reference) };
    case 'PackPurchased': {
      const { pool, size, packs } = event.data;
      return { name: 'buy-packs', body: { pool, size, quantity: packs.length } };
    }
    case 'PackReturned':
      return { name: 'return-pack', body: { pack: event.data.pack } };
    case 'ContractPriceAgreed':
      return { name: 'agree-price', body: event.data };
    case 'UsageCorrected':
      return recorrected(event);
    case 'CreditGranted':
      return { name: 'credit', body: event.data, earlier: earlier('credit', event.data.reference) };
    case 'AccountSuspended':
      return event.data.reason === 'prohibited'
        ? { name: 'suspend', body: event.data }
        : { name: 'pass-time' };
    case 'SuspensionLifted':
      return event.data.reason === 'prohibited' ? { name: 'lift-suspension' } : null;
    case 'DisputeOpened':
      return { name: 'open-dispute', body: event.data };
    case 'EvidenceAttached':
      return { name: 'attach-evidence', body: event.data };
    case 'DisputeResolved':
      // Its adjustments are separate events before it.
      return { name: 'resolve-dispute', body: resolutionOf(event), adjustments: [] };
    case 'MonthClosed':
      return {
        name: 'close-month',
        body: { month: event.data.bill.month },
        rules: event.data.carried.rules,
        rating: event.data.bill.ratingVersion,
      };
    case 'PackExpired':
      return { name: 'pass-time' };
    case 'NoticesRaised': {
      const [first] = event.data.notices;
      if (first?.kind !== 'price_not_agreed') return { name: 'pass-time' };
      const { month, meter, quantity } = first.about;
      if (account === null) return null;
      const about = { month: String(month), meter: String(meter), quantity: Number(quantity) };
      return { name: 'notify-unpriced', body: about };
    }
    default:
      return null;
  }
};

const resolutionOf = ({ data }: EventOf<'DisputeResolved'>): Resolution => ({
  ...data,
  credit: data.credit === null ? null : { reference: data.credit },
});

/** The counts of a correction are input; who paid is decided again. */
const recorrected = ({ data }: EventOf<'UsageCorrected'>): AccountCommand => {
  const { source, id, from, to, quantities, attributes, tags, reason } = data;
  const now = { calls: from, ...(quantities ? { quantities: quantities.from } : {}) };
  return {
    name: 'correct-usage',
    body: { source, record: id, reason, ...(quantities ? { quantities: quantities.to } : { calls: to }) },
    held: {
      reported: {
        source,
        id,
        interface: data.interface,
        time: instantOf(data.time),
        submitted: null,
        ...now,
        ...(attributes ? { attributes } : {}),
        ...(tags ? { tags } : {}),
      },
      now,
    },
  };
};
