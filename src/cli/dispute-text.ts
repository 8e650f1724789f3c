/** Disputes as they are read from the events of an account, and as text. */

import { decodeEvent } from '../codec/event-codec.ts';
import type { Calendar } from '../domain/calendar.ts';
import type { EventType } from '../domain/events.ts';
import type { EventStore } from '../eventstore/event-store.ts';
import { eventsOf } from '../eventstore/reading.ts';
import { accountStream } from '../eventstore/stream-names.ts';
import { type DisputeView, disputes } from '../projections/disputes.ts';
import { styled } from './style.ts';
import { zoned } from './zoned.ts';

const DISPUTE_EVENTS = [
  'DisputeOpened',
  'EvidenceAttached',
  'DisputeResolved',
] as const satisfies readonly EventType[];

/** The disputes of an account, oldest first. */
export const disputesOf = async (store: EventStore, account: string): Promise<DisputeView[]> => {
  const values = new Map<string, DisputeView>();
  for await (const stored of eventsOf(store, accountStream(account), { types: DISPUTE_EVENTS })) {
    const { revision, position } = stored;
    disputes.project({ account, revision, position, event: decodeEvent(stored) }, values);
  }
  return [...values.values()];
};

/** A dispute for people. */
export const disputeText = (
  { dispute, month, meter, reason, state, opened, evidence, resolved }: DisputeView,
  calendar: Calendar,
): string[] => [
  `${styled('bold', dispute)} ${month} ${meter ?? 'whole bill'}: ${state}`,
  `├ opened ${zoned(calendar, opened.at)}${opened.by ? ` by ${opened.by}` : ''}: ${reason}`,
  ...evidence.map(
    ({ at, replay, explanation, checkpoint }) =>
      `├ evidence ${zoned(calendar, at)}: replay ${replay.match ? 'matches' : `differs in ${replay.differences} places`}, explanation ${explanation.slice(0, 16)}…, ${checkpoint ? `checkpoint of size ${checkpoint.size}` : 'no checkpoint'}`,
  ),
  resolved
    ? `└ ${state} ${zoned(calendar, resolved.at)}${resolved.by ? ` by ${resolved.by}` : ''}: ${resolved.note}${resolved.credit ? `; credit ${resolved.credit}` : ''}${resolved.corrections.length > 0 ? `; ${resolved.corrections.length} records corrected` : ''}`
    : '└ open',
];
