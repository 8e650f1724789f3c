/**
 * Why a pack did not pay for a line (rules.md, sections 3 and 5), as of the end of the line's month: usage of later
 * months does not count, even if it was recorded before the close.
 */
import type { Account, Pack } from '../../domain/account.ts';
import { type Instant, type Month, nextMonth } from '../../domain/calendar.ts';
import { editionNamed, poolUnit } from '../../domain/catalogue.ts';
import type { BillingContext } from '../../domain/context.ts';
import { classWeights } from '../../domain/pack-supply.ts';
import { severalOf } from '../../domain/unit-words.ts';
import { type DayUsage, type LineUsage, unpaidKey } from './usage.ts';

export type PackReason =
  | 'paid'
  | 'other_pool'
  | 'bought_after'
  | 'expired_before'
  | 'void'
  | 'returned'
  | 'used_up_before'
  | 'not_needed'
  | 'not_in_its_time'
  | 'too_little_left';

/** The events of a pack that are not in the account's state. */
export interface PackLife {
  /** Or granted. */
  readonly bought: number | null;
  /** By a credit; `reference` null: by its return. */
  readonly voided: {
    readonly revision: number;
    readonly at: Instant;
    readonly reference: string | null;
  } | null;
}

/** Points of each pack that paid, by month; computed once per explanation. */
export type Spending = ReadonlyMap<string, ReadonlyMap<Month, number>>;

/** The spending of an account's packs, in all months. */
export const packSpending = (account: Account): Spending => {
  const spending = new Map<string, Map<Month, number>>();
  for (const [month, { groups }] of Object.entries(account.months))
    for (const { runs } of Object.values(groups))
      for (const [pack, units, weight = 1] of runs) {
        const months = spending.get(pack) ?? new Map<Month, number>();
        months.set(month, (months.get(month) ?? 0) + units * weight);
        spending.set(pack, months);
      }
  return spending;
};

export interface PacksOf extends BillingContext {
  readonly spending: Spending;
  readonly month: Month;
  /** Packs of the line's product. */
  readonly packs: readonly Pack[];
  readonly usage: LineUsage;
  readonly lives: ReadonlyMap<string, PackLife>;
  /** What the line counts, in the plural. */
  readonly units: string;
}

/**
 * Calls left in a pack at the end of the month, counting only calls of that month and earlier ones (calls of later
 * months may have been recorded before the close).
 */
export const leftAtEnd = (pack: Pack, { spending, calendar, month, lives }: PacksOf): number => {
  if (pack.void) {
    const voided = lives.get(pack.pack)?.voided;
    if (!voided || voided.at < calendar.startOf(nextMonth(month))) return 0;
  }
  let left = pack.size;
  for (const [one, calls] of spending.get(pack.pack) ?? []) if (one <= month) left -= calls;
  return left;
};

/** The calls of a line that packs of one pool and edition may pay for. */
export interface Covered {
  readonly days: readonly DayUsage[];
  readonly unpaid: number;
  readonly byPacks: boolean;
  /** Points that the lightest of those takes that no pack paid for. */
  readonly weight: number;
}

/** The calls of the line that a pack may pay for, computed once per pool and edition. */
export const coverage = ({ catalogue, usage }: PacksOf): ((pack: Pack) => Covered) => {
  const known = new Map<string, Map<string, Covered>>();
  return (pack) => {
    const pools = known.get(pack.edition) ?? new Map<string, Covered>();
    known.set(pack.edition, pools);
    const before = pools.get(pack.pool);
    if (before) return before;
    const weights: number[] = [];
    const days = usage.days.filter((day) => {
      const classes = usage.unpaid.get(unpaidKey(day));
      const own = classWeights(catalogue, pack, day.interface, day.measure ?? null).filter(
        ({ weight }) => weight > 0,
      );
      if (day.calls > 0)
        for (const { id, weight } of own)
          if (id === null || !classes || classes.has(id)) weights.push(weight);
      return day.calls > 0 && own.length > 0;
    });
    const covered = {
      days,
      weight: Math.min(...weights),
      unpaid: days.reduce((sum, day) => sum + day.postPaid + (day.waived ?? 0), 0),
      byPacks: days.some((day) => day.packs > 0),
    };
    pools.set(pack.pool, covered);
    return covered;
  };
};

