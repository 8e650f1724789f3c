/** The vendor's client as an adapter uses it: unary appends, reads to their end, and a subscription that is watched. */

import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import {
  type AppendExpectedRevision,
  type AppendResult,
  binaryEvent,
  EventStoreDBClient,
  NO_STREAM,
  type RecordedEvent,
  type SubscribeToAllOptions,
} from '@eventstore/db-client';
import { status } from '@grpc/grpc-js';

/** Credentials choose the unary append; a server without TLS ignores them. */
const CREDENTIALS = { username: 'x', password: 'x' };

export type NewEvent = ReturnType<typeof binaryEvent>;

/** An event of so many bytes. */
export const someEvent = (bytes = 3, metadata?: Uint8Array): NewEvent =>
  binaryEvent({
    id: randomUUID(),
    type: 'Tested',
    data: Buffer.alloc(bytes, 'x'),
    ...(metadata && { metadata }),
  });

const OURS = 'tested-';

/** A name that nobody else uses. */
export const someStream = (): string => `${OURS}${randomUUID()}`;

export interface RealClient {
  readonly client: EventStoreDBClient;
  readonly append: (
    stream: string,
    events: readonly NewEvent[],
    expectedRevision: AppendExpectedRevision,
    deadline?: number,
  ) => Promise<AppendResult>;
  readonly dispose: () => Promise<void>;
}

/** A client of its own; whoever opens it disposes it, or the process does not end. */
export const openClient = (connectionString: string): RealClient => {
  const client = EventStoreDBClient.connectionString(connectionString);
  return {
    client,
    append: (stream, events, expectedRevision, deadline) =>
      client.appendToStream(stream, [...events], {
        expectedRevision,
        credentials: CREDENTIALS,
        ...(deadline && { deadline }),
      }),
    dispose: () => client.dispose(),
  };
};

/** A new stream of events that letters name; the same letter is the same event wherever it is used. */
export const streamOf = async ({ append }: RealClient, letters: string) => {
  const named = new Map<string, NewEvent>();
  const event = (letter: string): NewEvent => {
    const known = named.get(letter) ?? someEvent();
    named.set(letter, known);
    return known;
  };
  const events = (names: string): NewEvent[] => [...names].map(event);
  const stream = someStream();
  const begun = () => append(stream, events(letters), NO_STREAM);
  // grpc keeps connections by address for the whole process: one to a double that had this port before may be dying.
  const first = await begun().catch((error) => {
    if (error?.code !== status.UNAVAILABLE) throw error;
    return begun();
  });
  return { stream, events, first };
};

interface Resolved {
  readonly event?: RecordedEvent;
}

/** The events of a read, to its end. */
export const eventsOf = async (read: AsyncIterable<Resolved>): Promise<readonly RecordedEvent[]> => {
  const events: RecordedEvent[] = [];
  for await (const { event } of read) if (event) events.push(event);
  return events;
};

/** A subscription to $all with all that it delivered so far: ids of our own events, and what happened besides. */
export const watchAll = ({ client }: RealClient, options: SubscribeToAllOptions) => {
  const seen: string[] = [];
  const checkpoints: bigint[] = [];
  const subscription = client.subscribeToAll({
    ...options,
    ...(options.filter && {
      filter: {
        ...options.filter,
        checkpointReached: async (_, { commit }) => void checkpoints.push(commit),
      },
    }),
  });
  subscription
    .on('confirmation', () => seen.push('confirmed'))
    .on('caughtUp', () => seen.push('caught up'))
    .on('error', (error) => seen.push(error.message))
    .on('data', ({ event }) => {
      if (event?.streamId.startsWith(OURS)) seen.push(event.id);
    });
  return { seen, checkpoints, leave: () => subscription.unsubscribe() };
};
