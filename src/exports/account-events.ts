/** Streams an account's events from the store, page by page, and its issued bills, oldest first. */

import { decodeEvent } from '../codec/event-codec.ts';
import type { Bill } from '../domain/bill.ts';
import type { Calendar } from '../domain/calendar.ts';
import type { AccountEvent } from '../domain/events.ts';
import type { EventStore, RecordedEvent } from '../eventstore/event-store.ts';
import { eventAt, eventsOf } from '../eventstore/reading.ts';
import { accountStream } from '../eventstore/stream-names.ts';
import { accountIds } from '../ledger/queries/accounts.ts';
import { billsBackwards } from '../ledger/queries/bills.ts';
import { type Period, within } from './period.ts';

export interface StoredAccountEvent {
  readonly stored: RecordedEvent;
  readonly event: AccountEvent;
}

/** Events from a revision on, without their records; one page is in memory at a time. */
export async function* accountEventsFrom(
  store: EventStore,
  account: string,
  from: number,
): AsyncGenerator<StoredAccountEvent> {
  for await (const stored of eventsOf(store, accountStream(account), { from }))
    yield { stored, event: decodeEvent(stored) };
}

/** The given account, or all accounts. */
export async function* accountsOf(store: EventStore, account: string | undefined): AsyncGenerator<string> {
  if (account === undefined) yield* accountIds(store);
  else yield account;
}

/**
 * Bills of an account whose months begin within a period, oldest first. Closes are linked backwards, so their revisions
 * are collected first (one number a month), and each is then read again in order.
 */
export async function* billsOf(
  store: EventStore,
  calendar: Calendar,
  account: string,
  period: Period,
): AsyncGenerator<Bill> {
  const closes: number[] = [];
  for await (const { bill, closed } of billsBackwards(store, account)) {
    const start = calendar.startOf(bill.month);
    if (period.from !== null && start < period.from) break;
    if (within(period, start)) closes.push(closed);
  }
  for (const from of closes.reverse()) {
    const stored = await eventAt(store, accountStream(account), from);
    const event = stored && decodeEvent(stored);
    if (event?.type === 'MonthClosed') yield event.data.bill;
  }
}
