/** What events do to a balance. */
import type { AccountEvent } from '../domain/events.ts';
import { type Money, minus, negated, times, ZERO } from '../domain/money.ts';

/** The change of an account's total by an event; null if none. */
export const moneyOf = (event: AccountEvent): Money | null => {
  switch (event.type) {
    case 'FundsDeposited':
    case 'CreditGranted':
      return event.data.amount;
    case 'PackPurchased':
      return negated(times(event.data.price, event.data.packs.length));
    case 'PackReturned':
      return event.data.price;
    case 'BillSettled':
      return minus(ZERO, event.data.amount);
    default:
      return null;
  }
};

/** The change of what is frozen by an event; null if none. */
export const frozenBy = (event: AccountEvent): Money | null => {
  if (event.type === 'FundsFrozen') return event.data.amount;
  return event.type === 'FundsUnfrozen' ? negated(event.data.amount) : null;
};
