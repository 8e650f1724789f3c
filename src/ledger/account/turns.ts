/**
 * Append fairness at an account that several servers write to. Prevents starvation: a server far from the engine, or on
 * a busy machine, may lose every version conflict to nearer ones. After a while it records a request; the others see it
 * within a pulse, and do not append to the account until that server has appended, or for a bounded time.
 */

import { decodeHeader } from '../../codec/event-codec.ts';
import { comparePositions, type EventStore, type Position } from '../../eventstore/event-store.ts';
import { eventsBackwards, eventsOf } from '../../eventstore/reading.ts';
import { accountStream } from '../../eventstore/stream-names.ts';
import { readSystemEvent } from '../system/codec.ts';
import { appendSystem } from '../system/streams.ts';

/** The stream of these requests. */
export const TURNS = 'turns';

export interface Turns {
  /** Resolves when no other server has an earlier request for this account. */
  room(account: string): Promise<void>;
  /** Asks the others not to append to an account. */
  ask(account: string): Promise<void>;
  /** This server appended. */
  came(account: string): void;
  close(): void;
}

/** Number of an account's last events that are searched for those of the requesting server. */
const LOOKED_AT = 16;
/** They may carry many records: most often the last one is the one that is looked for. */
const LOOKED_AT_ONCE = 2;
/** Between two looks at who asks. */
const LOOK_MS = 200;
/** How long, in milliseconds, other servers pause for a request. */
export const HELD_MS = 2_000;
/** Interval of checking whether the requesting server has appended. */
const CAME_MS = 25;

interface Asked {
  readonly server: string;
  /** End of the pause, which begins when no other request is before this one; null until then. */
  until: number | null;
  /**
   * Position of the request. An append of the requesting server after it ends the pause, even one made before the
   * request was read.
   */
  readonly position: Position;
  /** Number of the account's events searched so far. */
  looked: number;
}

/** Append fairness between servers; `server` is this server's name in its events. */
export const openTurns = (store: EventStore, server: string, recordedAt: () => string): Turns => {
  /** Requests by account, oldest first. */
  const asked = new Map<string, Asked[]>();
  let known: number | null = null;
  let timer: NodeJS.Timeout | null = null;
  let isOpen = true;

  const look = async (): Promise<void> => {
    // Requests from before this server started are over.
    known ??= (await store.head(TURNS)).length;
    for await (const stored of eventsOf(store, TURNS, { from: known })) {
      known = stored.revision + 1;
      const { type, data } = readSystemEvent(stored);
      if (type !== 'TurnAsked') continue;
      const before = asked.get(data.account) ?? [];
      // A repeated request keeps its place.
      if (before.some((one) => one.server === data.server)) continue;
      const one = { server: data.server, until: null, position: stored.position, looked: 0 };
      asked.set(data.account, [...before, one]);
    }
  };
  const quiet = store.onAppended(() => {
    if (!isOpen) return;
    timer ??= setTimeout(() => {
      look()
        .catch(() => undefined)
        .finally(() => {
          timer = null;
        });
    }, LOOK_MS).unref();
  });

  /** Whether the requesting server has appended after its request. */
  const hasCome = async (account: string, one: Asked): Promise<boolean> => {
    const stream = accountStream(account);
    const { length } = await store.head(stream);
    const from = Math.max(one.looked, length - LOOKED_AT);
    if (length === from) return false;
    for await (const event of eventsBackwards(store, stream, { from: length - 1, page: LOOKED_AT_ONCE })) {
      if (event.revision < from || comparePositions(event.position, one.position) < 0) break;
      if (decodeHeader(event).server === one.server) return true;
    }
    one.looked = length;
    return false;
  };

  const leave = (account: string, one: Asked): void => {
    const rest = (asked.get(account) ?? []).filter((other) => other !== one);
    if (rest.length > 0) asked.set(account, rest);
    else asked.delete(account);
  };

  return {
    room: async (account) => {
      // Requests made by now; waiting for later ones too could go on without end, and starve a server that has not asked.
      for (const one of asked.get(account) ?? []) {
        while (isOpen && asked.get(account)?.includes(one)) {
          one.until ??= performance.now() + HELD_MS;
          const isOver = performance.now() >= one.until;
          if (one.server === server && !isOver) return;
          if (isOver || (await hasCome(account, one))) leave(account, one);
          else await new Promise((resolve) => setTimeout(resolve, CAME_MS));
        }
      }
    },
    ask: async (account) => {
      const now = Date.now();
      await appendSystem(store, TURNS, 'TurnAsked', now, recordedAt(), async () => [{ account, server }]);
      await look();
    },
    came: (account) => {
      for (const one of asked.get(account) ?? []) if (one.server === server) leave(account, one);
    },
    close: () => {
      isOpen = false;
      quiet();
      if (timer) clearTimeout(timer);
    },
  };
};
