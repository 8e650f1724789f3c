/** How each event changes an account. Applies decisions; makes none. */
import { type Account, type Contract, opened, type SuspensionReason, type Terms } from './account.ts';
import { changed, recounted, tallied, uncharged } from './apply-usage.ts';
import { instantOf } from './calendar.ts';
import { unreachable } from './decision.ts';
import type { AccountEvent, EventOf, Notice } from './events.ts';
import { granted, purchased, returned, withPack } from './evolve-packs.ts';
import { isNegative, minus, plus } from './money.ts';
import { rulesOf } from './rules.ts';

/** The account after one more event; `account` is null before its first. */
export const evolve = (account: Account | null, event: AccountEvent): Account => {
  if (event.type === 'AccountOpened') return opened(event.data.account, event.at, event.data.rules);
  if (event.type === 'MonthClosed') return event.data.carried;
  if (account === null) throw new Error(`${event.type} of an account that was never opened`);
  const next = applied(account, event);
  const clock = Math.max(account.clock, event.at);
  return next.clock === clock ? next : { ...next, clock };
};

/** The account after all events. */
export const fold = (account: Account | null, events: readonly AccountEvent[]): Account | null =>
  events.reduce<Account | null>(evolve, account);

type Applied = Exclude<AccountEvent, EventOf<'AccountOpened'> | EventOf<'MonthClosed'>>;

const applied = (account: Account, event: Applied): Account => {
  switch (event.type) {
    case 'ServiceActivated': {
      const { product, postPaid } = event.data;
      const activated = { ...account, services: { ...account.services, [product]: event.at } };
      return commanded(
        postPaid === 'off' ? switchedPostPaid(activated, product, postPaid, event.at) : activated,
        event.at,
      );
    }
    case 'PostPaidSwitched': {
      const { product, postPaid } = event.data;
      return commanded(switchedPostPaid(account, product, postPaid, event.at), event.at);
    }
    case 'LimitsSet':
      return commanded(limited(account, event), event.at);
    case 'FundsDeposited':
      return commanded(paidIn(account, event.data.amount), event.at);
    case 'PackPurchased':
      return commanded(purchased(account, event), event.at);
    case 'PackGranted':
      return granted(account, event);
    case 'PackReturned':
      return commanded(paidIn(returned(account, event), event.data.price), event.at);
    case 'ContractPriceAgreed':
      return commanded(agreed(account, event), event.at);
    case 'CallsMetered':
      return uncharged(tallied(account, event.data.tallies, 'late usage'), event.data.uncharged ?? []);
    case 'UsageCorrected': {
      const { tallies, reason } = event.data;
      return commanded(recounted(tallied(account, tallies, `correction: ${reason}`), event), event.at);
    }
    case 'PackExpired':
    case 'NothingChanged':
      return account;
    case 'PackVoided':
      return withPack(account, event.data.pack, (pack) => ({ ...pack, left: 0, void: true }));
    case 'CreditGranted': {
      const { amount, reason } = event.data;
      const paid = paidIn(account, amount);
      return commanded({ ...paid, credits: [...paid.credits, { amount, reason }] }, event.at);
    }
    case 'DisputeOpened': {
      const { by: _, ...matter } = event.data;
      const dispute = { ...matter, openedAt: event.at, resolved: null };
      const disputesOpened = account.disputesOpened + 1;
      return commanded({ ...account, disputesOpened, disputes: [...account.disputes, dispute] }, event.at);
    }
    case 'EvidenceAttached':
      return commanded(account, event.at);
    case 'DisputeResolved':
      return commanded(resolved(account, event), event.at);
    case 'FundsUnfrozen':
      return { ...account, frozen: minus(account.frozen, event.data.amount) };
    case 'BillSettled':
      return settled(account, event.data.amount);
    case 'FundsFrozen':
      return { ...account, frozen: plus(account.frozen, event.data.amount), pendingFreeze: null };
    case 'FreezeFailed':
      return { ...account, pendingFreeze: { month: event.data.month, amount: event.data.amount } };
    case 'ArrearsFell':
      return { ...account, arrearsDueAt: instantOf(event.data.suspendsAt) };
    case 'AccountSuspended':
      return suspended(account, event);
    case 'SuspensionLifted':
      return lifted(account, event.data.reason, event.at);
    case 'NoticesRaised':
      return noticesRaised(account, event);
    default:
      return unreachable(event);
  }
};

/** Records the instant of a command; an earlier command is refused from then on. */
const commanded = (account: Account, at: number): Account =>
  account.commandAt >= at ? account : { ...account, commandAt: at };