/** The reason as a code, and as a sentence for people. */
export const whyNot = (
  pack: Pack,
  paying: readonly Pack[],
  { days, unpaid, byPacks, weight }: Covered,
  of: PacksOf,
): { readonly reason: PackReason; readonly why: string } => {
  const { calendar, lives, month, units } = of;
  const [first] = days;
  const last = days.at(-1);
  if (!first || !last) {
    const why = `it pays for ${pack.pool} as edition ${pack.edition} has it; no such ${units} are on this line`;
    return { reason: 'other_pool', why };
  }
  const from = calendar.startOfDay(first.day);
  const until = calendar.daysAfter(calendar.startOfDay(last.day), 1);
  if (pack.purchasedAt >= until)
    return {
      reason: 'bought_after',
      why: `it was bought after ${last.day}, the last day with such ${units}`,
    };
  if (pack.expiresAt <= from)
    return {
      reason: 'expired_before',
      why: `it expired before ${first.day}, the first day with such ${units}`,
    };
  if (pack.returned !== undefined && (unpaid > 0 || pack.returned < until)) {
    const when = calendar.textOf(pack.returned);
    return {
      reason: 'returned',
      why: `it was returned at ${when}, and pays for nothing reported afterwards`,
    };
  }
  if (pack.returned !== undefined) return { reason: 'not_needed', why: covered(byPacks, paying, units) };
  const voided = lives.get(pack.pack)?.voided;
  if (pack.void && (!voided || voided.at < until)) {
    const when = voided ? ` since ${calendar.textOf(voided.at)} by the credit ${voided.reference}` : '';
    return { reason: 'void', why: `it is void${when}` };
  }
  if (leftAtEnd(pack, of) === 0) {
    const before = monthsPaid(pack, of, (one) => one <= month);
    return { reason: 'used_up_before', why: `all its ${unitsHeld(pack, of)} paid for ${before.join(', ')}` };
  }
  const left = leftAtEnd(pack, of);
  if (unpaid > 0 && left < weight) {
    const why = `${left} points are left of it, and a unit takes ${weight}: a unit is paid whole or not at all`;
    return { reason: 'too_little_left', why };
  }
  if (unpaid <= 0) return { reason: 'not_needed', why: covered(byPacks, paying, units) };
  // Packs are used in the order of recording: usage of later months was recorded before some of these calls.
  if (pack.left === 0 && pack.purchasedAt <= from && until <= pack.expiresAt) {
    const later = monthsPaid(pack, of, (one) => one !== month);
    const why = `its ${unitsHeld(pack, of)} paid for ${later.join(', ')}, recorded before the ${unpaid} ${units} that are post-paid here`;
    return { reason: 'used_up_before', why };
  }
  return { reason: 'not_in_its_time', why: outOfTime(pack, days, unpaid, of) };
};

/** Months, filtered by `is`, whose calls a pack paid for. */
const monthsPaid = ({ pack }: Pack, { spending }: PacksOf, is: (month: Month) => boolean): string[] =>
  [...(spending.get(pack) ?? [])].flatMap(([one, calls]) => (calls > 0 && is(one) ? [one] : [])).sort();

const NAMED_MAX = 5;

/** What a pack holds, in the plural. */
const unitsHeld = ({ product, edition, pool }: Pack, { catalogue }: PacksOf): string => {
  const bought = editionNamed(catalogue, product, edition);
  return severalOf(bought && poolUnit(bought.book, pool));
};

const covered = (byPacks: boolean, paying: readonly Pack[], units: string): string => {
  if (!byPacks) return `the free ${units} paid for all of them`;
  const named = paying.slice(0, NAMED_MAX).map(({ pack }) => pack);
  const others = paying.length > NAMED_MAX ? ` and ${paying.length - NAMED_MAX} others` : '';
  return `the free ${units} and ${named.join(', ')}${others}, used before it, paid for all of them`;
};

/** A pack pays only for calls within its validity, decided when they are recorded and never revised. */
const outOfTime = (
  { purchasedAt, expiresAt }: Pack,
  calls: readonly DayUsage[],
  unpaid: number,
  { calendar, month, units }: PacksOf,
): string => {
  const said = [`${unpaid} such ${units} are post-paid`];
  const bought = calendar.dayOf(purchasedAt);
  const expired = calendar.dayOf(expiresAt);
  const on = (is: (day: string) => boolean) =>
    calls.filter(({ day }) => is(day)).reduce((sum, { postPaid }) => sum + postPaid, 0);
  if (bought.startsWith(month))
    said.push(
      `it was bought at ${calendar.textOf(purchasedAt)} (${on((day) => day < bought)} lie on days before that)`,
    );
  if (expired.startsWith(month))
    said.push(
      `it expired at ${calendar.textOf(expiresAt)} (${on((day) => day > expired)} lie on days after that)`,
    );
  said.push('who pays is decided when a call is recorded, by the call’s own time, and is not decided again');
  return said.join('; ');
};
