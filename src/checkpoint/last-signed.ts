/** When a checkpoint was last signed, read from the end of the log's own stream: a few events, however long the log is. */
import { decodeHeader } from '../codec/event-codec.ts';
import { type Instant, instantOf } from '../domain/calendar.ts';
import type { EventStore } from '../store/event-store.ts';
import { LOG } from './leaf.ts';

const PAGE = 16;

/** The real instant of the last checkpoint's recording; null where none was signed. */
export const lastSignedAt = async (store: EventStore): Promise<Instant | null> => {
  for (let from = (await store.head(LOG)).length - 1; from >= 0; from -= PAGE) {
    const page = await store.read(LOG, { from, limit: PAGE, direction: 'backwards', records: false });
    const signed = page.map(decodeHeader).find(({ type }) => type === 'CheckpointSigned');
    if (signed) return instantOf(signed.recordedAt);
  }
  return null;
};
