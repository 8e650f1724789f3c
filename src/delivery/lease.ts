/**
 * The lease that decides which of several servers delivers; it is stored as an event. It is taken only while there is
 * something to deliver, and renewed before it expires. Clock skew between servers may repeat a delivery, not lose one.
 */
import { randomUUID } from 'node:crypto';
import type { EventStore } from '../eventstore/event-store.ts';
import { appendSystem, readSystem } from '../ledger/system/streams.ts';

/** `held`: already ours; `taken`: acquired just now, possibly from another server; `others`: held by another server. */
export type LeaseState = 'held' | 'taken' | 'others';

export interface Lease {
  hold(): Promise<LeaseState>;
  /** Until when another server holds it, as far as known; else 0. */
  othersUntil(): number;
  /** Ends the lease, so that another server can take it at once. */
  release(): Promise<void>;
}

const STREAM = 'delivery-lease';
/** Renewed when half of it is left, which is longer than a round of deliveries. */
const LEASE_MS = 60_000;

/** A lease for this process; `now` is the real instant in milliseconds. */
export const openLease = (store: EventStore, now: () => number, leaseMs = LEASE_MS): Lease => {
  const holder = randomUUID();
  let until = 0;
  let others = 0;
  let seen = { length: 0, at: 0 };

  /** Appends the lease unless another server holds it. It is ours only after the append. */
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
        // Limits a holder whose clock is ahead to one lease term from when its event was first seen.
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
