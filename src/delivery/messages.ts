/** Builds the messages of an event: to webhooks subscribed to its type, and by e-mail for notices with that channel. */

import { type Calendar, instantText } from '../domain/calendar.ts';
import type { AccountEvent, EventOf } from '../domain/events.ts';
import type { Name } from '../domain/price-book.ts';
import type { RecordedEvent } from '../eventstore/event-store.ts';
import { hexOf } from '../integrity/seal-events.ts';
import type { SystemEventData } from '../ledger/system/events.ts';
import type { Contacts } from './events.ts';
import { isWorthAMail, noticeText } from './notice-text.ts';
import type { Message } from './outbox.ts';
import { CHECKPOINT_TYPE, WEBHOOK_EVENTS, type Webhook, wants } from './webhooks.ts';

export interface DeliveredEvent {
  readonly account: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: string;
  readonly hash: Uint8Array;
  readonly event: AccountEvent;
}

/** Receivers as of an event's position. */
export interface Receivers {
  readonly webhooks: readonly Webhook[];
  /** Null: none were set. */
  readonly contacts: Contacts | null;
  /** False if no e-mail is sent, or the notice is too old for one. */
  readonly sendsEmail: boolean;
  /** In the ledger's billing zone, for instants in texts for people. */
  readonly calendar: Calendar;
  /** What a pool counts, where its price book says. */
  readonly unitOf: (pool: string) => Name | undefined;
}

const HASH_SHOWN = 12;
/** A message's id for receivers: a restored ledger gives a position again, to an event with another hash. */
const idOf = (delivery: string, hash: Uint8Array): string =>
  `${delivery}/${hexOf(hash).slice(0, HASH_SHOWN)}`;

/** The messages of an event; their names derive from its position. */
export const messagesOf = (delivered: DeliveredEvent, receivers: Receivers): Message[] => {
  const { event } = delivered;
  if (event.type === 'NoticesRaised') return noticeMessages(delivered, event, receivers);
  if (!(event.type in WEBHOOK_EVENTS)) return [];
  const type = WEBHOOK_EVENTS[event.type as keyof typeof WEBHOOK_EVENTS];
  return toWebhooks(delivered, type, summaryOf(event), receivers.webhooks, delivered.position);
};

/** The messages of a checkpoint: the signed note, for webhooks that store it outside the ledger. */
export const checkpointMessages = (
  { stream, revision, position, hash }: Pick<RecordedEvent, 'stream' | 'revision' | 'position' | 'hash'>,
  at: string,
  { size, root, key, note }: SystemEventData['CheckpointSigned'],
  webhooks: readonly Webhook[],
): Message[] =>
  webhooks
    .filter((webhook) => wants(webhook, CHECKPOINT_TYPE, null))
    .map(({ webhook }) => ({
      ...{ delivery: `${position}/${webhook}`, id: idOf(`${position}/${webhook}`, hash) },
      ...{ channel: 'webhook', target: webhook, stream, revision },
      payload: JSON.stringify({ type: CHECKPOINT_TYPE, timestamp: at, data: { size, root, key, note } }),
    }));

const noticeMessages = (
  delivered: DeliveredEvent,
  event: EventOf<'NoticesRaised'>,
  receivers: Receivers,
): Message[] =>
  event.data.notices.flatMap(({ id, kind, channels, about }, i) => {
    const name = `${delivered.position}.${i}`;
    const { calendar, contacts, sendsEmail, unitOf } = receivers;
    const messages = toWebhooks(
      delivered,
      `notice.${kind}`,
      { id, kind, channels, about, contacts },
      receivers.webhooks,
      name,
    );
    if (sendsEmail && contacts?.email && channels.includes('email') && isWorthAMail(kind, about)) {
      const unit = typeof about['pool'] === 'string' ? unitOf(about['pool']) : undefined;
      const payload = JSON.stringify(noticeText(delivered.account, kind, about, calendar, unit));
      const { stream, revision } = delivered;
      messages.push({
        ...{ delivery: `${name}/email`, id: idOf(`${name}/email`, delivered.hash) },
        ...{ channel: 'email', target: contacts.email },
        ...{ stream, revision, payload },
      });
    }
    return messages;
  });

const toWebhooks = (
  { account, stream, revision, hash, event }: DeliveredEvent,
  type: string,
  data: object,
  webhooks: readonly Webhook[],
  name: string,
): Message[] =>
  webhooks
    .filter((webhook) => wants(webhook, type, account))
    .map(({ webhook }) => ({
      ...{ delivery: `${name}/${webhook}`, id: idOf(`${name}/${webhook}`, hash) },
      ...{ channel: 'webhook', target: webhook, stream, revision },
      payload: JSON.stringify({
        type,
        timestamp: instantText(event.at),
        data: { account, event: revision, ...data },
      }),
    }));

/** The payload of an event; for a bill a summary with a link, since a bill may be large. */
const summaryOf = (event: AccountEvent): object => {
  if (event.type !== 'MonthClosed') return event.data;
  const { account, month, due, total, packsTotal, issuedAt, digest } = event.data.bill;
  return { month, due, total, packsTotal, issuedAt, digest, bill: `/v1/accounts/${account}/bills/${month}` };
};
