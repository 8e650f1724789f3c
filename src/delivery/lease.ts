/**
 * Which of several servers delivers: the holder of a lease that is an event. It is taken only while something is to be
 * delivered, and prolonged before it ends. Servers' clocks that disagree cost a repeated delivery, never a lost one.
 */
import { randomUUID } from 'node:crypto';
import type { EventStore } from '../eventstore/event-store.ts';
import { appendSystem, readSystem } from '../ledger/system/streams.ts';

/** Held already; taken just now, so that another may have held it before; others hold it. */
export type LeaseState = 'held' | 'taken' | 'others';

export interface Lease {
  hold(): Promise<LeaseState>;
  /** Until when others hold it, as far as is known; 0 when they do not. */
  othersUntil(): number;
  /** Lets others deliver at once. */
  release(): Promise<void>;
}

const STREAM = 'delivery-lease';
/** Prolonged when half of it is left: more than one round of deliveries takes. */
const LEASE_MS = 60_000;

/** A lease for this process; `now` is the real instant in milliseconds. */
export const openLease = (store: EventStore, now: () => number, leaseMs = LEASE_MS): Lease => {
  const holder = randomUUID();
  let until = 0;
  let others = 0;
  let seen = { length: 0, at: 0 };

  /** Writes how long this one holds it, unless others do. It counts only once it is an event. */
  const write = async (ms: number): Promise<LeaseState> => {
    const at = now();
    const to = at + ms;
    const data = { holder, until: new Date(to).toISOString() };
    let isOwn = false;
    const written = await appendSystem(
      store,
      STREAM,
      'DeliveryLeased',
      at,
      new Date(at).toISOString(),
      async (length) => {
        const last = (await readSystem(store, STREAM, Math.max(0, length - 1))).at(-1);
        isOwn = last?.type === 'DeliveryLeased' && last.data.holder === holder;
        if (seen.length !== length) seen = { length, at: now() };
        // A holder whose clock is ahead has it no longer than any other, from when it was first seen.
        const theirs = last?.type === 'DeliveryLeased' && !isOwn ? Date.parse(last.data.until) : 0;
        others = Math.min(theirs, seen.at + leaseMs);
        return others > now() ? [] : [data];
      },
    );
    until = written === null ? 0 : to;
    if (written === null) return 'others';
    return isOwn ? 'held' : 'taken';
  };

  return {
    hold: async () => {
      if (until - now() > leaseMs / 2) return 'held';
      until = 0;
      return write(leaseMs);
    },
    othersUntil: () => others,
    release: async () => {
      if (until > now()) await write(0);
      until = 0;
    },
  };
};
