/** Facts as a specification gives or expects them, with what it does not say filled in. */
import { type Account, opened as freshAccount, type SuspensionReason } from '../../src/domain/account.ts';
import type { Bill } from '../../src/domain/bill.ts';
import { type Instant, instantText, type Month } from '../../src/domain/calendar.ts';
import {
  type EventData,
  type EventOf,
  event,
  type Notice,
  type NoticeKind,
  type Tally,
} from '../../src/domain/events.ts';
import { jan } from '../support/days.ts';

export const ACME = 'acme';
export const VISION_CHANNELS = ['in_app', 'email', 'sms'] as const;

export const opened = (at = jan(1), rules = 2): EventOf<'AccountOpened'> =>
  event('AccountOpened', at, { account: ACME, rules });

export const activated = (product = 'vision', at = jan(1)) => event('ServiceActivated', at, { product });

export const deposited = (amount: string, at = jan(1), reference = 'wire-1') =>
  event('FundsDeposited', at, { amount, reference });

/** Packs of vision's tags, one of 100 calls for 8 yuan unless it says otherwise. */
export const bought = (
  at: Instant,
  more: Partial<EventData['PackPurchased']> = {},
): EventOf<'PackPurchased'> =>
  event('PackPurchased', at, {
    catalogue: 2,
    product: 'vision',
    edition: '2019-01',
    pool: 'vision/tags',
    size: 100,
    price: '8.00',
    packs: ['pack-000001'],
    expiresAt: instantText(at + 365 * 86_400_000),
    ...more,
  });

/** Who paid for calls of vision's tags in January, unless it says otherwise. */
export const paid = (part: Partial<Tally>): Tally => ({
  month: '2019-01',
  product: 'vision',
  meter: 'vision/calls',
  pool: 'vision/tags',
  free: 0,
  postPaid: 0,
  runs: [],
  ...part,
});

/** Calls metered earlier: of them an account knows the tallies alone. */
export const metered = (at: Instant, ...tallies: readonly Partial<Tally>[]): EventOf<'CallsMetered'> =>
  event('CallsMetered', at, {
    sources: [],
    interfaces: [],
    packs: [],
    base: instantText(at),
    records: 0,
    usage: [],
    tallies: tallies.map(paid),
  });

/** Calls metered earlier that nobody is charged for. */
export const unchargedCalls = (at: Instant, month: Month, calls: number): EventOf<'CallsMetered'> => {
  const fact = metered(at);
  return { ...fact, data: { ...fact.data, uncharged: [{ month, calls }] } };
};

export const settled = (amount: string, at: Instant, month = '2018-12') =>
  event('BillSettled', at, { month, amount });

export const frozen = (amount: string, at: Instant, month = '2018-12') =>
  event('FundsFrozen', at, { month, amount });

export const suspended = (reason: SuspensionReason, at: Instant, note = '') =>
  event('AccountSuspended', at, { reason, note });

export const lifted = (reason: SuspensionReason, at: Instant) => event('SuspensionLifted', at, { reason });

/** Notices of one moment; the first has this number within the account. */
export const told = (at: Instant, number: number, ...notices: readonly Omit<Notice, 'id'>[]) =>
  event('NoticesRaised', at, {
    notices: notices.map((one, i) => ({ id: idOf(one, at, number + i), ...one })),
    scheduled: [],
  });

/** What a notice is about in its id, in this order; then the instant, and the number that makes it unique. */
const IN_ID = ['month', 'meter', 'pool', 'pack', 'reason', 'share'];
const idOf = ({ kind, about }: Omit<Notice, 'id'>, at: Instant, number: number): string =>
  [kind, ...IN_ID.flatMap((key) => about[key] ?? []), instantText(at), number].join(':');

export const notice = (
  kind: NoticeKind,
  about: Notice['about'],
  channels: readonly string[] = VISION_CHANNELS,
): Omit<Notice, 'id'> => ({ kind, channels, about });

/** A month closed earlier: what comes after rests on the account that it carried, not on its bill. */
export const closed = (month: Month, at: Instant, carried: Partial<Account> = {}): EventOf<'MonthClosed'> =>
  event('MonthClosed', at, {
    catalogue: 2,
    bill: emptyBill(month, at),
    carried: {
      ...freshAccount(ACME, jan(1), 2),
      clock: at,
      commandAt: at,
      lastClosed: month,
      months: { [month]: { groups: {}, closed: billed() } },
      ...carried,
    },
  });

/** What a closed month was billed: nothing, unless it says otherwise. */
export const billed = (
  lines: Readonly<Record<string, { readonly calls: number; readonly amount: string }>> = {},
) => ({ ratingVersion: '1', editions: { vision: '2019-01' }, billed: lines, changes: {} });

const emptyBill = (month: Month, at: Instant): Bill => ({
  account: ACME,
  month,
  status: 'issued',
  currency: 'CNY',
  issuedAt: instantText(at),
  lines: [],
  packPurchases: [],
  corrections: [],
  credits: [],
  due: '0.00',
  packsTotal: '0.00',
  total: '0.00',
  unfrozen: '0.00',
  frozen: { total: '0.00', byProduct: [] },
  priceBooks: [],
  ratingVersion: '1',
  events: { stream: `account-${ACME}`, from: 0, to: 0, head: '' },
  digest: '',
});
