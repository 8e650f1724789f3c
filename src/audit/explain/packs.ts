/**
 * Which packs paid for a line and why in that order, and why each other pack of its product did not (rules.md,
 * sections 3 and 5). Decided from the account as the close carried it and the line's usage by day.
 */
import type { Account, Pack } from '../../domain/account.ts';
import { type Calendar, type Instant, instantText, type Month } from '../../domain/calendar.ts';
import type { Catalogue } from '../../domain/catalogue.ts';
import { paysFor } from '../../domain/payers.ts';
import type { DayUsage, LineUsage } from './usage.ts';

export type PackReason =
  | 'paid'
  | 'other_pool'
  | 'bought_after'
  | 'expired_before'
  | 'void'
  | 'used_up_before'
  | 'not_needed'
  | 'not_in_its_time';

export interface PackExplained {
  readonly pack: string;
  readonly pool: string;
  readonly size: number;
  readonly edition: string;
  readonly purchasedAt: string;
  readonly expiresAt: string;
  /** Calls not used when the month was closed. */
  readonly left: number;
  /** Calls of this line that it paid for. */
  readonly paid: number;
  /** Among those that paid: the place in the order of deduction, from 1. */
  readonly place: number | null;
  readonly reason: PackReason;
  readonly why: string;
  /** Revisions of its purchase and, if it was voided, of that. */
  readonly events: readonly number[];
}

/** The facts of a pack's life that the account does not hold. */
export interface PackLife {
  readonly bought: number | null;
  readonly voided: { readonly revision: number; readonly at: Instant; readonly reference: string } | null;
}

export interface PacksOf {
  readonly account: Account;
  readonly calendar: Calendar;
  readonly catalogue: Catalogue;
  readonly month: Month;
  readonly product: string;
  readonly usage: LineUsage;
  readonly lives: ReadonlyMap<string, PackLife>;
}

/** Every pack of the line's product, those that paid first, in the order of deduction. */
export const explainPacks = (of: PacksOf): PackExplained[] => {
  const paidBy = (pack: Pack): number => of.usage.packs.get(pack.pack) ?? 0;
  const held = of.account.packs
    .filter((pack) => pack.product === of.product || paidBy(pack) !== 0)
    .sort((a, b) => firstOf(a, b).order);
  const paying = held.filter((pack) => paidBy(pack) > 0);
  const others = held.filter((pack) => paidBy(pack) <= 0);
  return [
    ...paying.map((pack, i) =>
      shown(pack, of, {
        paid: paidBy(pack),
        place: i + 1,
        reason: 'paid',
        why: placed(pack, paying[i - 1], paying[i + 1]),
      }),
    ),
    ...others.map((pack) => shown(pack, of, { paid: 0, place: null, ...whyNot(pack, paying, of) })),
  ];
};

const shown = (
  pack: Pack,
  { lives }: PacksOf,
  told: Pick<PackExplained, 'paid' | 'place' | 'reason' | 'why'>,
): PackExplained => {
  const life = lives.get(pack.pack);
  return {
    pack: pack.pack,
    pool: pack.pool,
    size: pack.size,
    edition: pack.edition,
    purchasedAt: instantText(pack.purchasedAt),
    expiresAt: instantText(pack.expiresAt),
    left: pack.left,
    ...told,
    events: [life?.bought, life?.voided?.revision].filter((revision) => typeof revision === 'number'),
  };
};

/** Which of two packs is used first, and by what: expires first, then bought first, then smaller, then id. */
const firstOf = (a: Pack, b: Pack): { readonly order: number; readonly by: string } => {
  if (a.expiresAt !== b.expiresAt) return { order: a.expiresAt - b.expiresAt, by: 'expires first' };
  if (a.purchasedAt !== b.purchasedAt)
    return { order: a.purchasedAt - b.purchasedAt, by: 'expires with it and was bought first' };
  if (a.size !== b.size) return { order: a.size - b.size, by: 'was bought with it and is the smaller' };
  return { order: a.pack < b.pack ? -1 : 1, by: 'was bought with it, is of its size and has the lower id' };
};

