/**
 * Replays bills of a store: every event since the previous close is decided again (`replay-month.ts`), and the
 * resulting bill must equal the issued one byte for byte.
 */

import { decodeEvent } from '../../codec/event-codec.ts';
import { linesOf } from '../../codec/stored-records.ts';
import type { EventStore } from '../../eventstore/event-store.ts';
import { hashAt } from '../../eventstore/hash-at.ts';
import { eventPages, eventsOf } from '../../eventstore/reading.ts';
import { hexOf } from '../../integrity/seal-events.ts';
import type { ReadContext } from '../../ledger/context.ts';
import { closeAt } from './close-at.ts';
import { type Closed, type Replay, replayMonth } from './replay-month.ts';

/** Replays all closed months of a stream in order, or only one; yields one result per month. */
export async function* replayStream(
  of: ReadContext,
  stream: string,
  only?: { readonly since: number; readonly closed: number },
): AsyncGenerator<Replay> {
  const range = only ?? { since: 0, closed: Number.POSITIVE_INFINITY };
  let before = range.since > 0 ? await closeAt(of.store, stream, range.since - 1) : null;
  let since = range.since;
  const { length } = await of.store.head(stream);
  const last = Math.min(range.closed, length - 1);
  const closes = only ? [only.closed] : await closesOf(of.store, stream, length);
  for (const closed of closes) {
    if (closed > last) return;
    const result = await replayed(of, stream, before, since, closed);
    yield result.replay;
    before = result.close;
    since = closed + 1;
  }
}

const closesOf = async (store: EventStore, stream: string, length: number): Promise<number[]> => {
  const closes: number[] = [];
  for await (const { revision } of eventsOf(store, stream, { to: length - 1, types: ['MonthClosed'] }))
    closes.push(revision);
  return closes;
};

const replayed = async (
  of: ReadContext,
  stream: string,
  before: Closed | null,
  since: number,
  closed: number,
): Promise<{ replay: Replay; close: Closed }> => {
  const close = await closeAt(of.store, stream, closed);
  const month = replayMonth(of, { stream, since, before, published: close.data.catalogue });
  let previous = (await hashAt(of.store, stream, since - 1)) ?? '';
  for await (const page of eventPages(of.store, stream, { from: since, to: closed, records: true })) {
    for (const stored of page) {
      const { revision, header, data } = stored;
      const event = decodeEvent(stored);
      month.next({ revision, header, data, event, lines: linesOf(stored, event), previous });
      previous = hexOf(stored.hash);
    }
  }
  return { replay: month.result(close.data.bill), close };
};
