/** The chain of events that changed an account's money or suspended it, each with the balance before and after. */
import { decodeHeader, StoredEventUnreadable } from '../../codec/event-codec.ts';
import { type Account, available } from '../../domain/account.ts';
import { instantText } from '../../domain/calendar.ts';
import type { AccountEvent, EventType } from '../../domain/events.ts';
import { evolve } from '../../domain/evolve.ts';
import { ZERO } from '../../domain/money.ts';
import type { EventStore } from '../../eventstore/event-store.ts';
import { accountEventsOf, type Close, closesBackwards } from './account-events.ts';

export interface Balance {
  readonly total: string;
  readonly frozen: string;
  readonly available: string;
}

export interface Step {
  readonly event: number;
  readonly type: EventType;
  readonly at: string;
  readonly says: string;
  readonly before: Balance;
  readonly after: Balance;
  /** Actor and reason, if given. */
  readonly actor?: string;
  readonly reason?: string;
}

export const balanceOf = (account: Account | null): Balance =>
  account
    ? { total: account.total, frozen: account.frozen, available: available(account) }
    : { total: ZERO, frozen: ZERO, available: ZERO };

/** The last close before a revision, from which events can be folded; null if there is none. */
export const originOf = async (
  store: EventStore,
  stream: string,
  revision: number,
): Promise<Close | null> => {
  for await (const close of closesBackwards(store, stream, revision - 1)) return close;
  return null;
};

/**
 * The steps among events `from`..`to` (inclusive), folded from `origin`, the last close before them or an earlier one.
 */
export const stepsOf = async (
  store: EventStore,
  stream: string,
  origin: Close | null,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<Step[]> => {
  const steps: Step[] = [];
  let account: Account | null = origin?.event.data.carried ?? null;
  for await (const { revision, event, stored } of accountEventsOf(store, stream, {
    from: origin ? origin.revision + 1 : 0,
    to,
  })) {
    const next = follows(account, event, { stream, revision });
    const says = said(event);
    if (revision >= from && says !== null) {
      const { command } = decodeHeader(stored);
      steps.push({
        event: revision,
        type: event.type,
        at: instantText(event.at),
        says,
        before: balanceOf(account),
        after: balanceOf(next),
        ...(command?.actor === undefined ? {} : { actor: command.actor }),
        ...(command?.reason === undefined ? {} : { reason: command.reason }),
      });
    }
    account = next;
  }
  return steps;
};

const said = (event: AccountEvent): string | null => {
  switch (event.type) {
    case 'FundsDeposited':
      return `${event.data.amount} yuan deposited (${event.data.reference})`;
    case 'CreditGranted':
      return `${event.data.amount} yuan credited (${event.data.reference}: ${event.data.reason})`;
    case 'PackPurchased':
      return `${event.data.packs.length} packs of ${event.data.pool} bought at ${event.data.price} yuan each`;
    case 'PackReturned':
      return `${event.data.pack} of ${event.data.pool} returned, ${event.data.price} yuan paid back`;
    case 'MonthClosed':
      return `${event.data.bill.month} closed, ${event.data.bill.due ?? '?'} yuan due; a freeze still pending is dropped`;
    case 'FundsUnfrozen':
      return `${event.data.amount} yuan unfrozen`;
    case 'BillSettled':
      return `the bill of ${event.data.month} takes ${event.data.amount} yuan`;
    case 'FundsFrozen':
      return `${event.data.amount} yuan frozen by the estimate from ${event.data.month}`;
    case 'FreezeFailed': {
      const { amount, month, available: there, suspends } = event.data;
      const then = suspends ? 'suspends' : 'only gives notice';
      return `${amount} yuan were to be frozen by the estimate from ${month}, ${there} were available; that ${then}`;
    }
    case 'ArrearsFell':
      return `the balance is below zero: a grace runs until ${event.data.suspendsAt}`;
    case 'AccountSuspended':
      return `suspended: ${event.data.reason}${event.data.note === '' ? '' : ` (${event.data.note})`}`;
    case 'SuspensionLifted':
      return `suspension lifted: ${event.data.reason}`;
    default:
      return null;
  }
};

/** The account after an event. Throws StoredEventUnreadable if the event contradicts the account's state. */
const follows = (
  account: Account | null,
  event: AccountEvent,
  place: { readonly stream: string; readonly revision: number },
): Account => {
  try {
    return evolve(account, event);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StoredEventUnreadable(place, `it does not follow from what was before: ${why}`);
  }
};
