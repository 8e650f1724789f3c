/** Sends notices by e-mail; notices to one address at about the same time are one mail. */
import { createHash } from 'node:crypto';
import { createTransport } from 'nodemailer';
import type { Message } from './outbox.ts';

export interface Mailer {
  /** Sends messages to one address as one mail; rejects, within a bounded time, if the server does not accept it. */
  send(messages: readonly Message[], signal: AbortSignal): Promise<void>;
  close(): void;
}

/** Limit on notices in a mail; the rest is sent in the next one. */
export const NOTICES_A_MAIL = 50;
/** Bounds the whole dialogue at so many timeouts, even if each step is answered in time. */
const STEPS = 6;

/** A mailer over `smtp://user:password@host:port`; each step of a dialogue takes at most `timeoutMs`. */
export const openMailer = (smtp: string, from: string, timeoutMs: number): Mailer => {
  const transport = createTransport({
    url: smtp,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
  });
  return {
    send: async (messages, signal) => {
      const [first] = messages;
      if (!first) return;
      const sent = transport.sendMail({ from, to: first.target, ...mailOf(messages) });
      await orEnded(sent, timeoutMs * STEPS, signal);
    },
    close: () => transport.close(),
  };
};

interface Text {
  readonly subject: string;
  readonly text: string;
}

/** One mail from messages; the same messages give the same Message-ID, so that a mailbox can deduplicate. */
const mailOf = (messages: readonly Message[]): Text & { readonly messageId: string } => {
  const texts = messages.map(({ payload }) => JSON.parse(payload) as Text);
  const [only] = texts;
  const named = createHash('sha256').update(JSON.stringify(messages.map(({ id }) => id)));
  const messageId = `<${named.digest('hex').slice(0, 40)}@suanpan>`;
  if (only && texts.length === 1) return { subject: only.subject, text: only.text, messageId };
  return {
    subject: `${texts.length} 条提醒 | ${texts.length} notices`,
    text: texts.map(({ text }, i) => `${i + 1}. ${text}`).join('\n'),
    messageId,
  };
};

const orEnded = (work: Promise<unknown>, ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const end = () => reject(new Error('stopped'));
    const timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
    signal.addEventListener('abort', end);
    work
      .then(() => resolve(), reject)
      .finally(() => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
      });
  });
