/** Final outcomes of deliveries, as events. */

import type { EventStore } from '../eventstore/event-store.ts';
import { DELIVERIES } from '../eventstore/stream-names.ts';
import type { RequestMark } from '../ledger/system/request-mark.ts';
import { readSystem } from '../ledger/system/streams.ts';

export interface DeadLetter {
  readonly delivery: string;
  readonly attempts: number;
  readonly error: string | null;
  readonly at: string;
}

/** Final outcome of each delivery, by its last event; one that is being retried has none. */
export const finalOutcomes = async (store: EventStore): Promise<(DeadLetter & { outcome: string })[]> => {
  const last = new Map<string, DeadLetter & { outcome: string }>();
  for (const { type, at, data } of await readSystem(store, DELIVERIES)) {
    if (type === 'DeliveriesSettled')
      for (const one of data.deliveries) last.set(one.delivery, { ...one, at });
    if (type === 'DeliveryResent') last.delete(data.delivery);
  }
  return [...last.values()];
};

/** All dead letters. */
export const deadLetters = async (store: EventStore): Promise<DeadLetter[]> =>
  (await finalOutcomes(store))
    .filter(({ outcome }) => outcome === 'dead')
    .map(({ delivery, attempts, error, at }) => ({ delivery, attempts, error, at }));

/** The resend request with this idempotency key; null if none. */
export const resentUnder = async (store: EventStore, key: string): Promise<RequestMark | null> => {
  for (const { type, data } of await readSystem(store, DELIVERIES))
    if (type === 'DeliveryResent' && data.command?.key === key) return data.command;
  return null;
};
