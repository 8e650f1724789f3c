/** Reading by pages. `$all` has the events of the engine itself, and of other ledgers, among them; they are passed over. */
import {
  BACKWARDS,
  END,
  type Position as EnginePosition,
  type EventStoreDBClient,
  FORWARDS,
  START,
  StreamNotFoundError,
} from '@eventstore/db-client';
import type { Position, ReadOptions, RecordedEvent } from '../event-store.ts';
import { ledgersName, opened, type Received } from './envelope.ts';

interface Resolved {
  event?: Received | undefined;
}

/** What a read gives, to its end; a read that is given up is not left running. */
const collected = async <T>(
  read: AsyncIterable<Resolved> & { cancel(): Promise<void> },
  take: (event: Received) => T,
): Promise<T[]> => {
  const all: T[] = [];
  try {
    for await (const { event } of read) if (event) all.push(take(event));
    return all;
  } catch (error) {
    await read.cancel().catch(() => undefined);
    throw error;
  }
};

/** A page of a stream; empty where there is no such stream. */
export const readStreamPage = async (
  client: EventStoreDBClient,
  prefix: string,
  stream: string,
  { from, limit, direction, records }: ReadOptions,
): Promise<RecordedEvent[]> => {
  if (limit <= 0 || from < 0) return [];
  try {
    return await collected(
      client.readStream(prefix + stream, {
        fromRevision: BigInt(from),
        maxCount: limit,
        direction: direction === 'forwards' ? FORWARDS : BACKWARDS,
        requiresLeader: true,
      }),
      (event) => opened(stream, event, records),
    );
  } catch (error) {
    if (error instanceof StreamNotFoundError) return [];
    throw error;
  }
};

/** A stream's last event; null where there is no such stream. */
export const readLast = async (
  client: EventStoreDBClient,
  prefix: string,
  stream: string,
): Promise<RecordedEvent | null> => {
  try {
    const options = { direction: BACKWARDS, fromRevision: END, maxCount: 1, requiresLeader: true } as const;
    const [last] = await collected(client.readStream(prefix + stream, options), (event) =>
      opened(stream, event, false),
    );
    return last ?? null;
  } catch (error) {
    if (error instanceof StreamNotFoundError) return null;
    throw error;
  }
};

export interface AllPage {
  readonly events: readonly RecordedEvent[];
  /** The last position looked at, also where it is the engine's own; null for nothing. */
  readonly to: Position | null;
  /** Whether the end was reached. */
  readonly isLast: boolean;
}

const positionOf = (position: Position): EnginePosition => ({
  commit: BigInt(position),
  prepare: BigInt(position),
});

/** A page of everything behind a position. The engine's pages begin at a position, and include it. */
export const readAllPage = async (
  client: EventStoreDBClient,
  prefix: string,
  after: Position | null,
  limit: number,
  records: boolean,
): Promise<AllPage> => {
  const maxCount = after === null ? limit : limit + 1;
  const all = await collected(
    client.readAll({
      fromPosition: after === null ? START : positionOf(after),
      maxCount,
      direction: FORWARDS,
      requiresLeader: true,
    }),
    (event) => {
      const stream = ledgersName(event.streamId, prefix);
      const ledgers = stream === null ? null : opened(stream, event, records);
      return { position: String(event.position?.commit), ledgers };
    },
  );
  const behind = all.filter(({ position }) => position !== after);
  return {
    events: behind.flatMap(({ ledgers }) => ledgers ?? []),
    to: behind.at(-1)?.position ?? null,
    isLast: all.length < maxCount,
  };
};

/** Looks back from the end for the last event of the ledger, no further than a position; null where there is none. */
export const lastOfLedger = async (
  client: EventStoreDBClient,
  prefix: string,
  until: Position | null,
): Promise<{ end: Position | null; top: Position | null }> => {
  let top: Position | null = null;
  let from: EnginePosition | typeof END = END;
  for (let maxCount = 1; ; maxCount = Math.min(maxCount * 8, 512)) {
    const page = await collected(
      client.readAll({ direction: BACKWARDS, fromPosition: from, maxCount, requiresLeader: true }),
      (event) => ({
        position: String(event.position?.commit),
        isLedgers: ledgersName(event.streamId, prefix) !== null,
      }),
    );
    top ??= page[0]?.position ?? null;
    for (const { position, isLedgers } of page) {
      if (position === until) return { end: null, top };
      if (isLedgers) return { end: position, top };
    }
    const last = page.at(-1);
    if (!last || page.length < maxCount) return { end: null, top };
    from = positionOf(last.position);
  }
};
