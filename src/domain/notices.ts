/**
 * Notices to an account holder (rules.md, section 11), decided together with the events that cause them. A threshold is
 * notified once and re-armed by a purchase; where the book says "on the hour" it is only scheduled here.
 */
import { type Account, openSuspensions, type Pack } from './account.ts';
import { type Instant, instantText } from './calendar.ts';
import { inForce, productOf } from './catalogue.ts';
import type { BillingContext } from './context.ts';
import { type AccountEvent, event, type Notice, type NoticeKind, type Tally } from './events.ts';
import { evolve } from './evolve.ts';
import type { NoticePolicy } from './price-book.ts';
import { rulesOf } from './rules.ts';
import { limitsReached } from './spend.ts';

const CHANNELS = ['in_app', 'email', 'sms', 'wechat'] as const;

/** The events, followed by one NoticesRaised if they cause notices. */
export const withNotices = (
  before: Account | null,
  events: readonly AccountEvent[],
  context: BillingContext,
): readonly AccountEvent[] => {
  const last = events.at(-1);
  if (!last || (before?.limits === undefined && events.every(causesNoNotice))) return events;
  const after = events.reduce<Account | null>(evolve, before);
  if (!after) return events;
  // Looked up lazily: events that cause no notice need no price book.
  let known: readonly string[] | null = null;
  const channels = () => {
    known ??= accountChannels(after, last.at, context);
    return known;
  };
  const notices = events.flatMap((e) => noticesOf(e, after, channels));
  const crossed = poolsCrossed(before, after, events);
  const packs = crossed ? packNotices(after, crossed, last.at, context) : null;
  notices.push(...(packs?.notices ?? []));
  const scheduled = packs?.scheduled ?? [];
  const base = baseOf(before, events);
  if (base && after.limits)
    for (const { kind, about } of limitsReached({ before: base, after, events, at: last.at }, context))
      notices.push(notice(kind, last.at, channels(), about));
  return numbered(
    before,
    notices.length + scheduled.length === 0
      ? events
      : [...events, event('NoticesRaised', last.at, { notices, scheduled })],
  );
};

/** The account before the events. A replay has no more of it before a close than what that carries forward. */
const baseOf = (before: Account | null, [first]: readonly AccountEvent[]): Account | null =>
  first?.type === 'MonthClosed' ? first.data.carried : before;

/** Under rules 2 a notice's id ends with its number within the account, which makes it unique. */
const numbered = (before: Account | null, events: readonly AccountEvent[]): readonly AccountEvent[] => {
  if (!events.some(({ type }) => type === 'NoticesRaised')) return events;
  let account = before;
  return events.map((event) => {
    const from = account;
    account = evolve(account, event);
    if (event.type !== 'NoticesRaised' || !from || rulesOf(from) < 2) return event;
    const notices = event.data.notices.map((one, i) => ({
      ...one,
      id: `${one.id}:${(from.raised ?? 0) + i}`,
    }));
    return { ...event, data: { ...event.data, notices } };
  });
};

type Pools = { has(pool: string): boolean };
const ANY_POOL: Pools = { has: () => true };

/**
 * Pools whose thresholds may have been crossed; null for none. Under rules 2: pools whose packs lost usable calls by
 * use, a correction, an expiry, a voiding or a return. Under rules 1: all pools, when any pack changed (even by a purchase).
 */
const poolsCrossed = (
  before: Account | null,
  after: Account,
  events: readonly AccountEvent[],
): Pools | null => {
  if (before === null) return null;
  if (rulesOf(before) < 2) return before.packs === after.packs ? null : ANY_POOL;
  const packs = new Set(events.flatMap(packsLowered));
  if (packs.size === 0) return null;
  return new Set(
    after.packs.flatMap(({ pack, pool, granted }) => (packs.has(pack) && !granted ? [pool] : [])),
  );
};

const packsLowered = (event: AccountEvent): readonly string[] => {
  switch (event.type) {
    case 'CallsMetered':
      return event.data.tallies.flatMap(lowered);
    case 'UsageCorrected':
      return event.data.tallies.flatMap(lowered);
    case 'PackExpired':
    case 'PackVoided':
    case 'PackReturned':
      return [event.data.pack];
    default:
      return [];
  }
};

const lowered = ({ runs }: Tally): string[] => runs.flatMap(([pack, calls]) => (calls > 0 ? [pack] : []));

