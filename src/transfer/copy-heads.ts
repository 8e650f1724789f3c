/** Compares the heads of two ledgers stream by stream, in constant memory, since both are sorted by name. */

import {
  comparePositions,
  type EventStore,
  type NamedHead,
  type Position,
} from '../eventstore/event-store.ts';
import { hashAt } from '../eventstore/hash-at.ts';
import { eventAt, streamHeads } from '../eventstore/reading.ts';
import { hexOf } from '../integrity/seal-events.ts';
import type { Difference } from './copy-order.ts';

/** The number of events in a ledger. */
export const countEvents = async (store: EventStore): Promise<number> => {
  let events = 0;
  for await (const { length } of streamHeads(store)) events += length;
  return events;
};

/**
 * The first stream whose heads differ between a ledger and its copy; null if none. Events recorded after the last
 * copied one do not count.
 */
export const differingHead = async (
  from: EventStore,
  to: EventStore,
  last: Position | null,
): Promise<Difference | null> => {
  const copies = streamHeads(to);
  let copy = (await copies.next()).value;
  for await (const head of streamHeads(from)) {
    const { stream } = head;
    if (copy && copy.stream < stream) break;
    const own = copy?.stream === stream ? copy : null;
    const differs = await differenceOf(from, head, own, last);
    if (differs) return differs;
    if (own) copy = (await copies.next()).value;
  }
  if (!copy) return null;
  return differing(copy.stream, copy.length - 1, 'no such stream', headText(copy));
};

const differenceOf = async (
  from: EventStore,
  head: NamedHead,
  copy: NamedHead | null,
  last: Position | null,
): Promise<Difference | null> => {
  const { stream } = head;
  const length = copy?.length ?? 0;
  if (copy && length === head.length && hexOf(copy.hash) === hexOf(head.hash)) return null;
  const differs = differing(stream, Math.max(0, length - 1), headText(head), copy ? headText(copy) : 'none');
  if (length >= head.length) return differs;
  if (copy && (await hashAt(from, stream, length - 1)) !== hexOf(copy.hash)) return differs;
  const next = await eventAt(from, stream, length);
  return next && comparePositions(next.position, last) > 0 ? null : differs;
};

const differing = (stream: string, revision: number, expected: string, found: string): Difference => ({
  stream,
  revision,
  what: 'head',
  expected,
  found,
});

const headText = ({ length, hash }: NamedHead): string => `${length} events, ${hexOf(hash)}`;
