/**
 * Turns at an account that several servers write at once. Prevents starvation: a server far from the engine, or on a
 * busy machine, may lose every version conflict to those that are near. After a while it asks for its turn with an
 * event; the others see that within a pulse, and do not append to the account until it did, or for a bounded time.
 */

import { decodeHeader } from '../../codec/event-codec.ts';
import type { EventStore } from '../../eventstore/event-store.ts';
import { eventsOf } from '../../eventstore/reading.ts';
import { accountStream } from '../../eventstore/stream-names.ts';
import { appendSystem, readSystem } from '../system/streams.ts';

/** Stream of those that asked. */
export const TURNS = 'turns';

export interface Turns {
  /** Resolves when no other server waits for its turn at an account before this one. */
  room(account: string): Promise<void>;
  /** Asks the others not to append to an account. */
  ask(account: string): Promise<void>;
  /** This server appended. */
  came(account: string): void;
  close(): void;
}

/** Between two looks at who asks. */
/** Events behind where one asked that are looked at for its own. */
const LOOKED_AT = 16;
const LOOK_MS = 200;
/** How long others wait for one that asked, in milliseconds. */
export const HELD_MS = 2_000;
/** Between two looks at whether it came. */
const CAME_MS = 25;

interface Asked {
  readonly server: string;
  readonly until: number;
  /** Events that the account's stream had when it was heard of; its own comes behind them. */
  length: number | null;
}

/** Turns between servers; `server` names this one as it stands in the events that it records. */
export const openTurns = (store: EventStore, server: string, recordedAt: () => string): Turns => {
  /** In the order in which they asked, by account. */
  const asked = new Map<string, Asked[]>();
  let known: number | null = null;
  let timer: NodeJS.Timeout | null = null;
  let isOpen = true;

  const look = async (): Promise<void> => {
    // Requests from before this server started are over.
    known ??= (await store.head(TURNS)).length;
    const events = await readSystem(store, TURNS, known);
    known += events.length;
    for (const { type, data } of events) {
      if (type !== 'TurnAsked') continue;
      const others = asked.get(data.account) ?? [];
      asked.set(data.account, [
        ...others,
        { server: data.server, until: performance.now() + HELD_MS, length: null },
      ]);
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

  /** Whether the one that asked came: an event of its own stands behind what there was when it was heard of. */
  const hasCome = async (account: string, one: Asked): Promise<boolean> => {
    const stream = accountStream(account);
    const { length } = await store.head(stream);
    one.length ??= length;
    if (length === one.length) return false;
    const range = { from: one.length, to: one.length + LOOKED_AT - 1 };
    for await (const event of eventsOf(store, stream, range))
      if (decodeHeader(event).server === one.server) return true;
    return false;
  };

  const leave = (account: string, one: Asked): void => {
    const rest = (asked.get(account) ?? []).filter((other) => other !== one);
    if (rest.length > 0) asked.set(account, rest);
    else asked.delete(account);
  };

  return {
    room: async (account) => {
      for (let first = asked.get(account)?.[0]; first && isOpen; first = asked.get(account)?.[0]) {
        if (first.server === server && performance.now() < first.until) return;
        if (performance.now() >= first.until || (await hasCome(account, first))) leave(account, first);
        else await new Promise((resolve) => setTimeout(resolve, CAME_MS));
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
