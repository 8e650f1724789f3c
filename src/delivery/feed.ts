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

export const openFeed = ({
  store,
  outbox,
  now,
  ledgerNow,
  sendsEmail,
  reached,
  emailMaxAge,
}: FeedOf): Feed => {
  const webhooks = new Map<string, Webhook>();
  let webhookFacts = 0;
  let followed: Position | null = null;
  let isReady = false;
  /** Outcomes known before the outbox was rebuilt. */
  let settled = new Map<string, string>();

  /** May come again: a page that could not be put into the outbox is read once more. */
  const noteWebhook = (fact: ReadSystemEvent, revision: number): void => {
    if (revision < webhookFacts) return;
    webhookFacts = revision + 1;
    applyToWebhooks(webhooks, fact);
  };

  const makeReady = async (): Promise<void> => {
    const anchor = outbox.anchor();
    // Of another ledger, or of one that was restored to an earlier state: the outbox is rebuilt.
    if (outbox.position() !== null && !(anchor && (await anchorHolds(store, anchor)))) outbox.reset();
    followed = outbox.position();
    for await (const event of eventsOf(store, WEBHOOKS))
      if (comparePositions(event.position, followed) <= 0)
        noteWebhook(readSystemEvent(event), event.revision);
    if (followed === null) {
      const before = await finalOutcomes(store);
      settled = new Map(before.map(({ delivery, outcome }) => [delivery, outcome]));
    }
    isReady = true;
  };

  /** Without subscribers the ledger need not be read. */
  const skipped = async (): Promise<boolean> => {
    if (webhooks.size > 0 || sendsEmail) return false;
    // An event that is known with its hash, so that the outbox knows which ledger it was read for.
    const seen = reached?.() ?? null;
    const end = reached ? (seen?.position ?? null) : await store.end();
    // Looked at after the end: a webhook that is not there by then lies behind it.
    if ((await store.head(WEBHOOKS)).length > webhookFacts) return false;
    if (end === null) return reached !== undefined;
    if (comparePositions(end, followed) <= 0) return true;
    outbox.fill([], end, now(), seen ?? undefined);
    followed = end;
    return true;
  };

  const ofCheckpoint = (stored: RecordedEvent): Message[] => {
    if (webhooks.size === 0) return [];
    const { type, at, data } = readSystemEvent(stored);
    return type === 'CheckpointSigned'
      ? checkpointMessages(stored.position, at, data, [...webhooks.values()])
      : [];
  };

  const messagesOfEvent = async (stored: RecordedEvent): Promise<Message[]> => {
    if (stored.stream === WEBHOOKS) noteWebhook(readSystemEvent(stored), stored.revision);
    if (stored.stream === CHECKPOINTS) return ofCheckpoint(stored);
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
  const follow = ({ type, data }: ReadSystemEvent): void => {
    if (type === 'DeliveryResent') outbox.revive(data.delivery, now());
    if (type !== 'DeliveriesSettled') return;
    for (const { delivery, outcome } of data.deliveries)
      if (outcome === 'dead') outbox.bury(delivery);
      else outbox.remove([delivery]);
  };

  const fill = async (): Promise<void> => {
    if (!isReady) await makeReady();
    if (await skipped()) return;
    for await (const page of logPages(store, { after: followed, page: PAGE })) {
      const last = page.at(-1) as RecordedEvent;
      const all: Message[] = [];
      for (const stored of page) all.push(...(await messagesOfEvent(stored)));
      outbox.fill(all, last.position, now(), last);
      for (const stored of page) if (stored.stream === DELIVERIES) follow(readSystemEvent(stored));
      for (const { delivery } of all) if (settled.get(delivery) === 'dead') outbox.bury(delivery);
      followed = last.position;
    }
  };

  /** One after the other: a page that is read twice would bring back messages that are delivered. */
  const queue = openSerialQueue();
  return {
    webhook: (id) => webhooks.get(id),
    fill: () => queue.run(fill),
  };
};

/** An account's contacts as they were at a place in the ledger. */
const contactsAt = async (store: EventStore, account: string, position: Position) => {
  let set: ReadSystemEvent | null = null;
  for await (const event of eventsOf(store, contactsStream(account)))
    if (comparePositions(event.position, position) < 0) set = readSystemEvent(event);
  return set?.type === 'ContactsSet' ? set.data : null;
};
