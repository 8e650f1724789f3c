/**
 * Explains why an account was, or was not, suspended at an instant (rules.md, section 9): each suspension that covers
 * it, the chain of events that led to it, and what ended it, according to everything recorded until now.
 */
import { type Account, available, type Suspension, type SuspensionReason } from '../../domain/account.ts';
import { type Calendar, type Instant, instantOf, instantText } from '../../domain/calendar.ts';
import { isNegative, type Money, minus, negated } from '../../domain/money.ts';
import type { EventStore } from '../../eventstore/event-store.ts';
import { accountStream } from '../../eventstore/stream-names.ts';
import { entryAsOf } from '../../ledger/queries/as-of.ts';
import { accountEventsOf, closesBackwards, firstAfter } from './account-events.ts';
import { type Balance, balanceOf, originOf, type Step, stepsOf } from './money-steps.ts';

export interface SuspensionExplained {
  readonly reason: SuspensionReason;
  readonly since: string;
  readonly until: string | null;
  readonly why: string;
  /** What would have lifted it at that instant; null for one that had ended. */
  readonly lifts: Lifting | null;
  /** Steps from the cause to the suspension. */
  readonly led: readonly Step[];
  /** Steps from the cause of the lifting to the lifting; empty while it lasts. */
  readonly ended: readonly Step[];
}

/** What lifts a suspension: a payment of at least `amount` yuan (null: not known), or an operator. */
export interface Lifting {
  readonly by: 'payment' | 'operator';
  readonly amount: Money | null;
}

export interface StandingExplained {
  readonly account: string;
  readonly at: string;
  readonly suspended: boolean;
  readonly balance: Balance;
  readonly suspensions: readonly SuspensionExplained[];
  /** If not suspended: the last suspension that had ended by then. */
  readonly last: SuspensionExplained | null;
  readonly because: readonly string[];
}

/**
 * Explains the standing of an account at an instant. `now` is the current account, or the one of the position that is
 * asked about; then it is also the account at that instant.
 */
export const explainStanding = async (
  store: EventStore,
  calendar: Calendar,
  now: Account,
  at: Instant,
  isThen = false,
): Promise<StandingExplained> => {
  const covering = now.suspensions.filter((s) => s.since <= at && (s.until === null || at < s.until));
  const then = isThen ? now : (await entryAsOf(store, now.account, { at })).account;
  const suspensions: SuspensionExplained[] = [];
  for (const one of covering)
    suspensions.push({ ...(await explained(store, now.account, one)), lifts: liftsOf(one, then) });
  const past = now.suspensions
    .filter(({ until }) => until !== null && until <= at)
    .sort((a, b) => (a.until ?? 0) - (b.until ?? 0))
    .at(-1);
  const last = covering.length === 0 && past ? await explained(store, now.account, past) : null;
  return {
    account: now.account,
    at: instantText(at),
    suspended: covering.length > 0,
    balance: balanceOf(then),
    suspensions,
    last,
    because: covering.length > 0 ? suspensions.map(({ why }) => why) : notSuspended(then, last, calendar),
  };
};

/** rules.md, section 9: arrears go at a balance of zero, a failed freeze when it is covered. */
const liftsOf = ({ reason }: Suspension, then: Account | null): Lifting => {
  if (reason === 'prohibited') return { by: 'operator', amount: null };
  const pending = then?.pendingFreeze;
  if (!then || (reason === 'freeze_failed' && !pending)) return { by: 'payment', amount: null };
  const amount =
    pending && reason === 'freeze_failed' ? minus(pending.amount, available(then)) : negated(then.total);
  return { by: 'payment', amount };
};

const notSuspended = (
  then: Account | null,
  last: SuspensionExplained | null,
  calendar: Calendar,
): string[] => {
  if (!then) return ['the account was not open yet'];
  const grace = then.arrearsDueAt;
  return [
    isNegative(then.total)
      ? `the balance was ${then.total}${grace === null ? '' : `, but a grace ran until ${calendar.textOf(grace)}`}`
      : `the balance was ${then.total}, not below zero`,
    then.pendingFreeze
      ? `a freeze of ${then.pendingFreeze.amount} was pending, which does not suspend`
      : 'no freeze was pending',
    last?.until
      ? `the last suspension (${last.reason}) ended at ${calendar.textOf(instantOf(last.until))}`
      : 'it had never been suspended',
  ];
};

