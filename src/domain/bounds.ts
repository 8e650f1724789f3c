/**
 * How large counts and amounts may become, so that every sum that an event, a view or a bill holds is exact and can be
 * read again. Checked before an event is decided; events recorded before there were bounds are decided again without.
 */
import { type Account, metered } from './account.ts';
import type { Instant, Month } from './calendar.ts';
import { refuse } from './decider.ts';
import { exact, type Money } from './money.ts';
import type { UsageRecord } from './usage.ts';

/** Calls (or images submitted) of one record. */
export const RECORD_CALLS_MAX = 1_000_000_000_000;
/** Any sum of calls over a month of an account, and of the sizes of its living packs: 2^53 − 1. */
export const SUM_MAX = Number.MAX_SAFE_INTEGER;
/** Digits before the point of a balance. */
export const BALANCE_DIGITS = 18;

const BALANCE_END = exact(`1${'0'.repeat(BALANCE_DIGITS)}`);

/** Whether a record counts more than one record may. */
export const isRecordTooLarge = ({ calls, submitted }: UsageRecord): boolean =>
  (Number.isInteger(calls) && calls > RECORD_CALLS_MAX) ||
  (submitted !== null && Number.isInteger(submitted) && submitted > RECORD_CALLS_MAX);

/** Every call that an account recorded in a month, whatever paid for it, charged or not. */
export const monthCalls = (account: Account, month: Month): number => {
  const tally = Object.hasOwn(account.months, month) ? account.months[month] : undefined;
  if (!tally) return 0;
  return Object.values(tally.groups).reduce((sum, group) => sum + metered(group), tally.uncharged ?? 0);
};

export interface Room {
  /** Takes calls of a month; false, and nothing is taken, where its sum would become too large. */
  take(month: Month, calls: number): boolean;
}

/** What a batch may still add to the months of an account. */
export const openRoom = (account: Account): Room => {
  const left = new Map<Month, number>();
  return {
    take: (month, calls) => {
      const before = left.get(month) ?? SUM_MAX - monthCalls(account, month);
      if (calls > before) return false;
      left.set(month, before - calls);
      return true;
    },
  };
};

/** Calls of an account's packs that are neither void nor expired, as they were bought. */
export const livingPackCalls = (account: Account, at: Instant): number =>
  account.packs.reduce((sum, pack) => sum + (pack.void || pack.expiresAt <= at ? 0 : pack.size), 0);

/** Whether packs of a size can be bought beside those that an account has: their sum stays exact. */
export const hasPackRoom = (account: Account, at: Instant, size: number, quantity: number): boolean =>
  size <= (SUM_MAX - livingPackCalls(account, at)) / quantity;

/** Whether a balance has no more digits than one may have. */
export const isBalanceInBounds = (total: Money): boolean => exact(total).abs().lessThan(BALANCE_END);

/** The refusal of a count or an amount that is too large; `most` is what would still do. */
export const tooLarge = (field: string, detail: string, most: number | string) =>
  refuse('quantity_too_large', `${field}: ${detail}`, { field, most });
