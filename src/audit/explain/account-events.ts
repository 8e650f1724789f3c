/** The events of an account's stream as an explanation reads them: without records, by type, and close by close. */

import { decodeEvent } from '../../codec/event-codec.ts';
import type { Month } from '../../domain/calendar.ts';
import type { AccountEvent, EventOf, EventType } from '../../domain/events.ts';
import type { EventStore, RecordedEvent } from '../../eventstore/event-store.ts';
import { eventsOf, lastEvent } from '../../eventstore/reading.ts';
import type { IssuedBill } from '../../ledger/queries/bills.ts';
import { closeIfAny } from '../replay/close-at.ts';

export interface ExplainedEvent {
  readonly revision: number;
  readonly fact: AccountEvent;
  readonly stored: RecordedEvent;
}

export interface Close {
  readonly revision: number;
  readonly fact: EventOf<'MonthClosed'>;
}

/** Events `from`..`to` of a stream, both included, oldest first; only of some types where those are given. */
export async function* accountEventsOf(
  store: EventStore,
  stream: string,
  { from, to, types }: { readonly from: number; readonly to: number; readonly types?: readonly EventType[] },
): AsyncGenerator<ExplainedEvent> {
  for await (const stored of eventsOf(store, stream, { from, to, ...(types && { types }) }))
    yield { revision: stored.revision, fact: decodeEvent(stored), stored };
}

/** The close at a revision with its place, or null when another event is there. */
export const closeAt = async (store: EventStore, stream: string, revision: number): Promise<Close | null> => {
  const fact = await closeIfAny(store, stream, revision);
  return fact && { revision, fact };
};

/** The last close at or before a revision, then the ones before it: each names where the one before it lies. */
export async function* closesBackwards(
  store: EventStore,
  stream: string,
  revision: number,
): AsyncGenerator<Close> {
  const last = await lastEvent(store, stream, { from: revision, types: ['MonthClosed'] });
  let close = last && (await closeAt(store, stream, last.revision));
  while (close) {
    yield close;
    close = await closeAt(store, stream, close.fact.data.bill.events.from - 1);
  }
}

/** Revision of the event behind the last close, at or before `revision`, that lies before something; 0 if none does. */
export const firstAfter = async (
  store: EventStore,
  stream: string,
  revision: number,
  isBefore: (close: Close) => boolean,
): Promise<number> => {
  for await (const close of closesBackwards(store, stream, revision)) {
    if (isBefore(close)) return close.revision + 1;
  }
  return 0;
};

/**
 * Revision from which on a month's usage was recorded. Months may be closed long after they ended, several at once, so
 * usage can lie several closes back: as far as a close carries calls of the month.
 */
export const firstUsage = (store: EventStore, stream: string, close: Close, month: Month): Promise<number> =>
  firstAfter(store, stream, close.fact.data.bill.events.from - 1, ({ fact }) => {
    const groups = fact.data.carried.months[month]?.groups;
    return groups === undefined || Object.keys(groups).length === 0;
  });

/** The same for an issued bill. Throws when the event it names is not its close. */
export const firstUsageOf = async (store: EventStore, { bill, closed }: IssuedBill): Promise<number> => {
  const close = await closeAt(store, bill.events.stream, closed);
  if (!close) throw new Error(`event ${closed} of ${bill.events.stream} closes no month`);
  return firstUsage(store, bill.events.stream, close, bill.month);
};
