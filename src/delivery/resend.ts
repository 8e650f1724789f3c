/** Resends dead letters on request, once per idempotency key. */
import type { EventStore } from '../eventstore/event-store.ts';
import { DELIVERIES } from '../eventstore/stream-names.ts';
import type { RequestMark } from '../ledger/system/request-mark.ts';
import { appendSystem } from '../ledger/system/streams.ts';
import type { Feed } from './feed.ts';
import type { Lease } from './lease.ts';
import type { Outbox } from './outbox.ts';
import { deadLetters, resentUnder } from './outcomes.ts';

export interface ResendingOf {
  readonly store: EventStore;
  /** The real instant. */
  readonly now: () => number;
  readonly outbox: Pick<Outbox, 'buried'>;
  readonly feed: Pick<Feed, 'fill'>;
  /** Lease, if several servers may deliver; null for a single server. */
  readonly lease: Lease | null;
}

/**
 * `repeated`: an earlier request with the same key did it; `unknown`: there is no such dead letter; `reused`: the key
 * was used with other content.
 */
export type Resent = 'resent' | 'repeated' | 'unknown' | 'reused';

/** Dry run of `resend`. */
export const mayResend = async (
  { store, outbox, feed, lease }: ResendingOf,
  delivery: string,
  command: RequestMark | null,
): Promise<Resent> => {
  const before = command && (await resentUnder(store, command.key));
  if (before) return before.hash === command.hash ? 'repeated' : 'reused';
  const isDead = (await deadLetters(store)).some((message) => message.delivery === delivery);
  // Another server may have made it a dead letter just now.
  if (isDead && lease) await feed.fill();
  return isDead && outbox.buried().includes(delivery) ? 'resent' : 'unknown';
};

/** Records that a dead letter is to be resent; the outbox is updated from that event. */
export const resend = async (
  resending: ResendingOf,
  delivery: string,
  command: RequestMark | null,
): Promise<Resent> => {
  const { store, now } = resending;
  const may = await mayResend(resending, delivery, command);
  if (may !== 'resent') return may;
  const at = new Date(now()).toISOString();
  const resent = async () =>
    command && (await resentUnder(store, command.key)) ? [] : [{ delivery, command }];
  await appendSystem(store, DELIVERIES, 'DeliveryResent', now(), at, resent);
  return 'resent';
};
