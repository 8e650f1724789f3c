/** The month's close (rules.md, section 7): one append, decided here as a whole. */
import { type Account, available, type ClosedMonth, isSuspendedFor } from './account.ts';
import type { Bill } from './bill.ts';
import { type Instant, instantText, type Month, nextMonth } from './calendar.ts';
import { canonicalJson } from './canonical.ts';
import { type Catalogue, inForce } from './catalogue.ts';
import type { BillingContext, DecisionContext } from './context.ts';
import { accept, type Decision, refuse } from './decision.ts';
import { draftBill } from './draft-bill.ts';
import { type AccountEvent, type EventOf, event } from './events.ts';
import { evolve } from './evolve.ts';
import { grouped } from './grouped.ts';
import { covers, isNegative, isZero, plus, ZERO } from './money.ts';
import { nextToClose } from './next-close.ts';
import { rulesOf } from './rules.ts';

export interface Close {
  readonly month: Month;
  /** Version of the rules that apply after the close (`rules.ts`). */
  readonly rules: number | undefined;
  /** Version of the rating rules (`rating.ts`). */
  readonly rating: string;
}

/** Closes the next month in order; closing a closed month is a no-op. */
export const closeMonth = (
  account: Account,
  { month, rules, rating }: Close,
  context: DecisionContext,
): Decision<AccountEvent> => {
  const { at, head, sha256, calendar, catalogue } = context;
  if (account.months[month]?.closed) return accept();
  if (at < calendar.startOf(nextMonth(month))) {
    return refuse('month_not_over', `${month} is not over at ${calendar.textOf(at)}`, { month });
  }
  const due = nextToClose(account, calendar);
  if (month !== due) return refuse('month_out_of_order', `the next month to close is ${due}`, { month, due });
  const draft = draftBill(account, { month, at, head, status: 'issued', rating, calendar, catalogue });
  const [unpriced] = draft.unpriced;
  if (unpriced) {
    const { meter, quantity, month: used } = unpriced;
    const detail = `${meter} has no price for ${quantity} calls in ${used}`;
    return {
      ...refuse('price_not_agreed', detail, { meter, quantity, month: used, closing: month }),
      followUp: { name: 'notify-unpriced', body: { month: used, meter, quantity } },
    };
  }
  const bill = digested(draft.bill, sha256);
  const carried = ruledBy(rules, carriedForward(account, bill, draft.rerated, at, catalogue));
  const closed = event('MonthClosed', at, { bill, catalogue: catalogue.published.length, carried });
  return accept(closed, ...afterClose(closed, context));
};

/**
 * The events after MonthClosed in its append: money moves, then suspensions. They depend on that event alone, so a
 * replay that starts after a close can decide them again.
 */
export const afterClose = (
  { at, data: { bill, carried } }: EventOf<'MonthClosed'>,
  context: BillingContext,
): AccountEvent[] => {
  const moves = moneyMoves(carried, bill, at, context.catalogue);
  const settled = moves.reduce<Account>(evolve, carried);
  return [...moves, ...consequences(carried, settled, moves, bill.month, at, context)];
};

const digested = (bill: Omit<Bill, 'digest'>, sha256: DecisionContext['sha256']): Bill => ({
  ...bill,
  digest: sha256(canonicalJson(bill)),
});

/** The account carried forward, before money moves; a stream can be folded from here. */
const carriedForward = (
  account: Account,
  bill: Bill,
  rerated: readonly Month[],
  at: Instant,
  catalogue: Catalogue,
): Account => {
  const months = { ...account.months };
  const editions = (month: Month, products: Iterable<string>): Record<string, string> =>
    Object.fromEntries(
      [...new Set(products)].flatMap((product) => {
        const edition = inForce(catalogue, product, month);
        return edition ? [[product, edition.book.edition]] : [];
      }),
    );
  const tally = months[bill.month] ?? { groups: {}, closed: null };
  const closed: ClosedMonth = {
    ratingVersion: bill.ratingVersion,
    editions: editions(bill.month, Object.keys(account.services)),
    billed: Object.fromEntries(
      bill.lines.map(({ meter, metered, amount }) => [meter, { calls: metered, amount: amount ?? '0.00' }]),
    ),
    changes: {},
  };
  months[bill.month] = { ...tally, closed };
  const corrections = grouped(bill.corrections, ({ month }) => month);
  for (const month of rerated) {
    const known = months[month];
    if (!known?.closed) continue;
    const billed = { ...known.closed.billed };
    for (const line of corrections.get(month) ?? []) {
      const sofar = billed[line.meter] ?? { calls: 0, amount: '0.00' };
      billed[line.meter] = {
        calls: sofar.calls + line.calls,
        amount: plus(sofar.amount, line.amount ?? ZERO),
      };
    }
    const rated = { ...known.closed.editions, ...editions(month, Object.keys(known.closed.editions)) };
    months[month] = { ...known, closed: { ...known.closed, billed, changes: {}, editions: rated } };
  }
  return {
    ...account,
    months,
    clock: Math.max(account.clock, at),
    commandAt: Math.max(account.commandAt, at),
    lastClosed: bill.month,
    credits: [],
    pendingFreeze: null,
    unpriced: [],
    disputes: account.disputes.filter(({ resolved }) => resolved === null),
  };
};