const placed = (pack: Pack, before: Pack | undefined, after: Pack | undefined): string => {
  const parts = [
    ...(before ? [`after ${before.pack}, which ${firstOf(before, pack).by}`] : []),
    ...(after ? [`before ${after.pack}: it ${firstOf(pack, after).by}`] : []),
  ];
  return parts.length === 0 ? 'no other pack paid for these calls' : parts.join('; ');
};

const whyNot = (
  pack: Pack,
  paying: readonly Pack[],
  of: PacksOf,
): { readonly reason: PackReason; readonly why: string } => {
  const { calendar, catalogue, usage, lives } = of;
  const calls = usage.days.filter((day) => day.calls > 0 && paysFor(catalogue, pack, day.interface));
  const [first] = calls;
  const last = calls.at(-1);
  if (!first || !last) {
    const why = `it pays for ${pack.pool} as edition ${pack.edition} has it; no such calls are on this line`;
    return { reason: 'other_pool', why };
  }
  const from = calendar.startOfDay(first.day);
  const until = calendar.daysAfter(calendar.startOfDay(last.day), 1);
  if (pack.purchasedAt >= until)
    return { reason: 'bought_after', why: `it was bought after ${last.day}, the last day with such calls` };
  if (pack.expiresAt <= from)
    return {
      reason: 'expired_before',
      why: `it expired before ${first.day}, the first day with such calls`,
    };
  const voided = lives.get(pack.pack)?.voided;
  if (pack.void && (!voided || voided.at < until)) {
    const when = voided ? ` since ${instantText(voided.at)} by the credit ${voided.reference}` : '';
    return { reason: 'void', why: `it is void${when}` };
  }
  if (pack.left === 0 && !pack.void)
    return { reason: 'used_up_before', why: `all its calls paid for ${monthsPaid(pack, of).join(', ')}` };
  const unpaid = calls.reduce((sum, day) => sum + day.postPaid, 0);
  if (unpaid <= 0) return { reason: 'not_needed', why: covered(calls, paying) };
  return { reason: 'not_in_its_time', why: outOfTime(pack, calls, unpaid, of) };
};

/** The other months whose calls a pack paid for. */
const monthsPaid = ({ pack }: Pack, { account, month }: PacksOf): string[] =>
  Object.entries(account.months)
    .filter(([name, { groups }]) => {
      const runs = Object.values(groups).flatMap((group) => group.runs);
      return name !== month && runs.some(([paid]) => paid === pack);
    })
    .map(([name]) => name)
    .sort();

const covered = (calls: readonly DayUsage[], paying: readonly Pack[]): string =>
  calls.some((day) => day.packs > 0)
    ? `the free calls and ${paying.map(({ pack }) => pack).join(', ')}, used before it, paid for all of them`
    : 'the free calls paid for all of them';

/** A pack pays only for calls of its own time, as they are recorded: nothing is decided again later. */
const outOfTime = (
  { purchasedAt, expiresAt }: Pack,
  calls: readonly DayUsage[],
  unpaid: number,
  { calendar, month }: PacksOf,
): string => {
  const said = [`${unpaid} such calls are post-paid`];
  const bought = calendar.dayOf(purchasedAt);
  const expired = calendar.dayOf(expiresAt);
  const on = (is: (day: string) => boolean) =>
    calls.filter(({ day }) => is(day)).reduce((sum, { postPaid }) => sum + postPaid, 0);
  if (bought.startsWith(month))
    said.push(
      `it was bought at ${instantText(purchasedAt)} (${on((day) => day < bought)} lie on days before that)`,
    );
  if (expired.startsWith(month))
    said.push(
      `it expired at ${instantText(expiresAt)} (${on((day) => day > expired)} lie on days after that)`,
    );
  said.push('who pays is decided when a call is recorded, by the call’s own time, and is not decided again');
  return said.join('; ');
};
