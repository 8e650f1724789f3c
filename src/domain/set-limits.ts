/** Setting an account's limits (price-books.md, "Limits"): each time they count from there, and are checked at once. */
import type { Account } from './account.ts';
import type { DecisionContext } from './context.ts';
import { accept, type Decision } from './decision.ts';
import { type AccountEvent, event } from './events.ts';
import type { Limits } from './limits.ts';
import { plus, ZERO } from './money.ts';

/** Sets the limits; null for both, and none are kept. */
export const setLimits = (
  account: Account,
  { spend, notifyAt, lowBalance }: Limits,
  { at, catalogue }: DecisionContext,
): Decision<AccountEvent> => {
  if (spend === null && lowBalance === null && !account.limits) return accept();
  const amount = (yuan: string | null) => (yuan === null ? null : plus(yuan, ZERO));
  return accept(
    event('LimitsSet', at, {
      catalogue: catalogue.published.length,
      spend: amount(spend),
      notifyAt,
      lowBalance: amount(lowBalance),
    }),
  );
};