const ruledBy = (rules: number | undefined, account: Account): Account =>
  rules === undefined ? account : { ...account, rules, raised: account.raised ?? 0 };

/** Unfreeze, settle, freeze again; zero amounts are omitted. */
const moneyMoves = (carried: Account, bill: Bill, at: Instant, catalogue: Catalogue): AccountEvent[] => {
  const events: AccountEvent[] = [];
  const { month } = bill;
  if (!isZero(carried.frozen)) events.push(event('FundsUnfrozen', at, { amount: carried.frozen }));
  if (!isZero(bill.due ?? '0')) events.push(event('BillSettled', at, { month, amount: bill.due ?? '0' }));
  const after = events.reduce<Account>(evolve, carried);
  const amount = bill.frozen.total ?? '0';
  if (isZero(amount)) return events;
  if (covers(available(after), amount)) events.push(event('FundsFrozen', at, { month, amount }));
  else {
    const suspends = failureSuspends(bill, catalogue);
    events.push(event('FreezeFailed', at, { month, amount, available: available(after), suspends }));
  }
  return events;
};

/** A failed freeze suspends when one product that suspends has an amount above zero (rules.md, section 8). */
const failureSuspends = ({ month, frozen }: Bill, catalogue: Catalogue): boolean =>
  frozen.byProduct.some(
    ({ product }) => inForce(catalogue, product, month)?.book.freeze?.onFailure === 'suspend',
  );

/**
 * Suspensions that the close lifts and sets: a pending freeze is dropped, a new one may fail, arrears may begin or end.
 */
const consequences = (
  before: Account,
  settled: Account,
  moves: readonly AccountEvent[],
  month: Month,
  at: Instant,
  { calendar, catalogue }: BillingContext,
): AccountEvent[] => {
  const events: AccountEvent[] = [];
  const inArrears = isNegative(settled.total);
  if (isSuspendedFor(before, 'freeze_failed')) {
    events.push(event('SuspensionLifted', at, { reason: 'freeze_failed' }));
  }
  if (!inArrears && isSuspendedFor(before, 'arrears')) {
    events.push(event('SuspensionLifted', at, { reason: 'arrears' }));
  }
  const graceRuns = rulesOf(before) >= 2 && before.arrearsDueAt !== null && isNegative(before.total);
  if (inArrears && !isSuspendedFor(before, 'arrears') && !graceRuns) {
    const days = graceDays(settled, month, catalogue);
    const suspendsAt = calendar.daysAfter(at, days);
    if (days === 0) events.push(event('AccountSuspended', at, { reason: 'arrears', note: '' }));
    else if (rulesOf(before) >= 2 || before.arrearsDueAt === null || suspendsAt < before.arrearsDueAt) {
      // Under rules 1 a later edition could shorten a running grace period: the earlier of the two dates applied.
      events.push(event('ArrearsFell', at, { suspendsAt: instantText(suspendsAt) }));
    }
  }
  const failed = moves.find((move) => move.type === 'FreezeFailed');
  if (failed?.type === 'FreezeFailed' && failed.data.suspends) {
    events.push(event('AccountSuspended', at, { reason: 'freeze_failed', note: '' }));
  }
  return events;
};

/** The longest grace period of the account's products (rules.md, section 9). */
const graceDays = (account: Account, month: Month, catalogue: Catalogue): number =>
  Math.max(
    0,
    ...Object.keys(account.services).map((p) => inForce(catalogue, p, month)?.book.arrears.graceDays ?? 0),
  );
