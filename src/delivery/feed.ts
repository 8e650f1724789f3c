/** Builds outbox messages per event and subscriber, from a catch-up subscription to the ledger. */

import { openSerialQueue } from '../async/serial-queue.ts';
import type { Instant } from '../domain/calendar.ts';
import { type Anchor, anchorHolds } from '../eventstore/anchor.ts';
import {
  comparePositions,
  type EventStore,
  type Position,
  type RecordedEvent,
} from '../eventstore/event-store.ts';
import { eventsOf, logPages } from '../eventstore/reading.ts';
import { DELIVERIES } from '../eventstore/stream-names.ts';
import { type ReadSystemEvent, readSystemEvent } from '../ledger/system/codec.ts';
import { messagesOfEvent } from './event-messages.ts';
import type { Message, Outbox } from './outbox.ts';
import { finalOutcomes } from './outcomes.ts';
import { applyToWebhooks, WEBHOOKS, type Webhook } from './webhooks.ts';

export interface FeedOf {
  readonly store: EventStore;
  readonly outbox: Outbox;
  readonly now: () => number;
  /** The ledger's clock, for the age of notices. */
  readonly ledgerNow: () => Instant;
  readonly sendsEmail: boolean;
  /** The last event that another subscription has processed; without receivers, the feed skips to it. */
  readonly reached?: (() => Anchor | null) | undefined;
  /** Age in milliseconds above which notices are not sent by e-mail. */
  readonly emailMaxAge: number;
}

export interface Feed {
  /** Reads to the end of the ledger and fills the outbox. */
  fill(): Promise<void>;
  /** A webhook as of the position read. */
  webhook(id: string): Webhook | undefined;
}

const PAGE = 500;

/** The state of a feed as of the position read. */
interface Feeding {
  readonly of: FeedOf;
  readonly webhooks: Map<string, Webhook>;
  /** Number of events of the webhooks' stream applied. */
  webhookEvents: number;
  followed: Position | null;
  isReady: boolean;
  /** Outcomes known before the outbox was rebuilt. */
  settled: ReadonlyMap<string, string>;
}

/** Opens a feed from a store to an outbox; nothing is read before `fill`. */
export const openFeed = (of: FeedOf): Feed => {
  const feeding: Feeding = {
    of,
    webhooks: new Map(),
    webhookEvents: 0,
    followed: null,
    isReady: false,
    settled: new Map(),
  };
  /** Serializes fills: reading a page twice would restore messages that were delivered meanwhile. */
  const queue = openSerialQueue();
  return {
    webhook: (id) => feeding.webhooks.get(id),
    fill: () => queue.run(() => fill(feeding)),
  };
};

const fill = async (feeding: Feeding): Promise<void> => {
  const { store, outbox, now } = feeding.of;
  if (!feeding.isReady) await makeReady(feeding);
  if (await skipped(feeding)) return;
  for await (const page of logPages(store, { after: feeding.followed, page: PAGE })) {
    const last = page.at(-1) as RecordedEvent;
    const all: Message[] = [];
    for (const stored of page) all.push(...(await messagesFor(feeding, stored)));
    outbox.fill(all, last.position, now(), last);
    for (const stored of page) if (stored.stream === DELIVERIES) follow(feeding.of, readSystemEvent(stored));
    for (const { delivery } of all) if (feeding.settled.get(delivery) === 'dead') outbox.bury(delivery);
    feeding.followed = last.position;
  }
};

/** Applies an event of the webhooks once; a page whose `outbox.fill` failed is read again. */
const noteWebhook = (feeding: Feeding, event: ReadSystemEvent, revision: number): void => {
  if (revision < feeding.webhookEvents) return;
  feeding.webhookEvents = revision + 1;
  applyToWebhooks(feeding.webhooks, event);
};

const makeReady = async (feeding: Feeding): Promise<void> => {
  const { store, outbox } = feeding.of;
  const anchor = outbox.anchor();
  // The outbox belongs to another ledger, or to a later state of a restored one: rebuild it.
  if (outbox.position() !== null && !(anchor && (await anchorHolds(store, anchor)))) outbox.reset();
  feeding.followed = outbox.position();
  for await (const event of eventsOf(store, WEBHOOKS))
    if (comparePositions(event.position, feeding.followed) <= 0)
      noteWebhook(feeding, readSystemEvent(event), event.revision);
  if (feeding.followed === null) {
    const before = await finalOutcomes(store);
    feeding.settled = new Map(before.map(({ delivery, outcome }) => [delivery, outcome]));
  }
  feeding.isReady = true;
};

/** Without receivers, skips to the end of the ledger instead of reading it. */
const skipped = async (feeding: Feeding): Promise<boolean> => {
  const { store, outbox, now, sendsEmail, reached } = feeding.of;
  if (feeding.webhooks.size > 0 || sendsEmail) return false;
  // An event with its hash anchors the outbox to this ledger.
  const seen = reached?.() ?? null;
  const end = reached ? (seen?.position ?? null) : await store.end();
  // Checked after `end` is known: a webhook added later is after that position and is read from there.
  if ((await store.head(WEBHOOKS)).length > feeding.webhookEvents) return false;
  if (end === null) return reached !== undefined;
  if (comparePositions(end, feeding.followed) <= 0) return true;
  outbox.fill([], end, now(), seen ?? undefined);
  feeding.followed = end;
  return true;
};

const messagesFor = async (feeding: Feeding, stored: RecordedEvent): Promise<Message[]> => {
  const { store, ledgerNow, sendsEmail, emailMaxAge } = feeding.of;
  const { webhooks, settled } = feeding;
  if (stored.stream === WEBHOOKS) noteWebhook(feeding, readSystemEvent(stored), stored.revision);
  const messages = await messagesOfEvent(store, stored, {
    webhooks: [...webhooks.values()],
    sendsEmail: (at) => sendsEmail && ledgerNow() - at < emailMaxAge,
  });
  return messages.filter(({ delivery }) => settled.get(delivery) !== 'delivered');
};

/** Applies outcomes, which another server may have recorded. */
const follow = ({ outbox, now }: FeedOf, { type, data }: ReadSystemEvent): void => {
  if (type === 'DeliveryResent') outbox.revive(data.delivery, now());
  if (type !== 'DeliveriesSettled') return;
  for (const { delivery, outcome } of data.deliveries)
    if (outcome === 'dead') outbox.bury(delivery);
    else outbox.remove([delivery]);
};
