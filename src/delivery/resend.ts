/** Dead letters that are sent again on request: at most once a key, and only what is dead. */
import type { EventStore } from '../eventstore/event-store.ts';
import type { RequestMark } from '../ledger/system/request-mark.ts';
import { appendSystem } from '../ledger/system/streams.ts';
import type { Feed } from './feed.ts';
import type { Lease } from './lease.ts';
import type { Outbox } from './outbox.ts';
import { DELIVERIES, deadLetters, resentUnder } from './outcomes.ts';

export interface ResendingOf {
  readonly store: EventStore;
  /** The real instant. */
  readonly now: () => number;
  readonly outbox: Pick<Outbox, 'buried'>;
  readonly feed: Pick<Feed, 'fill'>;
  /** Where several servers deliver; null for the only one. */
  readonly lease: Lease | null;
}

/** Put back now, or by an earlier request of the same key; there is no such dead letter; the key had other content. */
export type Resent = 'resent' | 'repeated' | 'unknown' | 'reused';

/** What `resend` would come to now; nothing is put back. */
export const mayResend = async (
  { store, outbox, feed, lease }: ResendingOf,
  delivery: string,
  command: RequestMark | null,
): Promise<Resent> => {
  const before = command && (await resentUnder(store, command.key));
  if (before) return before.hash === command.hash ? 'repeated' : 'reused';
  const isDead = (await deadLetters(store)).some((letter) => letter.delivery === delivery);
  // Another server may have given it up just now.
  if (isDead && lease) await feed.fill();
  return isDead && outbox.buried().includes(delivery) ? 'resent' : 'unknown';
};

/** Records that a dead letter is sent again; the outbox learns of it from the event. */
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
