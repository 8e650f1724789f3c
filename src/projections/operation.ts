/**
 * Operational counts, maintained per event, so that a metrics scrape need not visit every account. Keys: `sums`;
 * `closing/YYYY-MM`, the number of accounts whose next close is that month; `blocked/YYYY-MM/ACCOUNT`, a close that
 * waits for a price; `account/ACCOUNT`, the account's share of the sums.
 */
import * as z from 'zod';
import { type Calendar, type Instant, instantText, type Month, nextMonth } from '../domain/calendar.ts';
import type { Notice } from '../domain/events.ts';
import { isNegative, type Money, plus, ZERO } from '../domain/money.ts';
import { moneyOf } from './money-moves.ts';
import type { AccountEventAt, Projection, Values } from './projection.ts';

const sumsView = z.strictObject({
  accounts: z.int(),
  belowZero: z.int(),
  /** Accounts whose close waits for a price. */
  blocked: z.int(),
});
export type OperationSums = Readonly<z.infer<typeof sumsView>>;

const closingView = z.strictObject({ accounts: z.int() });
export type ClosingView = Readonly<z.infer<typeof closingView>>;

/** A close that was refused `price_not_agreed`; `isOpen` until the month is closed. */
const blockedView = z.strictObject({
  account: z.string(),
  /** The month whose close waits, and the month of the missing price: the same, or an earlier closed one. */
  closing: z.string(),
  month: z.string(),
  meter: z.string(),
  quantity: z.number(),
  since: z.string(),
  isOpen: z.boolean(),
});
export type BlockedView = Readonly<z.infer<typeof blockedView>>;

const accountView = z.strictObject({ total: z.string(), closing: z.string(), isBlocked: z.boolean() });
type AccountView = Readonly<z.infer<typeof accountView>>;

export type OperationView = OperationSums | ClosingView | BlockedView | AccountView;

/** Rows at `sums`, under `closing/` and under `blocked/`. */
export const sumsRows = { name: 'operation', schema: sumsView };
export const closingRows = { name: 'operation', schema: closingView };
export const blockedRows = { name: 'operation', schema: blockedView };

const NO_SUMS: OperationSums = { accounts: 0, belowZero: 0, blocked: 0 };

export const blockedKey = (closing: Month, account: string): string => `blocked/${closing}/${account}`;

export const operation: Projection<OperationView> = {
  name: 'operation',
  version: 1,
  schema: z.union([sumsView, closingView, blockedView, accountView]),
  project: (recorded, values, calendar) => {
    const { event } = recorded;
    // Fast path for the most frequent event by far.
    if (event.type === 'CallsMetered') return;
    const parts = partsOf(values, recorded);
    const moved = moneyOf(event);
    if (moved !== null) parts.pay(moved);
    else if (event.type === 'AccountOpened') parts.open(event.at, calendar);
    else if (event.type === 'MonthClosed') parts.close();
    else if (event.type === 'NoticesRaised')
      for (const notice of event.data.notices)
        if (notice.kind === 'price_not_agreed') parts.block(notice, event.at);
  },
};

const partsOf = (values: Values<OperationView>, { account }: AccountEventAt) => {
  const key = `account/${account}`;
  const own = (): AccountView | undefined => values.get(key) as AccountView | undefined;
  const sum = (part: keyof OperationSums, by: number): void => {
    if (by === 0) return;
    const sums = (values.get('sums') as OperationSums | undefined) ?? NO_SUMS;
    values.set('sums', { ...sums, [part]: sums[part] + by });
  };
  const wait = (month: Month, by: number): void => {
    const { accounts } = (values.get(`closing/${month}`) as ClosingView | undefined) ?? { accounts: 0 };
    values.set(`closing/${month}`, { accounts: accounts + by });
  };
  return {
    open: (at: Instant, calendar: Calendar): void => {
      const closing = calendar.monthOf(at);
      values.set(key, { total: ZERO, closing, isBlocked: false });
      sum('accounts', 1);
      wait(closing, 1);
    },
    pay: (amount: Money): void => {
      const before = own();
      if (!before) return;
      const total = plus(before.total, amount);
      values.set(key, { ...before, total });
      sum('belowZero', Number(isNegative(total)) - Number(isNegative(before.total)));
    },
    close: (): void => {
      const before = own();
      if (!before) return;
      const closing = nextMonth(before.closing);
      values.set(key, { ...before, closing, isBlocked: false });
      wait(before.closing, -1);
      wait(closing, 1);
      if (!before.isBlocked) return;
      sum('blocked', -1);
      const blocked = values.get(blockedKey(before.closing, account)) as BlockedView | undefined;
      if (blocked) values.set(blockedKey(before.closing, account), { ...blocked, isOpen: false });
    },
    block: ({ about }: Notice, at: Instant): void => {
      const before = own();
      if (!before) return;
      const known = blockedKey(before.closing, account);
      const earlier = values.get(known) as BlockedView | undefined;
      values.set(known, {
        account,
        closing: before.closing,
        month: String(about['month']),
        meter: String(about['meter']),
        quantity: Number(about['quantity']),
        since: earlier?.since ?? instantText(at),
        isOpen: true,
      });
      if (before.isBlocked) return;
      values.set(key, { ...before, isBlocked: true });
      sum('blocked', 1);
    },
  };
};
