/**
 * An account as of an instant (what had happened by then) or a position (what was recorded by then). Folding starts at
 * the last close before it, so the cost depends on the month, not on the account's age.
 */

import { decodeEvent } from '../../codec/event-codec.ts';
import type { Instant } from '../../domain/calendar.ts';
import {
  comparePositions,
  type EventStore,
  type Position,
  type RecordedEvent,
} from '../../eventstore/event-store.ts';
import { eventAt, eventsOf } from '../../eventstore/reading.ts';
import { accountStream } from '../../eventstore/stream-names.ts';
import { follow, type LoadedAccount } from '../account/loaded-account.ts';
import { billsBackwards } from './bills.ts';

export type Until =
  | { readonly at: Instant; readonly position?: never }
  | { readonly position: Position; readonly at?: never };

/** The account with every event up to `until`, included; its `account` is null when it was not opened by then. */
export const entryAsOf = async (store: EventStore, id: string, until: Until): Promise<LoadedAccount> => {
  const stream = accountStream(id);
  let entry: LoadedAccount = { stream, account: null, length: 0, hash: null, since: 0 };
  const from = await lastCloseBefore(store, id, until);
  for await (const stored of eventsOf(store, stream, { from })) {
    const event = decodeEvent(stored);
    if (!isWithin(stored, event.at, until)) return entry;
    entry = follow(entry, stored);
  }
  return entry;
};

/** Revision of the last close within the limit, whose carried state is where folding starts. */
const lastCloseBefore = async (store: EventStore, id: string, until: Until): Promise<number> => {
  const stream = accountStream(id);
  for await (const { closed } of billsBackwards(store, id)) {
    const stored = await eventAt(store, stream, closed);
    if (stored && isWithin(stored, decodeEvent(stored).at, until)) return closed;
  }
  return 0;
};

const isWithin = ({ position }: RecordedEvent, at: Instant, until: Until): boolean =>
  until.position === undefined ? at <= until.at : comparePositions(position, until.position) <= 0;
