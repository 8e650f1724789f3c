/** The order of two ledgers, event by event: how far a copy has come, and where it is no copy. */

import type { EventStore, Position, RecordedEvent } from '../eventstore/event-store.ts';
import { eventsAfter } from '../eventstore/reading.ts';
import { NO_PLACE, placeAfter } from '../integrity/global-chain.ts';
import { hexOf } from '../integrity/seal-events.ts';

/** The first event at which two ledgers are not the same. */
export interface Difference {
  readonly stream: string;
  readonly revision: number;
  readonly what: string;
  readonly expected: string;
  readonly found: string;
}

/** How much of a ledger its copy holds. */
export interface Reached {
  readonly events: number;
  /** Where the last of them lies in the ledger copied from. */
  readonly after: Position | null;
  /** The chain over their hashes in their order (see `global-chain.ts`): the same chain, the same events in the same order. */
  readonly place: Uint8Array;
}

const STEP = 1_024;

/**
 * Compares a copy with the ledger it is to be a copy of, from the first event to the copy's last. The content of an
 * event is not looked at: its hash covers it, and `verifyCopy` checks that hash.
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
