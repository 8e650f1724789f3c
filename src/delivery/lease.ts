/**
 * Which of several servers delivers: the holder of a lease that is a fact. It is taken only while something is to be
 * delivered, and prolonged before it ends. Servers' clocks that disagree cost a repeated delivery, never a lost one.
 */
import { randomUUID } from 'node:crypto';
import { appendSide, readSide } from '../ledger/side-streams.ts';
import type { EventStore } from '../store/event-store.ts';

/** Held already; taken just now, so that another may have held it before; others hold it. */
export type Held = 'held' | 'taken' | 'others';

export interface Lease {
  hold(): Promise<Held>;
  /** Until when others hold it, as far as is known; 0 when they do not. */
  othersUntil(): number;
  /** Lets others deliver at once. */
  release(): Promise<void>;
}

const STREAM = 'delivery-lease';
const LEASE_MS = 60_000;
/** What is left of a lease when it is prolonged: more than one round of deliveries takes. */
const LEFT_MS = 30_000;

/** A lease for this process; `now` is the real instant in milliseconds. */
export const openLease = (store: EventStore, now: () => number): Lease => {
  const holder = randomUUID();
  let until = 0;
  let others = 0;

  const write = (ms: number): Promise<unknown> => {
    const to = now() + ms;
    return appendSide(
      store,
      STREAM,
      'DeliveryLeased',
      now(),
      new Date(now()).toISOString(),
      async (length) => {
        const last = (await readSide(store, STREAM, Math.max(0, length - 1))).at(-1);
        const isOthers = last?.type === 'DeliveryLeased' && last.data.holder !== holder;
        others = isOthers ? Date.parse(last.data.until) : 0;
        if (others > now()) return [];
        until = to;
        return [{ holder, until: new Date(to).toISOString() }];
      },
    );
  };

  return {
    hold: async () => {
      if (until - now() > LEFT_MS) return 'held';
      const wasHeld = until > now();
      until = 0;
      await write(LEASE_MS);
      if (until === 0) return 'others';
      return wasHeld ? 'held' : 'taken';
    },
    othersUntil: () => others,
    release: async () => {
      if (until > now()) await write(0);
      until = 0;
    },
  };
};
