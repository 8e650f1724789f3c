/**
 * The server's clock: the system's, or a test clock that stands still until it is set. It gives commands their instant
 * and never goes backwards.
 */

import { coalesced } from '../async/coalesce.ts';
import { openSerialQueue } from '../async/serial-queue.ts';
import { type Instant, instantOf, instantText } from '../domain/calendar.ts';
import type { EventStore } from '../eventstore/event-store.ts';
import { CLOCK_BEHIND_MAX_MS } from '../ledger/account/command-instant.ts';
import { CLOCK } from '../ledger/system/clock-choice.ts';
import { appendSystem, readSystem } from '../ledger/system/streams.ts';

export interface Clock {
  readonly kind: 'system' | 'test';
  now(): Instant;
  /** Resolves when no set is in progress, and all sets are known. */
  ready(): Promise<void>;
  /** Sets a test clock, durably, after `drive` has let everything happen until then. False: it would go backwards. */
  set(to: Instant, drive: (to: Instant) => Promise<void>): Promise<boolean>;
}

/**
 * The system's clock. It follows a backward step only if that is larger than an adjustment: the clock was wrong before.
 */
export const systemClock = (now: () => Instant = Date.now): Clock => {
  let last = 0;
  return {
    kind: 'system',
    now: () => {
      const read = now();
      last = last - read > CLOCK_BEHIND_MAX_MS ? read : Math.max(last, read);
      return last;
    },
    ready: async () => undefined,
    set: async () => false,
  };
};

/**
 * A test clock that starts at the later of a setting and the last recorded instant; `isShared`: other servers may set
 * it.
 */
export const testClock = async (
  store: EventStore,
  setting: Instant,
  recordedAt: () => string,
  isShared: boolean,
): Promise<Clock> => {
  let now = setting;
  let length = 0;
  const readOn = async (): Promise<void> => {
    const events = await readSystem(store, CLOCK, length);
    length += events.length;
    for (const { type, data } of events) if (type === 'ClockSet') now = Math.max(now, instantOf(data.now));
  };
  await readOn();
  const refresh = isShared ? coalesced(readOn) : async () => undefined;
  const queue = openSerialQueue();
  return {
    kind: 'test',
    now: () => now,
    ready: async () => {
      while (queue.size() > 0) await queue.settled();
      await refresh();
    },
    set: (to, drive) =>
      queue.run(async () => {
        await refresh();
        if (to < now) return false;
        await drive(to);
        await appendSystem(store, CLOCK, 'ClockSet', to, recordedAt(), async () => [
          { now: instantText(to) },
        ]);
        now = to;
        return true;
      }),
  };
};
