/**
 * Which month each account has to close next. Keys: `of/ACCOUNT`; `next/MONTH␁ACCOUNT`; `count/MONTH`, accounts whose next
 * close is that month, and how many of them wait for a price.
 */
import * as z from 'zod';
import { type Month, nextMonth } from '../domain/calendar.ts';
import { MARK } from './mark.ts';
import type { Projection, Values } from './projection.ts';

const own = z.strictObject({ account: z.string(), next: z.string(), isBlocked: z.boolean() });
type Own = Readonly<z.infer<typeof own>>;
const counts = z.strictObject({ accounts: z.int(), blocked: z.int() });
export type UnbilledCounts = Readonly<z.infer<typeof counts>>;

/** Rows under `next/…`, and under `count/`. */
export const unbilledRows = { name: 'unbilled', schema: own };
export const unbilledCounts = { name: 'unbilled', schema: counts };

export const NEXT = 'next/';
export const COUNTS = 'count/';
/** Above the keys of every account whose next close is a month, or one before it. */
export const nextEnd = (month: Month): string => `${NEXT}${month}\u0002`;

export const unbilled: Projection<Own | UnbilledCounts> = {
  name: 'unbilled',
  version: 1,
  schema: z.union([own, counts]),
  project: ({ account, event }, values, calendar) => {
    if (event.type === 'AccountOpened')
      return put(values, undefined, { account, next: calendar.monthOf(event.at), isBlocked: false });
    if (event.type !== 'MonthClosed' && event.type !== 'NoticesRaised') return;
    const before = values.get(`of/${account}`) as Own | undefined;
    if (!before) return;
    if (event.type === 'MonthClosed')
      put(values, before, { account, next: nextMonth(event.data.bill.month), isBlocked: false });
    else if (!before.isBlocked && event.data.notices.some(({ kind }) => kind === 'price_not_agreed'))
      put(values, before, { ...before, isBlocked: true });
  },
};

const put = (values: Values<Own | UnbilledCounts>, before: Own | undefined, after: Own): void => {
  const keyOf = ({ next, account }: Own): string => `${NEXT}${next}${MARK}${account}`;
  if (before && before.next !== after.next) values.delete(keyOf(before));
  values.set(keyOf(after), after);
  values.set(`of/${after.account}`, after);
  if (before) count(values, before, -1);
  count(values, after, 1);
};

const count = (values: Values<Own | UnbilledCounts>, { next, isBlocked }: Own, by: number): void => {
  const key = `${COUNTS}${next}`;
  const known = (values.get(key) as UnbilledCounts | undefined) ?? { accounts: 0, blocked: 0 };
  values.set(key, { accounts: known.accounts + by, blocked: known.blocked + (isBlocked ? by : 0) });
};