const switchedPostPaid = (account: Account, product: string, postPaid: 'on' | 'off', at: number): Account => {
  const before = account.postPaidOff?.[product] ?? [];
  const after =
    postPaid === 'off'
      ? [...before, { since: at, until: null }]
      : before.map((one) => (one.until === null ? { ...one, until: at } : one));
  return { ...account, postPaidOff: { ...account.postPaidOff, [product]: after } };
};

const limited = (account: Account, { data }: EventOf<'LimitsSet'>): Account => {
  const { limits: _, ...others } = account;
  const { spend, notifyAt, lowBalance } = data;
  if (spend === null && lowBalance === null) return others;
  return { ...others, limits: { spend, notifyAt, lowBalance, told: null } };
};

const paidIn = (account: Account, amount: string): Account => {
  const total = plus(account.total, amount);
  return { ...account, total, arrearsDueAt: total.startsWith('-') ? account.arrearsDueAt : null };
};

const agreed = (account: Account, { data }: EventOf<'ContractPriceAgreed'>): Account => {
  const { product, meter, from, until } = data;
  const terms: Terms = data.ladder ? { ladder: data.ladder } : { discount: data.discount ?? '1' };
  const contract: Contract = { product, meter, from, until, ...terms };
  const months = Object.fromEntries(
    Object.entries(account.months).map(([month, tally]) => [
      month,
      tally.closed && from <= month && (until === null || month < until)
        ? { ...tally, closed: changed(tally.closed, meter, 'contract price', rulesOf(account)) }
        : tally,
    ]),
  );
  return { ...account, contracts: [...account.contracts, contract], months };
};

const suspended = (account: Account, { at, data }: EventOf<'AccountSuspended'>): Account => {
  const arrearsDueAt = data.reason === 'arrears' ? null : account.arrearsDueAt;
  const suspensions = [...account.suspensions, { reason: data.reason, since: at, until: null }];
  const next = { ...account, suspensions, arrearsDueAt };
  return data.reason === 'prohibited' ? commanded(next, at) : next;
};

const lifted = (account: Account, reason: SuspensionReason, at: number): Account => {
  const suspensions = account.suspensions.map((s) =>
    s.reason === reason && s.until === null ? { ...s, until: at } : s,
  );
  const next = { ...account, suspensions };
  return reason === 'prohibited' ? commanded(next, at) : next;
};

const resolved = (account: Account, { at, data }: EventOf<'DisputeResolved'>): Account => {
  const { outcome, note, credit } = data;
  const disputes = account.disputes.map((d) =>
    d.dispute === data.dispute ? { ...d, resolved: { outcome, at, note, credit } } : d,
  );
  return { ...account, disputes };
};

/** Under rules 2 a balance that is no longer negative ends the grace period, even during a settlement. */
const settled = (account: Account, amount: string): Account => {
  const total = minus(account.total, amount);
  const isPaid = rulesOf(account) >= 2 && !isNegative(total);
  return { ...account, total, arrearsDueAt: isPaid ? null : account.arrearsDueAt };
};

const noticesRaised = (account: Account, { at, data }: EventOf<'NoticesRaised'>): Account => {
  const pools = { ...account.told };
  const unpriced = [...account.unpriced];
  const of = (pool: string) => pools[pool] ?? { low: false, exhausted: false, dueAt: null };
  for (const { kind, about } of data.notices) {
    if (kind === 'pack_low')
      pools[String(about['pool'])] = { ...of(String(about['pool'])), low: true, dueAt: null };
    if (kind === 'pack_exhausted') pools[String(about['pool'])] = { low: true, exhausted: true, dueAt: null };
    if (kind === 'price_not_agreed') unpriced.push(`${about['month']} ${about['meter']}`);
  }
  const own = rulesOf(account) >= 2;
  if (own)
    for (const [pool, one] of Object.entries(pools))
      if (one.dueAt !== null && one.dueAt <= at) pools[pool] = { ...one, dueAt: null };
  for (const { pool, dueAt } of data.scheduled) pools[pool] = { ...of(pool), dueAt: instantOf(dueAt) };
  const raised = own ? { raised: (account.raised ?? 0) + data.notices.length } : {};
  return { ...sharesTold(account, data.notices), ...raised, told: pools, unpriced };
};

const sharesTold = (account: Account, notices: readonly Notice[]): Account => {
  const { limits } = account;
  const shares = notices.flatMap(({ kind, about }) => (kind === 'spend_reached' ? [about] : []));
  const [first] = shares;
  if (!limits || !first) return account;
  const month = String(first['month']);
  const before = limits.told?.month === month ? limits.told.shares : [];
  const told = { month, shares: [...before, ...shares.map(({ share }) => String(share))] };
  return { ...account, limits: { ...limits, told } };
};
