/** Builds outbox messages per event and subscriber, from a catch-up subscription to the ledger. */

import { openSerialQueue } from '../async/serial-queue.ts';
import { readableEvent } from '../codec/event-codec.ts';
import type { Instant } from '../domain/calendar.ts';
import { type Anchor, anchorHolds } from '../eventstore/anchor.ts';
import {
  comparePositions,
  type EventStore,
  type Position,
  type RecordedEvent,
} from '../eventstore/event-store.ts';
import { eventsOf, logPages, typeOf } from '../eventstore/reading.ts';
import { accountOf } from '../eventstore/stream-names.ts';
import { calendarIn } from '../ledger/system/billing-zone.ts';
import { type ReadSystemEvent, readSystemEvent } from '../ledger/system/codec.ts';
import { contactsStream } from './contacts.ts';
import { checkpointMessages, messagesOf } from './messages.ts';
import type { Message, Outbox } from './outbox.ts';
import { DELIVERIES, finalOutcomes } from './outcomes.ts';
import { applyToWebhooks, WEBHOOKS, type Webhook } from './webhooks.ts';

export interface FeedOf {
  readonly store: EventStore;
  readonly outbox: Outbox;
  readonly now: () => number;
  /** The ledger's instant: how old a notice is. */
  readonly ledgerNow: () => Instant;
  readonly sendsEmail: boolean;
  /** The last event that another subscription has reached; without subscribers, this skips to it. */
  readonly reached?: (() => Anchor | null) | undefined;
  /** Notices older than that are not worth an e-mail, in milliseconds. */
  readonly emailMaxAge: number;
}

export interface Feed {
  /** Reads to the end of the ledger. */
  fill(): Promise<void>;
  /** A webhook as of where the ledger was read. */
  webhook(id: string): Webhook | undefined;
}

const PAGE = 500;
const CHECKPOINTS = 'checkpoints';

/** What the feed knows of the ledger up to where it was read. */
interface Feeding {
  readonly of: FeedOf;
  readonly webhooks: Map<string, Webhook>;
  /** Events of the webhooks' stream that are taken. */
  webhookFacts: number;
  followed: Position | null;
  isReady: boolean;
  /** Outcomes known before the outbox was rebuilt. */
  settled: ReadonlyMap<string, string>;
}

/** Feeds an outbox from a store; nothing is read before `fill`. */
export const openFeed = (of: FeedOf): Feed => {
  const feeding: Feeding = {
    of,
    webhooks: new Map(),
    webhookFacts: 0,
    followed: null,
    isReady: false,
    settled: new Map(),
  };
  /** One after the other: a page that is read twice would bring back messages that are delivered. */
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
    for (const stored of page) all.push(...(await messagesOfEvent(feeding, stored)));
    outbox.fill(all, last.position, now(), last);
    for (const stored of page) if (stored.stream === DELIVERIES) follow(feeding.of, readSystemEvent(stored));
    for (const { delivery } of all) if (feeding.settled.get(delivery) === 'dead') outbox.bury(delivery);
    feeding.followed = last.position;
  }
};

/** May come again: a page that could not be put into the outbox is read once more. */
const noteWebhook = (feeding: Feeding, fact: ReadSystemEvent, revision: number): void => {
  if (revision < feeding.webhookFacts) return;
  feeding.webhookFacts = revision + 1;
  applyToWebhooks(feeding.webhooks, fact);
};

const makeReady = async (feeding: Feeding): Promise<void> => {
  const { store, outbox } = feeding.of;
  const anchor = outbox.anchor();
  // Of another ledger, or of one that was restored to an earlier state: the outbox is rebuilt.
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

/** Without subscribers the ledger need not be read. */
const skipped = async (feeding: Feeding): Promise<boolean> => {
  const { store, outbox, now, sendsEmail, reached } = feeding.of;
  if (feeding.webhooks.size > 0 || sendsEmail) return false;
  // An event that is known with its hash, so that the outbox knows which ledger it was read for.
  const seen = reached?.() ?? null;
  const end = reached ? (seen?.position ?? null) : await store.end();
  // Looked at after the end: a webhook that is not there by then lies behind it.
  if ((await store.head(WEBHOOKS)).length > feeding.webhookFacts) return false;
  if (end === null) return reached !== undefined;
  if (comparePositions(end, feeding.followed) <= 0) return true;
  outbox.fill([], end, now(), seen ?? undefined);
  feeding.followed = end;
  return true;
};

const ofCheckpoint = ({ webhooks }: Feeding, stored: RecordedEvent): Message[] => {
  if (webhooks.size === 0) return [];
  const { type, at, data } = readSystemEvent(stored);
  return type === 'CheckpointSigned'
    ? checkpointMessages(stored.position, at, data, [...webhooks.values()])
    : [];
};

const messagesOfEvent = async (feeding: Feeding, stored: RecordedEvent): Promise<Message[]> => {
  const { store, ledgerNow, sendsEmail, emailMaxAge } = feeding.of;
  const { webhooks, settled } = feeding;
  if (stored.stream === WEBHOOKS) noteWebhook(feeding, readSystemEvent(stored), stored.revision);
  if (stored.stream === CHECKPOINTS) return ofCheckpoint(feeding, stored);
  const account = accountOf(stored.stream);
  if (account === null) return [];
  const isNotice = typeOf(stored) === 'NoticesRaised';
  if (webhooks.size === 0 && !(isNotice && sendsEmail)) return [];
  const event = readableEvent(stored);
  // An unreadable account is in quarantine: its events are not delivered, those of others are.
  if (!event) return [];
  const isFresh = ledgerNow() - event.at < emailMaxAge;
  const contacts = isNotice ? await contactsAt(store, account, stored.position) : null;
  const { revision, position } = stored;
  return messagesOf(
    { account, revision, position, event },
    {
      webhooks: [...webhooks.values()],
      contacts,
      sendsEmail: sendsEmail && isFresh,
      calendar: await calendarIn(store),
    },
  ).filter(({ delivery }) => settled.get(delivery) !== 'delivered');
};

/** Outcomes of messages, as another server may have recorded them. */
const follow = ({ outbox, now }: FeedOf, { type, data }: ReadSystemEvent): void => {
  if (type === 'DeliveryResent') outbox.revive(data.delivery, now());
  if (type !== 'DeliveriesSettled') return;
  for (const { delivery, outcome } of data.deliveries)
    if (outcome === 'dead') outbox.bury(delivery);
    else outbox.remove([delivery]);
};

/** An account's contacts as they were at a place in the ledger. */
const contactsAt = async (store: EventStore, account: string, position: Position) => {
  let set: ReadSystemEvent | null = null;
  for await (const event of eventsOf(store, contactsStream(account)))
    if (comparePositions(event.position, position) < 0) set = readSystemEvent(event);
  return set?.type === 'ContactsSet' ? set.data : null;
};
