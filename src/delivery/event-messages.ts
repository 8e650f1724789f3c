/**
 * The messages of a stored event, derived twice: when the feed reads the event, and again just before a message is sent,
 * since the outbox says only which event goes to whom.
 */
import { readableEvent } from '../codec/event-codec.ts';
import { inForce, poolUnit, productOf } from '../domain/catalogue.ts';
import {
  comparePositions,
  type EventStore,
  type Position,
  type RecordedEvent,
} from '../eventstore/event-store.ts';
import { eventAt, eventsOf, typeOf } from '../eventstore/reading.ts';
import { accountOf } from '../eventstore/stream-names.ts';
import { calendarIn } from '../ledger/system/billing-zone.ts';
import { readCatalogue } from '../ledger/system/catalogue.ts';
import { type ReadSystemEvent, readSystemEvent } from '../ledger/system/codec.ts';
import { contactsStream } from './contacts.ts';
import { checkpointMessages, messagesOf } from './messages.ts';
import type { Message, Queued } from './outbox.ts';
import type { Webhook } from './webhooks.ts';

const CHECKPOINTS = 'checkpoints';

export interface ReceiversAt {
  readonly webhooks: readonly Webhook[];
  /** Whether a notice as old as this (milliseconds of the ledger's clock) is sent by e-mail. */
  readonly sendsEmail: (at: number) => boolean;
}

/** The messages of an event to its receivers; none for one that cannot be read. Rejects with errors of the store. */
export const messagesOfEvent = async (
  store: EventStore,
  stored: RecordedEvent,
  { webhooks, sendsEmail }: ReceiversAt,
): Promise<Message[]> => {
  if (stored.stream === CHECKPOINTS) return ofCheckpoint(stored, webhooks);
  const account = accountOf(stored.stream);
  if (account === null) return [];
  const isNotice = typeOf(stored) === 'NoticesRaised';
  if (webhooks.length === 0 && !isNotice) return [];
  const event = readableEvent(stored);
  // An unreadable event quarantines its account: it is not delivered, but events of other accounts are.
  if (!event) return [];
  const isMailed = isNotice && sendsEmail(event.at);
  if (webhooks.length === 0 && !isMailed) return [];
  const contacts = isNotice ? await contactsAt(store, account, stored.position) : null;
  const { stream, revision, position, hash } = stored;
  const calendar = await calendarIn(store);
  const catalogue = isMailed ? await readCatalogue(store) : null;
  const unitOf = (pool: string) => {
    const month = calendar.monthOf(event.at);
    const edition = catalogue ? inForce(catalogue, productOf(pool), month) : undefined;
    return edition && poolUnit(edition.book, pool);
  };
  return messagesOf(
    { account, stream, revision, position, hash, event },
    { webhooks, contacts, sendsEmail: isMailed, calendar, unitOf },
  );
};

const ofCheckpoint = (stored: RecordedEvent, webhooks: readonly Webhook[]): Message[] => {
  if (webhooks.length === 0) return [];
  const { type, at, data } = readSystemEvent(stored);
  return type === 'CheckpointSigned' ? checkpointMessages(stored, at, data, webhooks) : [];
};

/** An account's contacts as of a position. */
const contactsAt = async (store: EventStore, account: string, position: Position) => {
  let set: ReadSystemEvent | null = null;
  for await (const event of eventsOf(store, contactsStream(account)))
    if (comparePositions(event.position, position) < 0) set = readSystemEvent(event);
  return set?.type === 'ContactsSet' ? set.data : null;
};

/**
 * A queued message with its content, derived from the event that it names; null if no such message follows from the
 * ledger. Rejects with errors of the store.
 */
export const messageOf = async (
  store: EventStore,
  queued: Queued,
  webhook: Webhook | null,
): Promise<Message | null> => {
  const stored = await eventAt(store, queued.stream, queued.revision);
  if (!stored) return null;
  const webhooks = webhook ? [webhook] : [];
  const all = await messagesOfEvent(store, stored, { webhooks, sendsEmail: () => true });
  const isIt = ({ delivery, channel, target }: Message) =>
    delivery === queued.delivery && channel === queued.channel && target === queued.target;
  return all.find(isIt) ?? null;
};
