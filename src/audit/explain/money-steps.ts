/** Events that moved an account's money or stopped it, each with the balance before and after: links of a chain. */
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
  /** Who did it and why, where that was said. */
  readonly actor?: string;
  readonly reason?: string;
}

export const balanceOf = (account: Account | null): Balance =>
  account
    ? { total: account.total, frozen: account.frozen, available: available(account) }
    : { total: ZERO, frozen: ZERO, available: ZERO };

/** The last close before a revision, from which events can be folded; null when there is none. */
export const originOf = async (
  store: EventStore,
  stream: string,
  revision: number,
): Promise<Close | null> => {
  for await (const close of closesBackwards(store, stream, revision - 1)) return close;
  return null;
};

/**
 * The links among events `from`..`to` (both included), folded from `origin`, the last close before them or an earlier
 * one.
 */
export const stepsOf = async (
  store: EventStore,
  stream: string,
  origin: Close | null,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<Step[]> => {
  const steps: Step[] = [];
  let account: Account | null = origin?.fact.data.carried ?? null;
  for await (const { revision, fact, stored } of accountEventsOf(store, stream, {
    from: origin ? origin.revision + 1 : 0,
    to,
  })) {
    const next = follows(account, fact, { stream, revision });
    const says = said(fact);
    if (revision >= from && says !== null) {
      const { command } = decodeHeader(stored);
      steps.push({
        event: revision,
        type: fact.type,
        at: instantText(fact.at),
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

const said = (fact: AccountEvent): string | null => {
  switch (fact.type) {
    case 'FundsDeposited':
      return `${fact.data.amount} yuan deposited (${fact.data.reference})`;
    case 'CreditGranted':
      return `${fact.data.amount} yuan credited (${fact.data.reference}: ${fact.data.reason})`;
    case 'PackPurchased':
      return `${fact.data.packs.length} packs of ${fact.data.pool} bought at ${fact.data.price} yuan each`;
    case 'MonthClosed':
      return `${fact.data.bill.month} closed, ${fact.data.bill.due ?? '?'} yuan due; a freeze still pending is dropped`;
    case 'FundsUnfrozen':
      return `${fact.data.amount} yuan unfrozen`;
    case 'BillSettled':
      return `the bill of ${fact.data.month} takes ${fact.data.amount} yuan`;
    case 'FundsFrozen':
      return `${fact.data.amount} yuan frozen by the estimate from ${fact.data.month}`;
    case 'FreezeFailed': {
      const { amount, month, available: there, suspends } = fact.data;
      const then = suspends ? 'suspends' : 'only gives notice';
      return `${amount} yuan were to be frozen by the estimate from ${month}, ${there} were available; that ${then}`;
    }
    case 'ArrearsFell':
      return `the balance is below zero: a grace runs until ${fact.data.suspendsAt}`;
    case 'AccountSuspended':
      return `suspended: ${fact.data.reason}${fact.data.note === '' ? '' : ` (${fact.data.note})`}`;
    case 'SuspensionLifted':
      return `suspension lifted: ${fact.data.reason}`;
    default:
      return null;
  }
};

/** The account after an event. Throws StoredEventUnreadable where that does not follow from what was before. */
const follows = (
  account: Account | null,
  fact: AccountEvent,
  place: { readonly stream: string; readonly revision: number },
): Account => {
  try {
    return evolve(account, fact);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StoredEventUnreadable(place, `it does not follow from what was before: ${why}`);
  }
};
