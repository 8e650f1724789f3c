/** Views that follow a ledger while it is written, from a thread of their own; commands never write them. */

import { openSerialQueue } from '../../async/serial-queue.ts';
import { type CalledThread, startThread } from '../../async/worker-rpc.ts';
import type { Quarantined } from '../../derived/quarantine-table.ts';
import type { Views } from '../../derived/views.ts';
import { type EventStore, LedgerRestored, StoreUnavailable } from '../../eventstore/event-store.ts';
import { isEngineAddress } from '../../eventstore/eventstoredb/address.ts';
import { catchUp } from './follow.ts';
import type { FollowNews, FollowOf, FollowReply, FollowRequest } from './follow-worker.ts';

type Lengths = (lengths: ReadonlyMap<string, number>) => void;

export interface Following {
  /** Resolves when everything appended so far is in the views; rejects with ViewsBehind if they cannot be written. */
  caughtUp(): Promise<void>;
  /** Of a ledger with several writers: calls back with the lengths of streams that any server appended to. */
  onFollowed?(listener: Lengths): void;
  /** On an engine: calls back when the log no longer continues what was read. */
  onRestored?(listener: (why: LedgerRestored) => void): void;
  /** Why the views cannot be read now, as far as known; null if they can. */
  trouble(): string | null;
  /** Events that the views could not process, so far. */
  quarantine(): readonly Quarantined[];
  /** Catches up a last time and ends the thread. */
  stop(): Promise<void>;
}

/** The views cannot be written now; they are brought up when they can. */
export class ViewsBehind extends StoreUnavailable {}

/** Appends within this time are read together. */
const PAUSE_MS = 100;
/**
 * Delay before the thread starts, which takes longer than most commands: a command that ends sooner does not need it.
 */
const START_MS = 500;
/** Pause before views that could not be written are retried. */
const RETRY_MS = 1_000;

type FollowThread = CalledThread<FollowRequest, FollowReply>;

/** Follows a store in this thread: for ledgers in memory. */
export const followHere = (store: EventStore, views: Views): Following => {
  const queue = openSerialQueue();
  let timer: NodeJS.Timeout | null = null;
  let failed: string | null = null;
  let quarantined = views.quarantine.list();
  const round = async () => {
    try {
      await catchUp(store, views);
      if (views.quarantine.count() !== quarantined.length) quarantined = views.quarantine.list();
      failed = null;
    } catch (error) {
      failed = textOf(error);
      throw new ViewsBehind(behindText(failed), { cause: error });
    }
  };
  const caughtUp = () => queue.run(round);
  const quiet = store.onAppended(() => {
    timer ??= setTimeout(() => {
      timer = null;
      caughtUp().catch(() => undefined);
    }, PAUSE_MS);
  });
  return {
    caughtUp,
    trouble: () => (failed === null ? null : behindText(failed)),
    quarantine: () => quarantined,
    stop: async () => {
      quiet();
      if (timer) clearTimeout(timer);
      await caughtUp();
    },
  };
};

/**
 * Follows a store in a thread of its own. Of an embedded ledger it is started when a caller asks for the views, or some
 * time after the first append; a ledger that is closed before that brings its `views` up in this thread.
 */
export const startFollowing = (store: EventStore, of: FollowOf, views: Views): Following => {
  const listeners: Lengths[] = [];
  let restored: ((why: LedgerRestored) => void) | null = null;
  let timer: NodeJS.Timeout | null = null;
  let lastFailed: string | null = null;
  let quarantined: readonly Quarantined[] = [];
  let thread: FollowThread | null = null;
  const running = (): FollowThread => {
    thread ??= startThread<FollowRequest, FollowReply, FollowNews>(import.meta.url, './follow-worker', {
      data: of,
      ended: (why) => new ViewsBehind(`the thread that keeps the views has ended: ${why}`),
      told: (news) => {
        if (news.type === 'restored') restored?.(new LedgerRestored(news.why));
        else if (news.type === 'quarantined') quarantined = news.events;
        else for (const listener of listeners) listener(news.lengths);
      },
    });
    return thread;
  };
  // On an engine it reports appends of other servers.
  const isEngine = isEngineAddress(of.address);
  if (isEngine) running();
  const ask = async (type: FollowRequest['type']): Promise<void> => {
    const { failed } = await running().ask({ type });
    lastFailed = failed;
    if (failed !== null) throw new ViewsBehind(behindText(failed));
  };
  const readOn = (ms: number): void => {
    timer ??= setTimeout(() => {
      timer = null;
      ask('read-on').catch(() => {
        if (isOpen && !thread?.failed()) readOn(RETRY_MS);
      });
    }, ms);
  };
  let isOpen = true;
  const quiet = store.onAppended(() => readOn(thread ? PAUSE_MS : START_MS));
  return {
    caughtUp: () => ask('catch-up'),
    trouble: () => thread?.failed()?.message ?? (lastFailed === null ? null : behindText(lastFailed)),
    quarantine: () => quarantined,
    ...(isEngine
      ? {
          onFollowed: (listener: Lengths) => void listeners.push(listener),
          onRestored: (listener: (why: LedgerRestored) => void) => {
            restored = listener;
          },
        }
      : {}),
    stop: async () => {
      isOpen = false;
      quiet();
      if (timer) clearTimeout(timer);
      // Events not yet in the views are read when the ledger is opened again.
      await (thread ? ask('stop') : catchUp(store, views)).catch(() => undefined);
      await thread?.terminate();
    },
  };
};

const behindText = (why: string): string => `the views cannot be brought up: ${why}`;

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
