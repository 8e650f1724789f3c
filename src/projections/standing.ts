/**
 * Money of all accounts, and the accounts that need the operator: in arrears, suspended, or with a freeze that failed.
 * Keys: `sums`; `account/ACCOUNT`; `need/SINCE ACCOUNT` for those that need the operator, the longest waiting first.
 */
import * as z from 'zod';
import { instantText } from '../domain/calendar.ts';
import type { AccountEvent } from '../domain/events.ts';
import { isNegative, type Money, minus, negated, plus, ZERO } from '../domain/money.ts';
import { frozenBy, moneyOf } from './money-moves.ts';
import type { Projection, Values } from './projection.ts';

const sumsView = z.strictObject({
  /** Sum of the balances that are not negative. */
  held: z.string(),
  /** Sum of the negative balances, as a positive amount. */
  owed: z.string(),
  frozen: z.string(),
  /** Accounts that need the operator for any reason, and by reason. */
  needing: z.int(),
  inArrears: z.int(),
  suspended: z.int(),
  freezesFailed: z.int(),
});
export type StandingSums = Readonly<z.infer<typeof sumsView>>;

const accountView = z.strictObject({
  account: z.string(),
  total: z.string(),
  frozen: z.string(),
  /** Since when the balance is negative, and when that suspends the account; null when it is not. */
  arrears: z.strictObject({ since: z.string(), suspendsAt: z.string().nullable() }).nullable(),
  suspensions: z
    .array(z.strictObject({ reason: z.string(), since: z.string(), note: z.string() }))
    .readonly(),
  /** The freeze of the last close, where it failed. */
  freeze: z
    .strictObject({ month: z.string(), amount: z.string(), available: z.string(), since: z.string() })
    .nullable(),
});
export type StandingView = Readonly<z.infer<typeof accountView>>;

const needView = z.strictObject({ account: z.string() });

/** Rows at `sums`, under `account/` and under `need/`. */
export const standingSums = { name: 'standing', schema: sumsView };
export const standingRows = { name: 'standing', schema: accountView };
export const needRows = { name: 'standing', schema: needView };

export const NO_STANDING: StandingSums = {
  ...{ held: ZERO, owed: ZERO, frozen: ZERO },
  ...{ needing: 0, inArrears: 0, suspended: 0, freezesFailed: 0 },
};

export const standing: Projection<StandingSums | StandingView | Readonly<z.infer<typeof needView>>> = {
  name: 'standing',
  version: 1,
  schema: z.union([sumsView, accountView, needView]),
  project: ({ account, event }, values) => {
    // Fast path for the most frequent event by far.
    if (event.type === 'CallsMetered') return;
    const key = `account/${account}`;
    const before = values.get(key) as StandingView | undefined;
    const after = event.type === 'AccountOpened' ? opened(account) : before && changed(before, event);
    if (!after || after === before) return;
    values.set(key, after);
    values.set(
      'sums',
      moved((values.get('sums') as StandingSums | undefined) ?? NO_STANDING, before ?? null, after),
    );
    placed(values, before ?? null, after);
  },
};

const opened = (account: string): StandingView => ({
  ...{ account, total: ZERO, frozen: ZERO },
  ...{ arrears: null, suspensions: [], freeze: null },
});

const changed = (before: StandingView, event: AccountEvent): StandingView => {
  const [paid, froze] = [moneyOf(event), frozenBy(event)];
  const at = instantText(event.at);
  if (paid !== null) {
    const total = plus(before.total, paid);
    const arrears = isNegative(total) ? (before.arrears ?? { since: at, suspendsAt: null }) : null;
    return { ...before, total, arrears };
  }
  if (froze !== null) {
    const freeze = event.type === 'FundsFrozen' ? null : before.freeze;
    return { ...before, frozen: plus(before.frozen, froze), freeze };
  }
  switch (event.type) {
    case 'MonthClosed':
      return before.freeze ? { ...before, freeze: null } : before;
    case 'FreezeFailed': {
      const { month, amount, available } = event.data;
      return { ...before, freeze: { month, amount, available, since: at } };
    }
    case 'ArrearsFell': {
      const { suspendsAt } = event.data;
      return { ...before, arrears: { since: before.arrears?.since ?? at, suspendsAt } };
    }
    case 'AccountSuspended': {
      const { reason, note } = event.data;
      return { ...before, suspensions: [...before.suspensions, { reason, since: at, note }] };
    }
    case 'SuspensionLifted':
      return {
        ...before,
        suspensions: before.suspensions.filter(({ reason }) => reason !== event.data.reason),
      };
    default:
      return before;
  }
};

/** Since when an account needs the operator; null when it does not. */
const neededSince = ({ arrears, suspensions, freeze }: StandingView): string | null => {
  const [first] = [arrears, freeze, ...suspensions].flatMap((one) => (one ? [one.since] : [])).sort();
  return first ?? null;
};

const placed = (
  values: Values<StandingSums | StandingView | { readonly account: string }>,
  before: StandingView | null,
  after: StandingView,
): void => {
  const [was, is] = [before && neededSince(before), neededSince(after)];
  if (was === is) return;
  if (was !== null) values.delete(needKey(was, after.account));
  if (is !== null) values.set(needKey(is, after.account), { account: after.account });
};

const needKey = (since: string, account: string): string => `need/${since} ${account}`;

const moved = (sums: StandingSums, before: StandingView | null, after: StandingView): StandingSums => {
  const by = (count: (one: StandingView) => boolean): number =>
    Number(count(after)) - Number(before !== null && count(before));
  const amount = (of: (one: StandingView) => Money): Money => minus(of(after), before ? of(before) : ZERO);
  return {
    held: plus(
      sums.held,
      amount(({ total }) => (isNegative(total) ? ZERO : total)),
    ),
    owed: plus(
      sums.owed,
      amount(({ total }) => (isNegative(total) ? negated(total) : ZERO)),
    ),
    frozen: plus(
      sums.frozen,
      amount(({ frozen }) => frozen),
    ),
    needing: sums.needing + by((one) => neededSince(one) !== null),
    inArrears: sums.inArrears + by(({ arrears }) => arrears !== null),
    suspended: sums.suspended + by(({ suspensions }) => suspensions.length > 0),
    freezesFailed: sums.freezesFailed + by(({ freeze }) => freeze !== null),
  };
};
