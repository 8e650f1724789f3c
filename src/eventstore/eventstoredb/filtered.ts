/**
 * Reads the ledger's own events from a shared engine. The server filters by stream name, so foreign events cost the
 * readers nothing. Only subscriptions have a filter: one is opened after a position, and cancelled when the page is
 * full or the server reports the end of the log.
 */
import {
  type AllStreamSubscription,
  type Position as EnginePosition,
  type EventStoreDBClient,
  START,
  streamNameFilter,
} from '@eventstore/db-client';
import { StoreUnavailable } from '../event-store.ts';
import type { Received } from './envelope.ts';

/** Events that the server scans per page. */
const SEARCH_WINDOW = 4_096;
/** In search windows: how often the server reports its progress when no event matches. */
const CHECKPOINT_EVERY = 4;
/** Without an event, a checkpoint or the end for this long, the server does not report the end of the log. */
const IDLE_MS = 20_000;

export interface FilteredPage {
  readonly events: readonly Received[];
  /** Whether the server had no more events when the read began. */
  readonly isLast: boolean;
}

/** At most so many events of streams with a name prefix, after a position (null: from the beginning). */
export const readFiltered = async (
  client: EventStoreDBClient,
  prefix: string,
  after: EnginePosition | null,
  limit: number,
): Promise<FilteredPage> => {
  let alive = performance.now();
  const subscription = client.subscribeToAll({
    fromPosition: after ?? START,
    requiresLeader: true,
    filter: streamNameFilter({
      prefixes: [prefix],
      maxSearchWindow: SEARCH_WINDOW,
      checkpointInterval: CHECKPOINT_EVERY,
      checkpointReached: () => {
        alive = performance.now();
      },
    }),
  });
  try {
    return await collected(subscription, limit, () => performance.now() - alive > IDLE_MS);
  } finally {
    // A subscription that is not cancelled continues, and keeps its stream in the client.
    subscription.on('error', () => undefined);
    await subscription.unsubscribe().catch(() => undefined);
  }
};

const collected = (
  subscription: AllStreamSubscription,
  limit: number,
  isIdle: () => boolean,
): Promise<FilteredPage> =>
  new Promise((resolve, reject) => {
    const events: Received[] = [];
    let heard = 0;
    const end = (isLast: boolean): void => {
      clearInterval(watch);
      subscription.pause();
      resolve({ events, isLast });
    };
    const fail = (error: unknown): void => {
      clearInterval(watch);
      reject(error);
    };
    /** Events sent before the notification may still be buffered in the stream. */
    const endWhenRead = (): void => {
      if (events.length >= limit) return;
      if (subscription.readableLength === 0) end(true);
      else setImmediate(endWhenRead);
    };
    const watch = setInterval(() => {
      if (events.length > heard) heard = events.length;
      else if (isIdle()) fail(new StoreUnavailable(TOO_OLD));
    }, IDLE_MS).unref();
    subscription.on('data', ({ event }) => {
      if (!event || events.length >= limit) return;
      events.push(event);
      if (events.length === limit) end(false);
    });
    subscription.on('caughtUp', () => setImmediate(endWhenRead));
    subscription.on('error', fail);
    subscription.on('end', () => fail(new StoreUnavailable('the engine ended a subscription')));
  });

const TOO_OLD =
  'the engine does not say that it was read to its end: it must be EventStoreDB 23.10, or KurrentDB, or newer';
