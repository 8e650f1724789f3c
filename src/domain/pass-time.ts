/**
 * Events caused by the passing of time (rules.md, sections 5, 7, 9 and 11): packs expire, notices fall due, arrears
 * suspend after their grace period. Everything due is after the account's clock, and its event advances the clock.
 */
import { type Account, isSuspendedFor, type Pack } from './account.ts';
import { type Instant, instantText } from './calendar.ts';
import { productOf } from './catalogue.ts';
import type { BillingContext } from './context.ts';
import { type AccountEvent, event } from './events.ts';
import { isNegative } from './money.ts';
import { byPool, notice, policyAt, standing } from './notices.ts';

/** Days before a pack's expiry at which a notice is raised if it still has calls (rules.md, section 11). */
const EXPIRY_NOTICE_DAYS = [30, 7] as const;

interface Due {
  readonly at: Instant;
  readonly order: number;
  readonly what: (now: Instant) => AccountEvent | null;
}

/** The next instant at which something is due; Infinity if nothing is. */
export const nextDue = (account: Account, context: BillingContext): Instant => {
  const { clock } = account;
  let next = nextPackDue(account, context);
  for (const { at } of otherDues(account, context)) if (at > clock && at < next) next = at;
  return next;
};

/** The events of the earliest due instant up to `now`; empty when nothing is due. Call it until it returns none. */
export const passTime = (
  account: Account,
  now: Instant,
  context: BillingContext,
): readonly AccountEvent[] => {
  const { clock } = account;
  const packs = sortedPackDues(account.packs, context);
  const others = otherDues(account, context).filter(({ at }) => at > clock);
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

/** Index of the first of the sorted dues that is after an instant. */
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
  readonly context: BillingContext;
  readonly dues: readonly Due[];
}

/**
 * Dues of packs, sorted by instant. Computed when something is due, and cached while the packs are unchanged: catching
 * up a year of an account with thousands of packs sorts them once, not at every due instant.
 */
const sortedDues = new WeakMap<readonly Pack[], Sorted>();

const isSame = (a: BillingContext, b: BillingContext): boolean =>
  a.calendar === b.calendar && a.catalogue === b.catalogue;

const sortedPackDues = (packs: readonly Pack[], context: BillingContext): readonly Due[] => {
  const known = sortedDues.get(packs);
  if (known && isSame(known.context, context)) return known.dues;
  const warnings = expiryWarnings(context);
  const dues = packs
    .filter((pack) => pack.left > 0)
    .flatMap((pack) => [...warnings(pack).map((warning) => warned(pack, warning)), expiry(pack)])
    .sort((a, b) => a.at - b.at || a.order - b.order);
  sortedDues.set(packs, { context, dues });
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

/** The next due instant of the packs; a linear scan where they are not sorted yet. */
const nextPackDue = ({ packs, clock }: Account, context: BillingContext): Instant => {
  const known = sortedDues.get(packs);
  if (known && isSame(known.context, context))
    return known.dues[firstBehind(known.dues, clock)]?.at ?? Number.POSITIVE_INFINITY;
  const warnings = expiryWarnings(context);
  let next = Number.POSITIVE_INFINITY;
  for (const pack of packs) {
    if (pack.left === 0 || pack.expiresAt <= clock) continue;
    if (pack.expiresAt < next) next = pack.expiresAt;
    for (const { at } of warnings(pack)) if (at > clock && at < next) next = at;
  }
  return next;
};

/** Scheduled notices, and arrears at the end of their grace period. */
const otherDues = (account: Account, context: BillingContext): Due[] => {
  const dues: Due[] = [];
  for (const [pool, { dueAt }] of Object.entries(account.told))
    if (dueAt !== null) dues.push({ at: dueAt, order: 2, what: () => hourly(account, pool, dueAt, context) });
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
 * Instants of the notices of a pack's expiry; a granted pack has none. Packs bought together expire together, so the result is cached per
 * expiry.
 */
const expiryWarnings = (context: BillingContext) => {
  const known = new Map<string, readonly ExpiryWarning[]>();
  return ({ product, expiresAt, granted }: Pack): readonly ExpiryWarning[] => {
    if (granted) return [];
    const key = `${product} ${expiresAt}`;
    const before = known.get(key);
    if (before) return before;
    const warnings = EXPIRY_NOTICE_DAYS.flatMap((days) => {
      const at = context.calendar.daysAfter(expiresAt, -days);
      const policy = policyAt(product, at, context);
      return policy ? [{ days, at, channels: policy.channels }] : [];
    });
    known.set(key, warnings);
    return warnings;
  };
};

/** The scheduled notice of a pool; if its packs were exhausted meanwhile, only that is notified. */
const hourly = (
  account: Account,
  pool: string,
  at: Instant,
  context: BillingContext,
): AccountEvent | null => {
  const packs = byPool(account.packs).get(pool) ?? [];
  const policy = policyAt(productOf(pool), at, context);
  const { low, exhausted, left } = policy
    ? standing(packs, at, policy)
    : { low: false, exhausted: false, left: 0 };
  const kind = exhausted ? 'pack_exhausted' : low ? 'pack_low' : null;
  const notices = kind && policy ? [notice(kind, at, policy.channels, { pool, left })] : [];
  return event('NoticesRaised', at, { notices, scheduled: [] });
};

/** The suspension takes effect at the instant at which it is recorded (rules.md, section 7). */
const outlasted = (account: Account, now: Instant): AccountEvent | null =>
  isNegative(account.total) && !isSuspendedFor(account, 'arrears')
    ? event('AccountSuspended', now, { reason: 'arrears', note: 'the grace has passed' })
    : null;