const explained = async (
  store: EventStore,
  id: string,
  suspension: Suspension,
): Promise<SuspensionExplained> => {
  const stream = accountStream(id);
  const set = await revisionOf(store, stream, suspension, 'AccountSuspended');
  const lifted =
    suspension.until === null ? null : await revisionOf(store, stream, suspension, 'SuspensionLifted');
  const led = set === null ? [] : await chain(store, stream, set, suspension.reason);
  return {
    reason: suspension.reason,
    since: instantText(suspension.since),
    until: suspension.until === null ? null : instantText(suspension.until),
    why: whySaid(suspension.reason, led),
    lifts: null,
    led,
    ended: lifted === null ? [] : await together(store, stream, lifted),
  };
};

/** Revision of the event that set or lifted a suspension. */
const revisionOf = async (
  store: EventStore,
  stream: string,
  { reason, since, until }: Suspension,
  type: 'AccountSuspended' | 'SuspensionLifted',
): Promise<number | null> => {
  const head = (await store.head(stream)).length - 1;
  const from = await firstAfter(store, stream, head, ({ event }) => {
    const known = event.data.carried.suspensions.find((s) => s.reason === reason && s.since === since);
    return known === undefined || (type === 'SuspensionLifted' && known.until === null);
  });
  const at = type === 'AccountSuspended' ? since : until;
  for await (const { event, revision } of accountEventsOf(store, stream, { from, to: head, types: [type] })) {
    if (event.type === type && event.data.reason === reason && event.at === at) return revision;
  }
  return null;
};

/** The steps that led to a suspension; for arrears, from the event that made the balance negative. */
const chain = async (
  store: EventStore,
  stream: string,
  revision: number,
  reason: SuspensionReason,
): Promise<Step[]> => {
  if (reason === 'prohibited') {
    const origin = await originOf(store, stream, revision);
    return stepsOf(store, stream, origin, { from: revision, to: revision });
  }
  const origin = await originOf(store, stream, revision);
  const range = { from: origin ? origin.revision + 1 : 0, to: revision };
  const steps = await stepsOf(store, stream, origin, range);
  if (reason === 'freeze_failed') return steps;
  if (!origin || !isNegative(origin.event.data.carried.total)) return sinceBelow(steps);
  // The grace period spans a close: the balance became negative before it.
  for await (const close of closesBackwards(store, stream, origin.revision - 1)) {
    if (isNegative(close.event.data.carried.total)) continue;
    const all = await stepsOf(store, stream, close, { from: close.revision + 1, to: revision });
    return sinceBelow(all);
  }
  return steps;
};

const sinceBelow = (steps: readonly Step[]): Step[] => {
  const fell = steps.findLastIndex(
    ({ before, after }) => !isNegative(before.total) && isNegative(after.total),
  );
  return steps.slice(Math.max(0, fell));
};

const APPEND_LOOKED_AT = 12;

/** The steps up to an event with the same instant: those of its append. */
const together = async (store: EventStore, stream: string, revision: number): Promise<Step[]> => {
  const origin = await originOf(store, stream, revision);
  const from = Math.max(0, revision - APPEND_LOOKED_AT);
  // If a close lifts the suspension, it is itself a step: fold from the previous close.
  const start = origin && origin.revision >= from ? await originOf(store, stream, origin.revision) : origin;
  const steps = await stepsOf(store, stream, start, { from, to: revision });
  const at = steps.at(-1)?.at;
  const other = steps.findLastIndex((step) => step.at !== at);
  return steps.slice(other + 1);
};

const whySaid = (reason: SuspensionReason, led: readonly Step[]): string => {
  const last = led.at(-1);
  if (reason === 'prohibited') return `an operator prohibited it${last ? ` (event ${last.event})` : ''}`;
  if (reason === 'freeze_failed') {
    const failed = led.findLast(({ type }) => type === 'FreezeFailed');
    return `a freeze failed: ${failed ? `${failed.says} (event ${failed.event})` : 'the product’s rule suspends'}`;
  }
  const [fell] = led;
  return fell
    ? `arrears: ${fell.says}, balance ${fell.before.total} → ${fell.after.total} (event ${fell.event})`
    : 'arrears: the balance is below zero';
};