/** Calls that no pack paid for: the most frequent event by far, and it lowers no pack. */
const causesNoNotice = (event: AccountEvent): boolean =>
  event.type === 'CallsMetered' && event.data.tallies.every(({ runs }) => runs.length === 0);

const noticesOf = (event: AccountEvent, after: Account, channels: () => readonly string[]): Notice[] => {
  const noticeOf = (kind: NoticeKind, about: Notice['about']) => [notice(kind, event.at, channels(), about)];
  switch (event.type) {
    case 'MonthClosed': {
      const { month, due, total } = event.data.bill;
      return noticeOf('bill_issued', { month, due: due ?? '', total: total ?? '' });
    }
    case 'FreezeFailed':
      return noticeOf('freeze_failed', { month: event.data.month, amount: event.data.amount });
    case 'AccountSuspended':
      return noticeOf('suspended', { reason: event.data.reason });
    case 'SuspensionLifted':
      return openSuspensions(after).length === 0 ? noticeOf('resumed', { reason: event.data.reason }) : [];
    default:
      return [];
  }
};

/** A notice, with an id built from its kind, subject and instant; `withNotices` adds its number. */
export const notice = (
  kind: NoticeKind,
  at: Instant,
  channels: readonly string[],
  about: Notice['about'],
): Notice => ({
  id: [
    kind,
    ...['month', 'meter', 'pool', 'pack', 'reason', 'share'].flatMap((k) => about[k] ?? []),
    instantText(at),
  ].join(':'),
  kind,
  channels,
  about,
});

/** Channels of an account's notices: all channels of its products' books, else the app. */
export const accountChannels = (
  account: Account,
  at: Instant,
  { calendar, catalogue }: BillingContext,
): readonly string[] => {
  const month = calendar.monthOf(at);
  const named = new Set(
    Object.keys(account.services).flatMap((p) => inForce(catalogue, p, month)?.book.notices?.channels ?? []),
  );
  const channels = CHANNELS.filter((channel) => named.has(channel));
  return channels.length > 0 ? channels : ['in_app'];
};

/** The notice policy of a pool's product at an instant. */
export const policyAt = (
  product: string,
  at: Instant,
  { calendar, catalogue }: BillingContext,
): NoticePolicy | null => inForce(catalogue, product, calendar.monthOf(at))?.book.notices ?? null;

export interface Standing {
  readonly low: boolean;
  readonly exhausted: boolean;
  readonly left: number;
}

/** The state of a pool's unexpired packs relative to its notice policy. Neither free calls nor granted packs count. */
export const standing = (packs: readonly Pack[], at: Instant, { low }: NoticePolicy): Standing => {
  const living = packs.filter((pack) => !pack.void && !pack.granted && at < pack.expiresAt);
  const left = living.reduce((n, pack) => n + pack.left, 0);
  const usable = living.filter((pack) => pack.left > 0);
  const counted = low.of === 'last_pack' ? usable : living;
  const size = counted.reduce((n, pack) => n + pack.size, 0);
  const below = left < Number(low.below) * size;
  return {
    left,
    low: living.length > 0 && below && (low.of === 'pool' || usable.length === 1),
    exhausted: living.length > 0 && left === 0,
  };
};

const packNotices = (account: Account, pools: Pools, at: Instant, context: BillingContext) => {
  const notices: Notice[] = [];
  const scheduled: { pool: string; dueAt: string }[] = [];
  for (const [pool, packs] of byPool(account.packs)) {
    if (!pools.has(pool)) continue;
    const notified = account.told[pool];
    if (notified?.exhausted || notified?.dueAt) continue;
    const policy = policyAt(productOf(pool), at, context);
    if (!policy) continue;
    const { low, exhausted, left } = standing(packs, at, policy);
    if (!exhausted && (!low || notified?.low)) continue;
    if (policy.onTheHour) {
      const dueAt = context.calendar.nextHourWithin(at, policy.onTheHour.from, policy.onTheHour.to);
      scheduled.push({ pool, dueAt: instantText(dueAt) });
      continue;
    }
    if (!notified?.low) notices.push(notice('pack_low', at, policy.channels, { pool, left }));
    if (exhausted) notices.push(notice('pack_exhausted', at, policy.channels, { pool, left }));
  }
  return { notices, scheduled };
};

export const byPool = (packs: readonly Pack[]): Map<string, Pack[]> => {
  const pools = new Map<string, Pack[]>();
  for (const pack of packs) {
    const others = pools.get(pack.pool);
    if (others) others.push(pack);
    else pools.set(pack.pool, [pack]);
  }
  return pools;
};
