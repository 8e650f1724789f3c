/** How each event changes an account. Only applies what was decided; decides nothing. */
import { type Account, opened, type Pack } from './account.ts';
import { instantOf } from './calendar.ts';
import { unreachable } from './decider.ts';
import type { AccountEvent, EventOf, SuspensionReason } from './events.ts';
import { isNegative, minus, plus } from './money.ts';
import { rulesOf } from './rules.ts';
import { changed, recounted, tallied, uncharged } from './tallies.ts';

/** The account after one more event; `account` is null before its first. */
export const evolve = (account: Account | null, fact: AccountEvent): Account => {
  if (fact.type === 'AccountOpened') return opened(fact.data.account, fact.at, fact.data.rules);
  if (fact.type === 'MonthClosed') return fact.data.carried;
  if (account === null) throw new Error(`${fact.type} of an account that was never opened`);
  const next = applied(account, fact);
  const clock = Math.max(account.clock, fact.at);
  return next.clock === clock ? next : { ...next, clock };
};

/** The account after all events. */
export const fold = (account: Account | null, facts: readonly AccountEvent[]): Account | null =>
  facts.reduce<Account | null>(evolve, account);

type Applied = Exclude<AccountEvent, EventOf<'AccountOpened'> | EventOf<'MonthClosed'>>;

const applied = (account: Account, fact: Applied): Account => {
  switch (fact.type) {
    case 'ServiceActivated':
      return commanded(
        { ...account, services: { ...account.services, [fact.data.product]: fact.at } },
        fact.at,
      );
    case 'FundsDeposited':
      return commanded(paidIn(account, fact.data.amount), fact.at);
    case 'PackPurchased':
      return commanded(purchased(account, fact), fact.at);
    case 'ContractPriceAgreed':
      return commanded(agreed(account, fact), fact.at);
    case 'CallsMetered':
      return uncharged(tallied(account, fact.data.tallies, 'late usage'), fact.data.uncharged ?? []);
    case 'UsageCorrected': {
      const { tally, reason } = fact.data;
      const next = tally ? tallied(account, [tally], `correction: ${reason}`) : recounted(account, fact);
      return commanded(next, fact.at);
    }
    case 'PackExpired':
    case 'NothingChanged':
      return account;
    case 'PackVoided':
      return withPack(account, fact.data.pack, (pack) => ({ ...pack, left: 0, void: true }));
    case 'CreditGranted': {
      const { amount, reason } = fact.data;
      const paid = paidIn(account, amount);
      return commanded({ ...paid, credits: [...paid.credits, { amount, reason }] }, fact.at);
    }
    case 'DisputeOpened': {
      const { by: _, ...matter } = fact.data;
      const dispute = { ...matter, openedAt: fact.at, resolved: null };
      const disputesOpened = account.disputesOpened + 1;
      return commanded({ ...account, disputesOpened, disputes: [...account.disputes, dispute] }, fact.at);
    }
    case 'EvidenceAttached':
      return commanded(account, fact.at);
    case 'DisputeResolved':
      return commanded(resolved(account, fact), fact.at);
    case 'FundsUnfrozen':
      return { ...account, frozen: minus(account.frozen, fact.data.amount) };
    case 'BillSettled':
      return settled(account, fact.data.amount);
    case 'FundsFrozen':
      return { ...account, frozen: plus(account.frozen, fact.data.amount), pendingFreeze: null };
    case 'FreezeFailed':
      return { ...account, pendingFreeze: { month: fact.data.month, amount: fact.data.amount } };
    case 'ArrearsFell':
      return { ...account, arrearsDueAt: instantOf(fact.data.suspendsAt) };
    case 'AccountSuspended':
      return suspended(account, fact);
    case 'SuspensionLifted':
      return lifted(account, fact.data.reason, fact.at);
    case 'NoticesRaised':
      return noticesRaised(account, fact);
    default:
      return unreachable(fact);
  }
};

/** A command's event: the next command may not happen before it. */
const commanded = (account: Account, at: number): Account =>
  account.commandAt >= at ? account : { ...account, commandAt: at };

const paidIn = (account: Account, amount: string): Account => {
  const total = plus(account.total, amount);
  return { ...account, total, arrearsDueAt: total.startsWith('-') ? account.arrearsDueAt : null };
};

const purchased = (account: Account, { at, data }: EventOf<'PackPurchased'>): Account => {
  const { product, edition, pool, size, price } = data;
  const expiresAt = instantOf(data.expiresAt);
  const packs = data.packs.map(
    (pack): Pack => ({
      pack,
      product,
      edition,
      pool,
      size,
      price,
      purchasedAt: at,
      expiresAt,
      left: size,
      void: false,
    }),
  );
  const total = data.packs.reduce((rest) => minus(rest, price), account.total);
  const { [pool]: _rearmed, ...others } = account.told;
  return { ...account, total, packs: [...account.packs, ...packs], told: others };
};

const agreed = (account: Account, { data }: EventOf<'ContractPriceAgreed'>): Account => {
  const { product, meter, from, until, ladder } = data;
  const months = Object.fromEntries(
    Object.entries(account.months).map(([month, tally]) => [
      month,
      tally.closed && from <= month && (until === null || month < until)
        ? { ...tally, closed: changed(tally.closed, meter, 'contract price', rulesOf(account)) }
        : tally,
    ]),
  );
  return { ...account, contracts: [...account.contracts, { product, meter, from, until, ladder }], months };
};

const withPack = (account: Account, id: string, change: (pack: Pack) => Pack): Account => ({
  ...account,
  packs: account.packs.map((pack) => (pack.pack === id ? change(pack) : pack)),
});

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

/** Under rules 2 a balance that is not below zero any more ends a grace, also where a settlement paid it. */
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
  return { ...account, ...raised, told: pools, unpriced };
};
