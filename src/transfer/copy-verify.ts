/** The last step of a copy: it is read back and compared with its source. */

import { type Verified, verifyStore } from '../audit/verify/verify-store.ts';
import { calendarOf } from '../domain/calendar.ts';
import type { EventStore, Position } from '../eventstore/event-store.ts';
import { eventAfter } from '../eventstore/reading.ts';
import { NO_PLACE, placeAfter } from '../integrity/global-chain.ts';
import { hexOf } from '../integrity/seal-events.ts';
import { readZone } from '../ledger/system/billing-zone.ts';
import { CopyBroken } from './copy-check.ts';
import { differingHead } from './copy-heads.ts';
import { compareOrder, type Difference, type Reached } from './copy-order.ts';

/**
 * Verifies a copy: all seals and sums, the order of events, and the head of every stream. Throws CopyBroken with the
 * first difference.
 */
export const verifyCopy = async (
  from: EventStore,
  to: EventStore,
  reached: Reached,
  onProgress: (events: number) => void,
): Promise<Verified> => {
  const { store, order } = noticingOrder(to);
  const verified = await verifyStore(store, calendarOf(await readZone(to)), onProgress);
  const [finding] = verified.findings;
  if (finding) throw new CopyBroken(finding);
  if (hexOf(order()) !== hexOf(reached.place)) {
    const { difference, after } = await compareOrder(from, to, onProgress);
    throw new CopyBroken(difference ?? (await missing(from, after)));
  }
  const difference = await differingHead(from, to, reached.after);
  if (difference) throw new CopyBroken(difference);
  return verified;
};

/** Wraps a store to compute its global chain while it is read by `verifyStore`, so that it is read only once. */
const noticingOrder = (to: EventStore): { store: EventStore; order: () => Uint8Array } => {
  let place = NO_PLACE;
  let last: Position | null = null;
  const readAll: EventStore['readAll'] = async (options) => {
    const page = await to.readAll(options);
    if (options.after !== last) return page;
    for (const { hash } of page) place = placeAfter(place, hash);
    last = page.at(-1)?.position ?? last;
    return page;
  };
  return { store: { ...to, readAll }, order: () => place };
};

/** The first event missing from the end of a copy that is otherwise correct. */
const missing = async (from: EventStore, after: Position | null): Promise<Difference> => {
  const event = await eventAfter(from, after);
  const { stream, revision } = event ?? { stream: 'the ledger', revision: 0 };
  return {
    stream,
    revision,
    what: 'order',
    expected: `event ${revision} of ${stream}`,
    found: 'nothing more',
  };
};
