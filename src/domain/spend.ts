/**
 * What a calendar month costs so far, and which limits an append reaches (price-books.md, "Limits"). Only for accounts
 * that have limits: nobody else pays for the rating.
 */
import { type Account, available } from './account.ts';
import type { Instant, Month } from './calendar.ts';
import type { Catalogue } from './catalogue.ts';
import { EditionBroken } from './catalogue.ts';
import type { BillingContext } from './context.ts';
import type { AccountEvent, Notice, NoticeKind } from './events.ts';
import type { AccountLimits } from './limits.ts';
import { covers, exact, type Money, plain, sum } from './money.ts';
import { CURRENT_RATING, rateMonth } from './rating.ts';

/** The line amounts of a month, without corrections; what has no price counts nothing. */
export const spentIn = (account: Account, catalogue: Catalogue, month: Month): Money =>
  sum(rateMonth(account, catalogue, month, CURRENT_RATING).map(({ line }) => line.amount ?? '0'));

/** Whether the spending limit is reached in the month of an instant. */
export const isSpent = (account: Account, at: Instant, { calendar, catalogue }: BillingContext): boolean => {
  const spend = account.limits?.spend ?? null;
  return spend !== null && covers(spentIn(account, catalogue, calendar.monthOf(at)), spend);
};

/** The shares of the spending limit that an amount reaches. */
export const sharesReached = ({ spend, notifyAt }: AccountLimits, spent: Money): readonly string[] =>
  spend === null ? [] : notifyAt.filter((share) => covers(spent, plain(exact(spend).times(share))));

export interface Reached {
  readonly kind: NoticeKind;
  readonly about: Notice['about'];
}

interface Append {
  readonly before: Account;
  readonly after: Account;
  readonly events: readonly AccountEvent[];
  readonly at: Instant;
}

/** What an append is to be notified for: shares of the spending limit, each once a month, and a low balance. */
export const limitsReached = (append: Append, context: BillingContext): readonly Reached[] => {
  const { limits } = append.after;
  return limits ? [...spendReached(limits, append, context), ...balanceLow(limits, append)] : [];
};

const CHANGE_SPEND: ReadonlySet<AccountEvent['type']> = new Set([
  'CallsMetered',
  'UsageCorrected',
  'ContractPriceAgreed',
  'LimitsSet',
]);

const spendReached = (
  limits: AccountLimits,
  { after, events, at }: Append,
  { calendar, catalogue }: BillingContext,
): readonly Reached[] => {
  const { spend, notifyAt } = limits;
  if (spend === null || !events.some(({ type }) => CHANGE_SPEND.has(type))) return [];
  const month = calendar.monthOf(at);
  const told = limits.told?.month === month ? limits.told.shares : [];
  if (notifyAt.every((share) => told.includes(share))) return [];
  const spent = spentUnlessBroken(after, catalogue, month);
  return sharesReached(limits, spent)
    .filter((share) => !told.includes(share))
    .map((share) => ({ kind: 'spend_reached', about: { month, share, limit: spend, spent } }));
};

/** A price book that cannot be read must not stop usage of the others. */
const spentUnlessBroken = (account: Account, catalogue: Catalogue, month: Month): Money => {
  try {
    return spentIn(account, catalogue, month);
  } catch (error) {
    if (error instanceof EditionBroken) return '0';
    throw error;
  }
};

const balanceLow = ({ lowBalance }: AccountLimits, { before, after, events }: Append): readonly Reached[] => {
  if (lowBalance === null || covers(available(after), lowBalance)) return [];
  const isArmed = covers(available(before), lowBalance) || events.some(({ type }) => type === 'LimitsSet');
  return isArmed ? [{ kind: 'balance_low', about: { limit: lowBalance, available: available(after) } }] : [];
};
