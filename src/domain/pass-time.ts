/**
 * What the passing of time asks for (rules.md, sections 5, 7, 9 and 11): packs expire, notices fall due, arrears that
 * outlast their grace suspend. Everything due lies after the account's clock, and its fact moves the clock on.
 */
import { type Account, isSuspendedFor, type Pack } from './account.ts';
import { type Calendar, type Instant, instantText } from './calendar.ts';
import type { Catalogue } from './catalogue.ts';
import { type AccountEvent, event } from './events.ts';
import { isNegative } from './money.ts';
import { byPool, notice, policyAt, standing } from './notices.ts';

/** Days before its expiry at which a pack that still has calls is told of (rules.md, section 11). */
export const EXPIRY_NOTICE_DAYS = [30, 7] as const;

interface Due {
  readonly at: Instant;
  readonly order: number;
  readonly what: (now: Instant) => AccountEvent | null;
}

/** The next instant at which something happens by itself; Infinity if nothing will. */
export const nextDue = (account: Account, calendar: Calendar, catalogue: Catalogue): Instant => {
  let next = Number.POSITIVE_INFINITY;
  for (const { at } of dues(account, calendar, catalogue)) if (at < next) next = at;
  return next;
};

/** What the earliest due instant up to `now` brings; empty when nothing is due. Call again until it is. */
export const passTime = (
  account: Account,
  now: Instant,
  calendar: Calendar,
  catalogue: Catalogue,
): readonly AccountEvent[] => {
  const due = dues(account, calendar, catalogue).sort((a, b) => a.at - b.at || a.order - b.order);
  const first = due.find(({ at }) => at <= now);
  if (!first) return [];
  return due.filter(({ at }) => at === first.at).flatMap(({ what }) => what(now) ?? []);
};

const dues = (account: Account, calendar: Calendar, catalogue: Catalogue): Due[] => {
  const { clock } = account;
  const all: Due[] = [];
  const add = (at: Instant, order: number, what: Due['what']) => {
    if (at > clock) all.push({ at, order, what });
  };
  const warnings = expiryWarnings(calendar, catalogue);
  for (const pack of account.packs) {
    if (pack.left === 0 || pack.void || pack.expiresAt <= clock) continue;
    for (const { days, at, channels } of warnings(pack)) {
      if (at <= clock) continue;
      const about = {
        pack: pack.pack,
        pool: pack.pool,
        days,
        left: pack.left,
        expiresAt: instantText(pack.expiresAt),
      };
      const notices = [notice('pack_expiring', at, channels, about)];
      add(at, 1, () => event('NoticesRaised', at, { notices, scheduled: [] }));
    }
    add(pack.expiresAt, 0, () =>
      event('PackExpired', pack.expiresAt, { pack: pack.pack, forfeited: pack.left }),
    );
  }
  for (const [pool, { dueAt }] of Object.entries(account.told)) {
    if (dueAt !== null) add(dueAt, 2, () => hourly(account, pool, dueAt, calendar, catalogue));
  }
  if (account.arrearsDueAt !== null) add(account.arrearsDueAt, 3, (now) => outlasted(account, now));
  return all;
};

interface ExpiryWarning {
  readonly days: number;
  readonly at: Instant;
  readonly channels: readonly string[];
}

/** When a pack's expiry is told of. Packs bought together expire together: the calendar is asked once for them. */
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
