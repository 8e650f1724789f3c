/** Reads issued bills from the events. */

import { decodeEvent, StoredEventUnreadable } from '../../codec/event-codec.ts';
import type { Bill } from '../../domain/bill.ts';
import type { Month } from '../../domain/calendar.ts';
import type { EventStore, RecordedEvent } from '../../eventstore/event-store.ts';
import { eventAt, lastEvent, typeOf } from '../../eventstore/reading.ts';
import { accountStream } from '../../eventstore/stream-names.ts';

export interface IssuedBill {
  readonly bill: Bill;
  /** Revision of the MonthClosed that carries it. */
  readonly closed: number;
}

/**
 * Walks an account's closes from the last one back; the range a bill names leads to the close before it. Rejects with
 * StoredEventUnreadable where there is none: the stream was altered, and older bills must not seem never issued.
 */
export async function* billsBackwards(store: EventStore, account: string): AsyncGenerator<IssuedBill> {
  const stream = accountStream(account);
  let closing = await lastEvent(store, stream, { types: ['MonthClosed'] });
  while (closing) {
    const bill = closedBy(closing);
    yield { bill, closed: closing.revision };
    const before = bill.events.from - 1;
    if (before < 0) return;
    const earlier = await eventAt(store, stream, before);
    if (!earlier || typeOf(earlier) !== 'MonthClosed') throw notBehindAClose(closing, bill);
    closing = earlier;
  }
}

const closedBy = (closing: RecordedEvent): Bill => {
  const event = decodeEvent(closing);
  if (event.type !== 'MonthClosed') throw new StoredEventUnreadable(closing, 'it is not a close');
  return event.data.bill;
};

const notBehindAClose = (closing: RecordedEvent, { month, events }: Bill): StoredEventUnreadable =>
  new StoredEventUnreadable(
    closing,
    `the bill of ${month} says that it follows the close at event ${events.from - 1}, which is not a close: events were added or taken out (suanpan verify --store)`,
  );

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
