/**
 * What the passing of time asks for (rules.md, sections 5, 7, 9 and 11): packs expire, notices fall due, arrears that
 * outlast their grace suspend. Everything due lies after the account's clock, and its event moves the clock on.
 */
import { type Account, isSuspendedFor, type Pack } from './account.ts';
import { type Calendar, type Instant, instantText } from './calendar.ts';
import type { Catalogue } from './catalogue.ts';
import { type AccountEvent, event } from './events.ts';
import { isNegative } from './money.ts';
import { byPool, notice, policyAt, standing } from './notices.ts';

/** Days before its expiry at which the holder is notified of a pack that still has calls (rules.md, section 11). */
export const EXPIRY_NOTICE_DAYS = [30, 7] as const;

interface Due {
  readonly at: Instant;
  readonly order: number;
  readonly what: (now: Instant) => AccountEvent | null;
}

/** The next instant at which something happens by itself; Infinity if nothing will. */
export const nextDue = (account: Account, calendar: Calendar, catalogue: Catalogue): Instant => {
  const { clock } = account;
  let next = nextPackDue(account, calendar, catalogue);
  for (const { at } of otherDues(account, calendar, catalogue)) if (at > clock && at < next) next = at;
  return next;
};

/** What the earliest due instant up to `now` brings; empty when nothing is due. Call again until it is. */
export const passTime = (
  account: Account,
  now: Instant,
  calendar: Calendar,
  catalogue: Catalogue,
): readonly AccountEvent[] => {
  const { clock } = account;
  const packs = sortedPackDues(account.packs, calendar, catalogue);
  const others = otherDues(account, calendar, catalogue).filter(({ at }) => at > clock);
  const from = firstBehind(packs, clock);
  const first = others.reduce(
    (least, { at }) => Math.min(least, at),
    packs[from]?.at ?? Number.POSITIVE_INFINITY,
  );
  if (first > now) return [];
  const due = others.filter(({ at }) => at === first);
  for (let i = from; packs[i]?.at === first; i++) due.push(packs[i] as Due);
  return due.sort((a, b) => a.order - b.order).flatMap(({ what }) => what(now) ?? []);
};

/** The first of sorted dues that lies behind an instant. */
const firstBehind = (dues: readonly Due[], clock: Instant): number => {
  let [low, high] = [0, dues.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((dues[middle]?.at ?? 0) > clock) high = middle;
    else low = middle + 1;
  }
  return low;
};

interface Sorted {
  readonly calendar: Calendar;
  readonly catalogue: Catalogue;
  readonly dues: readonly Due[];
}

/**
 * What packs bring, in the order of time. Made when something is due, and kept as long as the packs are the same: an
 * account that lives through a year of thousands of packs sorts them once, not at each of their instants.
 */
const sortedDues = new WeakMap<readonly Pack[], Sorted>();

const sortedPackDues = (packs: readonly Pack[], calendar: Calendar, catalogue: Catalogue): readonly Due[] => {
  const known = sortedDues.get(packs);
  if (known?.calendar === calendar && known.catalogue === catalogue) return known.dues;
  const warnings = expiryWarnings(calendar, catalogue);
  const dues = packs
    .filter((pack) => pack.left > 0 && !pack.void)
    .flatMap((pack) => [...warnings(pack).map((warning) => warned(pack, warning)), expiry(pack)])
    .sort((a, b) => a.at - b.at || a.order - b.order);
  sortedDues.set(packs, { calendar, catalogue, dues });
  return dues;
};

const expiry = ({ pack, left, expiresAt }: Pack): Due => ({
  at: expiresAt,
  order: 0,
  what: () => event('PackExpired', expiresAt, { pack, forfeited: left }),
});

const warned = (pack: Pack, { days, at, channels }: ExpiryWarning): Due => ({
  at,
  order: 1,
  what: () => {
    const about = {
      pack: pack.pack,
      pool: pack.pool,
      days,
      left: pack.left,
      expiresAt: instantText(pack.expiresAt),
    };
    const notices = [notice('pack_expiring', at, channels, about)];
    return event('NoticesRaised', at, { notices, scheduled: [] });
  },
});

/** The next instant of the packs; where they are not sorted yet, one look at each. */
const nextPackDue = ({ packs, clock }: Account, calendar: Calendar, catalogue: Catalogue): Instant => {
  const known = sortedDues.get(packs);
  if (known?.calendar === calendar && known.catalogue === catalogue)
    return known.dues[firstBehind(known.dues, clock)]?.at ?? Number.POSITIVE_INFINITY;
  const warnings = expiryWarnings(calendar, catalogue);
  let next = Number.POSITIVE_INFINITY;
  for (const pack of packs) {
    if (pack.left === 0 || pack.void || pack.expiresAt <= clock) continue;
    if (pack.expiresAt < next) next = pack.expiresAt;
    for (const { at } of warnings(pack)) if (at > clock && at < next) next = at;
  }
  return next;
};

/** Notices that wait for their hour, and arrears that outlast their grace. */
const otherDues = (account: Account, calendar: Calendar, catalogue: Catalogue): Due[] => {
  const dues: Due[] = [];
  for (const [pool, { dueAt }] of Object.entries(account.told))
    if (dueAt !== null)
      dues.push({ at: dueAt, order: 2, what: () => hourly(account, pool, dueAt, calendar, catalogue) });
  if (account.arrearsDueAt !== null)
    dues.push({ at: account.arrearsDueAt, order: 3, what: (now) => outlasted(account, now) });
  return dues;
};

interface ExpiryWarning {
  readonly days: number;
  readonly at: Instant;
  readonly channels: readonly string[];
}

/**
 * When the holder is notified of a pack's expiry. Packs bought together expire together: the calendar is asked once for
 * them.
 */
const expiryWarnings = (calendar: Calendar, catalogue: Catalogue) => {
  const known = new Map<string, readonly ExpiryWarning[]>();
  return ({ product, expiresAt }: Pack): readonly ExpiryWarning[] => {
    const key = `${product} ${expiresAt}`;
    const before = known.get(key);
    if (before) return before;
    const warnings = EXPIRY_NOTICE_DAYS.flatMap((days) => {
      const at = calendar.daysAfter(expiresAt, -days);
      const policy = policyAt(product, at, calendar, catalogue);
      return policy ? [{ days, at, channels: policy.channels }] : [];
    });
    known.set(key, warnings);
    return warnings;
  };
};

/** The notice that waited for its hour: only the exhausted one if it came to that meanwhile. */
const hourly = (
  account: Account,
  pool: string,
  at: Instant,
  calendar: Calendar,
  catalogue: Catalogue,
): AccountEvent | null => {
  const packs = byPool(account.packs).get(pool) ?? [];
  const policy = policyAt(packs[0]?.product ?? '', at, calendar, catalogue);
  const { low, exhausted, left } = policy
    ? standing(packs, at, policy)
    : { low: false, exhausted: false, left: 0 };
  const kind = exhausted ? 'pack_exhausted' : low ? 'pack_low' : null;
  const notices = kind && policy ? [notice(kind, at, policy.channels, { pool, left })] : [];
  return event('NoticesRaised', at, { notices, scheduled: [] });
};

/** A suspension carries the instant at which it is recorded (rules.md, section 7). */
const outlasted = (account: Account, now: Instant): AccountEvent | null =>
  isNegative(account.total) && !isSuspendedFor(account, 'arrears')
    ? event('AccountSuspended', now, { reason: 'arrears', note: 'the grace has passed' })
    : null;
