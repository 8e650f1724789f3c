/** How each account stands: status, balance, services. Key: account. */
import type { Instant } from '../domain/calendar.ts';
import { instantText } from '../domain/calendar.ts';
import { minus, plus, ZERO } from '../domain/money.ts';
import type { Projection } from './projection.ts';

export type BalanceView = {
  readonly account: string;
  readonly openedAt: string;
  readonly total: string;
  readonly frozen: string;
  readonly suspensions: readonly { readonly reason: string; readonly since: string }[];
  readonly services: readonly string[];
  readonly lastClosed: string | null;
};

export const balances: Projection<BalanceView> = {
  name: 'balances',
  version: 1,
  project: ({ account, event }, values) => {
    if (event.type === 'AccountOpened') values.set(account, opened(account, event.at));
    const view = values.get(account);
    if (!view) return;
    const paid = (amount: string) => values.set(account, { ...view, total: plus(view.total, amount) });
    const froze = (amount: string) => values.set(account, { ...view, frozen: plus(view.frozen, amount) });
    switch (event.type) {
      case 'FundsDeposited':
      case 'CreditGranted':
        return paid(event.data.amount);
      case 'PackPurchased':
        return paid(event.data.packs.reduce((cost) => minus(cost, event.data.price), ZERO));
      case 'BillSettled':
        return paid(minus(ZERO, event.data.amount));
      case 'FundsFrozen':
        return froze(event.data.amount);
      case 'FundsUnfrozen':
        return froze(minus(ZERO, event.data.amount));
      case 'ServiceActivated':
        return values.set(account, { ...view, services: [...view.services, event.data.product].sort() });
      case 'AccountSuspended': {
        const since = { reason: event.data.reason, since: instantText(event.at) };
        return values.set(account, { ...view, suspensions: [...view.suspensions, since] });
      }
      case 'SuspensionLifted': {
        const suspensions = view.suspensions.filter(({ reason }) => reason !== event.data.reason);
        return values.set(account, { ...view, suspensions });
      }
      case 'MonthClosed':
        return values.set(account, { ...view, lastClosed: event.data.bill.month });
    }
  },
};

const opened = (account: string, at: Instant): BalanceView => ({
  account,
  openedAt: instantText(at),
  total: ZERO,
  frozen: ZERO,
  suspensions: [],
  services: [],
  lastClosed: null,
});
