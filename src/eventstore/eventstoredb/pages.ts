/** Reading by pages. An engine has its own events, and those of other ledgers and programs, among the ledger's. */
import {
  BACKWARDS,
  END,
  type Position as EnginePosition,
  type EventStoreDBClient,
  FORWARDS,
  StreamNotFoundError,
} from '@eventstore/db-client';
import { comparePositions, type Position, type ReadOptions, type RecordedEvent } from '../event-store.ts';
import { ledgersName, opened, type Received } from './envelope.ts';
import { readFiltered } from './filtered.ts';

interface Resolved {
  event?: Received | undefined;
}

/** The result of a read; an abandoned read is cancelled. */
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

/** A page of a stream; empty if there is no such stream. */
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

/** A stream's last event; null if there is no such stream. */
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
  /** Up to this position the ledger has no further events; null: unknown. */
  readonly to: Position | null;
  /** Whether the end was reached. */
  readonly isLast: boolean;
}

const positionOf = (position: Position): EnginePosition => ({
  commit: BigInt(position),
  prepare: BigInt(position),
});

/** The position of the engine's last event, whosever it is; null in an empty engine. */
export const lastPosition = async (client: EventStoreDBClient): Promise<Position | null> => {
  const options = { direction: BACKWARDS, fromPosition: END, maxCount: 1, requiresLeader: true } as const;
  const [last] = await collected(client.readAll(options), ({ position }) => String(position?.commit));
  return last ?? null;
};

/** A page of the ledger after a position. */
export const readAllPage = async (
  client: EventStoreDBClient,
  prefix: string,
  after: Position | null,
  limit: number,
  records: boolean,
): Promise<AllPage> => {
  // Read first: if the server has no more events, the range is known to be complete up to this position.
  const top = await lastPosition(client);
  if (comparePositions(top, after) <= 0) return { events: [], to: after, isLast: true };
  const from = after === null ? null : positionOf(after);
  const { events, isLast } = await readFiltered(client, prefix, from, limit).catch(async (error: unknown) => {
    // A subscription does not report an invalid position; a read does.
    if (from !== null) await collected(client.readAll({ fromPosition: from, maxCount: 1 }), () => null);
    throw error;
  });
  const own = events.flatMap((event) => {
    const stream = ledgersName(event.streamId, prefix);
    return stream === null ? [] : opened(stream, event, records);
  });
  const last = own.at(-1)?.position ?? after;
  return { events: own, to: isLast && comparePositions(top, last) > 0 ? top : last, isLast };
};

/** Number of the engine's last events searched before the ledger's last event is looked up by name. */
const NEAR = 32;

/**
 * The position of the ledger's last event, and of the engine's last at that time. `known` is an earlier result: the
 * ledger has no events between its `end` and its `top`.
 */
export const lastOfLedger = async (
  client: EventStoreDBClient,
  prefix: string,
  known: LastOfLedger,
): Promise<LastOfLedger> => {
  for (const maxCount of [1, NEAR]) {
    const options = { direction: BACKWARDS, fromPosition: END, maxCount, requiresLeader: true } as const;
    const page = await collected(client.readAll(options), (event) => ({
      position: String(event.position?.commit),
      isLedgers: ledgersName(event.streamId, prefix) !== null,
    }));
    const top = page[0]?.position ?? null;
    for (const { position, isLedgers } of page) {
      if (isLedgers) return { end: position, top };
      if (comparePositions(position, known.top) <= 0) return { end: known.end, top };
    }
    if (page.length < maxCount) return { end: known.end, top };
  }
  let { end, top } = known;
  for (;;) {
    const page = await readAllPage(client, prefix, top, MANY, false);
    end = page.events.at(-1)?.position ?? end;
    top = page.to;
    if (page.isLast) return { end, top };
  }
};

export interface LastOfLedger {
  readonly end: Position | null;
  readonly top: Position | null;
}
const MANY = 1_000;
