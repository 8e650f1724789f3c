/**
 * Limits on counts and amounts, so that every sum in an event, a view or a bill is exact and readable. Checked when a
 * command is decided; a replay skips them, because its events may be older than the limits.
 */
import { type Account, metered } from './account.ts';
import type { Instant, Month } from './calendar.ts';
import { refuse } from './decision.ts';
import { exact, type Money } from './money.ts';
import type { UsageRecord } from './usage.ts';

/** Calls (or images submitted) of one record. */
export const RECORD_CALLS_MAX = 1_000_000_000_000;
/** Limit on an account's calls in a month, and on the summed sizes of its unexpired packs: 2^53 − 1. */
export const SUM_MAX = Number.MAX_SAFE_INTEGER;
/** Limit on the integer digits of a balance. */
export const BALANCE_DIGITS = 18;

const BALANCE_END = exact(`1${'0'.repeat(BALANCE_DIGITS)}`);

/** Whether a record's count exceeds the limit of one record. */
export const isRecordTooLarge = ({ calls, submitted }: UsageRecord): boolean =>
  (Number.isInteger(calls) && calls > RECORD_CALLS_MAX) ||
  (Number.isInteger(submitted) && (submitted ?? 0) > RECORD_CALLS_MAX);

/** All calls that an account recorded in a month, paid for by any means, charged or not. */
export const monthCalls = (account: Account, month: Month): number => {
  const tally = Object.hasOwn(account.months, month) ? account.months[month] : undefined;
  if (!tally) return 0;
  return Object.values(tally.groups).reduce((sum, group) => sum + metered(group), tally.uncharged ?? 0);
};

export interface Room {
  /** Adds calls to a month. Returns false, and adds nothing, where the sum would exceed its limit. */
  take(month: Month, calls: number): boolean;
}

/** Tracks how much a batch may still add to each month of an account. */
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

/** The summed sizes (as bought) of an account's packs that are neither void nor expired. */
export const livingPackCalls = (account: Account, at: Instant): number =>
  account.packs.reduce((sum, pack) => sum + (pack.void || pack.expiresAt <= at ? 0 : pack.size), 0);

/** Whether an account can buy packs of a size and the sum of its packs stays exact. */
export const hasPackRoom = (account: Account, at: Instant, size: number, quantity: number): boolean =>
  size <= (SUM_MAX - livingPackCalls(account, at)) / quantity;

/** Whether a balance is within the limit on its digits. */
export const isBalanceInBounds = (total: Money): boolean => exact(total).abs().lessThan(BALANCE_END);

/** The refusal of a count or an amount that is too large; `most` is the limit. */
export const tooLarge = (field: string, detail: string, most: number | string) =>
  refuse('quantity_too_large', `${field}: ${detail}`, { field, most });
