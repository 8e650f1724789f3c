/** Reads an account's events for explanations: without records, by type, and from close to close. */

import { decodeEvent } from '../../codec/event-codec.ts';
import type { Month } from '../../domain/calendar.ts';
import type { AccountEvent, EventOf, EventType } from '../../domain/events.ts';
import type { RecordedEvent, StreamReads } from '../../eventstore/event-store.ts';
import { eventsOf, lastEvent } from '../../eventstore/reading.ts';
import type { IssuedBill } from '../../ledger/queries/bills.ts';
import { closeIfAny } from '../replay/close-at.ts';

export interface ExplainedEvent {
  readonly revision: number;
  readonly event: AccountEvent;
  readonly stored: RecordedEvent;
}

export interface Close {
  readonly revision: number;
  readonly event: EventOf<'MonthClosed'>;
}

/** Events `from`..`to` (inclusive) of a stream, oldest first, optionally only of some types. */
export async function* accountEventsOf(
  store: StreamReads,
  stream: string,
  { from, to, types }: { readonly from: number; readonly to: number; readonly types?: readonly EventType[] },
): AsyncGenerator<ExplainedEvent> {
  for await (const stored of eventsOf(store, stream, { from, to, ...(types && { types }) }))
    yield { revision: stored.revision, event: decodeEvent(stored), stored };
}

/** The close at a revision, or null if that is another event. */
export const closeAt = async (
  store: StreamReads,
  stream: string,
  revision: number,
): Promise<Close | null> => {
  const event = await closeIfAny(store, stream, revision);
  return event && { revision, event };
};

/** The last close at or before a revision, then earlier ones: each bill names the revision of the previous close. */
export async function* closesBackwards(
  store: StreamReads,
  stream: string,
  revision: number,
): AsyncGenerator<Close> {
  const last = await lastEvent(store, stream, { from: revision, types: ['MonthClosed'] });
  let close = last && (await closeAt(store, stream, last.revision));
  while (close) {
    yield close;
    close = await closeAt(store, stream, close.event.data.bill.events.from - 1);
  }
}

/** Revision after the last close, at or before `revision`, for which `isBefore` holds; else that of the first event. */
export const firstAfter = async (
  store: StreamReads,
  stream: string,
  revision: number,
  isBefore: (close: Close) => boolean,
): Promise<number> => {
  for await (const close of closesBackwards(store, stream, revision)) {
    if (isBefore(close)) return close.revision + 1;
  }
  return store.first ?? 0;
};

/**
 * The first revision that may have usage of a month. Months may be closed long after they ended, several at once, so
 * usage may have been recorded several closes earlier: back to the last close that carries no calls of the month.
 */
export const firstUsage = (store: StreamReads, stream: string, close: Close, month: Month): Promise<number> =>
  firstAfter(store, stream, close.event.data.bill.events.from - 1, ({ event }) => {
    const groups = event.data.carried.months[month]?.groups;
    return groups === undefined || Object.keys(groups).length === 0;
  });

/** The same for an issued bill. Throws if the event at `closed` is not a close. */
export const firstUsageOf = async (store: StreamReads, { bill, closed }: IssuedBill): Promise<number> => {
  const close = await closeAt(store, bill.events.stream, closed);
  if (!close) throw new Error(`event ${closed} of ${bill.events.stream} closes no month`);
  return firstUsage(store, bill.events.stream, close, bill.month);
};
