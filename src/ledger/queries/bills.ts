/** Reads issued bills from the events. */

import { decodeEvent } from '../../codec/event-codec.ts';
import type { Bill } from '../../domain/bill.ts';
import type { Month } from '../../domain/calendar.ts';
import type { EventStore } from '../../eventstore/event-store.ts';
import { eventAt, lastEvent } from '../../eventstore/reading.ts';
import { accountStream } from '../../eventstore/stream-names.ts';

export interface IssuedBill {
  readonly bill: Bill;
  /** Revision of the MonthClosed that carries it. */
  readonly closed: number;
}

/** Walks an account's closes from the last one back; the range a bill names leads to the close before it. */
export async function* billsBackwards(store: EventStore, account: string): AsyncGenerator<IssuedBill> {
  const stream = accountStream(account);
  let closing = await lastEvent(store, stream, { types: ['MonthClosed'] });
  while (closing) {
    const event = decodeEvent(closing);
    if (event.type !== 'MonthClosed') return;
    yield { bill: event.data.bill, closed: closing.revision };
    closing = await eventAt(store, stream, event.data.bill.events.from - 1);
  }
}

/** The bill of a month, or null if none was issued. */
export const issuedBill = async (
  store: EventStore,
  account: string,
  month: Month,
): Promise<IssuedBill | null> => {
  for await (const issued of billsBackwards(store, account)) {
    if (issued.bill.month === month) return issued;
    if (issued.bill.month < month) return null;
  }
  return null;
};
