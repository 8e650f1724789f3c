/** Compares the order of two ledgers, event by event: how much is copied, and the first difference. */

import type { EventStore, Position, RecordedEvent } from '../eventstore/event-store.ts';
import { eventsAfter } from '../eventstore/reading.ts';
import { NO_PLACE, placeAfter } from '../integrity/global-chain.ts';
import { hexOf } from '../integrity/seal-events.ts';

/** The first event at which two ledgers differ. */
export interface Difference {
  readonly stream: string;
  readonly revision: number;
  readonly what: string;
  readonly expected: string;
  readonly found: string;
}

/** How much of a ledger has been copied. */
export interface Reached {
  readonly events: number;
  /** Position of the last copied event in the source ledger. */
  readonly after: Position | null;
  /** The global chain over their hashes (`global-chain.ts`): equal chains mean equal events in equal order. */
  readonly place: Uint8Array;
}

const STEP = 1_024;

/**
 * Compares a copy with its source, from the first event to the copy's last, by hash. That the hashes match the content
 * is checked by `verifyCopy`.
 */
export const compareOrder = async (
  from: EventStore,
  to: EventStore,
  onProgress: (events: number) => void,
): Promise<Reached & { readonly difference: Difference | null }> => {
  const source = eventsAfter(from);
  let reached: Reached = { events: 0, after: null, place: NO_PLACE };
  for await (const copy of eventsAfter(to)) {
    const { value: event } = await source.next();
    const difference = differenceOf(event ?? null, copy);
    if (difference || !event) return { ...reached, difference };
    reached = {
      events: reached.events + 1,
      after: event.position,
      place: placeAfter(reached.place, event.hash),
    };
    if (reached.events % STEP === 0) onProgress(reached.events);
  }
  return { ...reached, difference: null };
};

const differenceOf = (event: RecordedEvent | null, copy: RecordedEvent): Difference | null => {
  const { stream, revision } = copy;
  const place = { stream, revision };
  const found = `event ${revision} of ${stream}`;
  if (!event) return { ...place, what: 'order', expected: 'nothing more', found };
  if (event.stream !== stream || event.revision !== revision)
    return { ...place, what: 'order', expected: `event ${event.revision} of ${event.stream}`, found };
  const [expected, hash] = [hexOf(event.hash), hexOf(copy.hash)];
  return expected === hash ? null : { ...place, what: 'hash', expected, found: hash };
};
