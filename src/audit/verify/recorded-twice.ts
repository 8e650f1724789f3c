/** Reads records with equal hashes again, to find identities that are in the ledger twice. */

import { decodeEvent, decodeRecords } from '../../codec/event-codec.ts';
import type { UsageRecord } from '../../domain/usage.ts';
import type { EventStore, RecordedEvent } from '../../eventstore/event-store.ts';
import { eventAt } from '../../eventstore/reading.ts';
import { recordLines } from '../../integrity/record-block.ts';
import type { Finding } from './finding.ts';
import type { RecordPlace } from './identity-check.ts';

/** Findings for records that occur twice; `nameOf` gives the stream of a location. */
export async function* recordsTwice(
  store: EventStore,
  pairs: Iterable<readonly [RecordPlace, RecordPlace]>,
  nameOf: (place: RecordPlace) => string,
): AsyncGenerator<Finding> {
  for (const [first, again] of pairs) {
    const stream = nameOf(again);
    // The hashes of two streams collide: the same id in another account is another record.
    if (nameOf(first) !== stream) continue;
    const [before, now] = [await readAt(store, stream, first), await readAt(store, stream, again)];
    if (!before || !now) continue;
    const { source, id } = now.record;
    if (before.record.source !== source || before.record.id !== id) continue;
    yield {
      ...{ kind: 'content', stream, revision: again.revision, position: now.event.position },
      what: `records.${again.ordinal}`,
      expected: 'a record that was not metered before',
      found: `${JSON.stringify([source, id])}, which event ${first.revision} has as records.${first.ordinal}`,
    };
  }
}

const readAt = async (
  store: EventStore,
  stream: string,
  { revision, ordinal }: RecordPlace,
): Promise<{ event: RecordedEvent; record: UsageRecord } | null> => {
  const event = await eventAt(store, stream, revision, { records: true });
  if (!event?.records) return null;
  const decoded = decodeEvent(event);
  if (decoded.type !== 'CallsMetered') return null;
  const record = decodeRecords(event, decoded.data, recordLines(event.records))[ordinal]?.record;
  return record ? { event, record } : null;
};
