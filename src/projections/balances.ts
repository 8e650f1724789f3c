/** Balance of each day that changed it, at the day's end, in yuan. Keys: `ACCOUNT`, the latest; `ACCOUNT/DAY`. */
import * as z from 'zod';
import type { AccountEvent } from '../domain/events.ts';
import { minus, plus, times, ZERO } from '../domain/money.ts';
import type { Projection } from './projection.ts';

const balance = z.strictObject({ total: z.string(), frozen: z.string() });
export type BalanceView = Readonly<z.infer<typeof balance>>;

export const balances: Projection<BalanceView> = {
  name: 'balances',
  version: 1,
  schema: balance,
  project: ({ account, event }, values, calendar) => {
    // Fast path for the most frequent event by far.
    if (event.type === 'CallsMetered') return;
    const before = values.get(account) ?? { total: ZERO, frozen: ZERO };
    const after = changed(before, event);
    if (after === null) return;
    values.set(account, after);
    values.set(`${account}/${calendar.dayOf(event.at)}`, after);
  },
};

/** Null where an event changes nothing. */
const changed = (before: BalanceView, event: AccountEvent): BalanceView | null => {
  const { total, frozen } = before;
  switch (event.type) {
    case 'AccountOpened':
      return before;
    case 'FundsDeposited':
    case 'CreditGranted':
      return { total: plus(total, event.data.amount), frozen };
    case 'PackPurchased':
      return { total: minus(total, times(event.data.price, event.data.packs.length)), frozen };
    case 'PackReturned':
      return { total: plus(total, event.data.price), frozen };
    case 'BillSettled':
      return { total: minus(total, event.data.amount), frozen };
    case 'FundsFrozen':
      return { total, frozen: plus(frozen, event.data.amount) };
    case 'FundsUnfrozen':
      return { total, frozen: minus(frozen, event.data.amount) };
    default:
      return null;
  }
};
