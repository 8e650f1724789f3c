/** The messages of an event: to webhooks that chose its type, and by e-mail where a notice says so. */

import { type Calendar, instantText } from '../domain/calendar.ts';
import type { AccountEvent, EventOf } from '../domain/events.ts';
import type { SystemEventData } from '../ledger/system/events.ts';
import type { Contacts } from './events.ts';
import { isWorthAMail, noticeText } from './notice-text.ts';
import type { Message } from './outbox.ts';
import { CHECKPOINT_TYPE, FACT_TYPES, type Webhook, wants } from './webhooks.ts';

export interface DeliveredEvent {
  readonly account: string;
  readonly revision: number;
  readonly position: string;
  readonly event: AccountEvent;
}

/** Receivers as of an event's position in the ledger. */
export interface Receivers {
  readonly webhooks: readonly Webhook[];
  /** Null: none were set. */
  readonly contacts: Contacts | null;
  /** False: no e-mail goes out, or the notice is too old to be worth one. */
  readonly sendsEmail: boolean;
  /** The ledger's: instants in messages to people are of its billing zone. */
  readonly calendar: Calendar;
}

/** The messages of an event; their names follow from its position. */
export const messagesOf = (fact: DeliveredEvent, receivers: Receivers): Message[] => {
  const { event } = fact;
  if (event.type === 'NoticesRaised') return noticeMessages(fact, event, receivers);
  if (!(event.type in FACT_TYPES)) return [];
  const type = FACT_TYPES[event.type as keyof typeof FACT_TYPES];
  return toWebhooks(fact, type, factData(event), receivers.webhooks, fact.position);
};

/** The messages of a checkpoint: the signed note, for webhooks that keep it outside the ledger. */
export const checkpointMessages = (
  position: string,
  at: string,
  { size, root, key, note }: SystemEventData['CheckpointSigned'],
  webhooks: readonly Webhook[],
): Message[] =>
  webhooks
    .filter((webhook) => wants(webhook, CHECKPOINT_TYPE, null))
    .map(({ webhook }) => ({
      delivery: `${position}/${webhook}`,
      channel: 'webhook',
      target: webhook,
      payload: JSON.stringify({ type: CHECKPOINT_TYPE, timestamp: at, data: { size, root, key, note } }),
    }));

const noticeMessages = (
  fact: DeliveredEvent,
  event: EventOf<'NoticesRaised'>,
  receivers: Receivers,
): Message[] =>
  event.data.notices.flatMap(({ id, kind, channels, about }, i) => {
    const name = `${fact.position}.${i}`;
    const { calendar, contacts, sendsEmail } = receivers;
    const letters = toWebhooks(
      fact,
      `notice.${kind}`,
      { id, kind, channels, about, contacts },
      receivers.webhooks,
      name,
    );
    if (sendsEmail && contacts?.email && channels.includes('email') && isWorthAMail(kind, about)) {
      const payload = JSON.stringify(noticeText(fact.account, kind, about, calendar));
      letters.push({ delivery: `${name}/email`, channel: 'email', target: contacts.email, payload });
    }
    return letters;
  });

const toWebhooks = (
  { account, revision, event }: DeliveredEvent,
  type: string,
  data: object,
  webhooks: readonly Webhook[],
  name: string,
): Message[] =>
  webhooks
    .filter((webhook) => wants(webhook, type, account))
    .map(({ webhook }) => ({
      delivery: `${name}/${webhook}`,
      channel: 'webhook',
      target: webhook,
      payload: JSON.stringify({
        type,
        timestamp: instantText(event.at),
        data: { account, event: revision, ...data },
      }),
    }));

/** An event in short: of a bill what it comes to and where it is; nothing that may be large. */
const factData = (event: AccountEvent): object => {
  if (event.type !== 'MonthClosed') return event.data;
  const { account, month, due, total, packsTotal, issuedAt, digest } = event.data.bill;
  return { month, due, total, packsTotal, issuedAt, digest, bill: `/v1/accounts/${account}/bills/${month}` };
};
