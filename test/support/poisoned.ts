/** Events that no release would write, sealed and appended to a store as if one had. */
import type { EventStore } from '../../src/eventstore/event-store.ts';
import { seal } from '../../src/integrity/seal-events.ts';

export interface Poison {
  /** The header's type; null: a header that is no JSON. */
  readonly type: string | null;
  readonly version?: number;
  readonly at?: string;
  /** JSON text of the data, or what is none. */
  readonly data: string;
  readonly lines?: readonly string[];
}

/** Appends an event to the end of a stream; resolves to its revision. */
export const poisoned = async (
  store: EventStore,
  stream: string,
  { type, version = 1, at = '2019-01-05T00:00:00.000Z', data, lines }: Poison,
): Promise<number> => {
  const { length, hash } = await store.head(stream);
  const header =
    type === null
      ? 'not JSON'
      : JSON.stringify({ type, version, at, recordedAt: '2019-01-05T00:00:00.000Z' });
  await store.append(
    stream,
    length,
    seal(stream, length, hash, [{ header, data, ...(lines ? { lines } : {}) }]),
  );
  return length;
};
