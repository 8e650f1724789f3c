/**
 * Sends queued messages. Their content is derived from the ledger just before; what does not follow from it is discarded
 * and never sent.
 */
import type { EventStore } from '../eventstore/event-store.ts';
import { messageOf } from './event-messages.ts';
import type { Feed } from './feed.ts';
import type { Mailer } from './mail.ts';
import type { Message, Outbox, Pending } from './outbox.ts';
import type { Sent } from './send-webhook.ts';
import { type CallingOf, signedCall } from './signed-call.ts';
import { anyWebhook } from './webhooks.ts';

export interface SendingOf extends CallingOf {
  readonly of: CallingOf['of'] & {
    readonly store: EventStore;
    readonly log: (level: 'error', message: string, fields: object) => void;
  };
  readonly outbox: Pick<Outbox, 'discard'>;
  readonly feed: Pick<Feed, 'webhook'>;
  readonly mailer: Mailer | null;
}

/** `unsent`: nothing was sent, and it is no attempt. */
export type Attempted = Sent | { readonly outcome: 'unsent' };

/** Sends messages to one receiver together; `signal` aborts. Rejects with errors of the store or the SMTP server. */
export const sendMessages = async (
  sending: SendingOf,
  pending: readonly Pending[],
  signal: AbortSignal,
): Promise<Attempted> => {
  const { mailer } = sending;
  const messages = await withContent(sending, pending);
  const [first] = messages;
  if (!first) return { outcome: 'unsent' };
  if (first.channel === 'webhook') return called(sending, first, signal);
  if (!mailer) return { outcome: 'failed', error: 'no SMTP server is set (SUANPAN_SMTP)', final: false };
  await mailer.send(messages, signal);
  return { outcome: 'delivered' };
};

/** All of the messages, derived from the ledger again; none if one of them does not follow from it: that is discarded. */
const withContent = async (
  { of, outbox, feed }: SendingOf,
  pending: readonly Pending[],
): Promise<readonly Message[]> => {
  const messages: Message[] = [];
  for (const queued of pending) {
    const webhook = feed.webhook(queued.target) ?? anyWebhook(queued.target);
    const message = await messageOf(of.store, queued, queued.channel === 'webhook' ? webhook : null);
    if (message) messages.push(message);
    else {
      const { delivery, channel } = queued;
      of.log('error', 'a message in the outbox does not follow from the ledger: it is not sent', {
        ...{ delivery, channel },
      });
      outbox.discard(delivery);
    }
  }
  return messages.length === pending.length ? messages : [];
};

const called = async (sending: SendingOf, message: Message, signal: AbortSignal): Promise<Sent> => {
  const webhook = sending.feed.webhook(message.target);
  if (!webhook) return { outcome: 'failed', error: 'the webhook was removed', final: true };
  return signedCall(sending, webhook, message, signal);
};
