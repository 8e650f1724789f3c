/**
 * Events to their stored bytes and back. Everything read is parsed and upcast, never cast; what cannot be parsed is a
 * `StoredEventUnreadable` that names stream and revision.
 */

import * as z from 'zod';
import { type Instant, instantOf, instantText } from '../domain/calendar.ts';
import type { AccountEvent, CallsMetered, EventType } from '../domain/events.ts';
import { paymentOf, recordOf } from '../domain/record-line.ts';
import type { RecordPayment, UsageRecord } from '../domain/usage.ts';
import type { EventDraft } from '../integrity/sealed-event.ts';
import { accountToStore } from './stored-account.ts';
import { storedEvents } from './stored-events.ts';
import { isRecordLine } from './stored-line.ts';
import { currentVersion, type Json, upcast } from './upcasts.ts';

/** The command that caused an event: its idempotency key and content hash, and actor and reason for auditors. */
export interface CommandMark {
  readonly key: string;
  readonly hash: string;
  readonly actor?: string;
  readonly reason?: string;
}

/** The mark as stored in the command's first event, with the number of events of the command. */
export interface StoredMark extends CommandMark {
  readonly facts: number;
}

export interface Header {
  readonly type: string;
  readonly version: number;
  readonly at: string;
  readonly recordedAt: string;
  readonly command?: StoredMark;
  /** The server that recorded it; absent on an embedded store. */
  readonly server?: string;
}

interface StoredEvent {
  readonly stream: string;
  readonly revision: number;
  readonly header: string;
  readonly data: string;
}

const header = z.object({
  type: z.string(),
  version: z.int(),
  at: z.string(),
  recordedAt: z.string(),
  command: z
    .object({
      key: z.string(),
      hash: z.string(),
      facts: z.int(),
      actor: z.string().exactOptional(),
      reason: z.string().exactOptional(),
    })
    .exactOptional(),
  server: z.string().exactOptional(),
}) satisfies z.ZodType<Header>;

/** A stored event that does not match its schema. The account (or other owner) it belongs to is quarantined. */
export class StoredEventUnreadable extends Error {
  readonly stream: string;
  readonly revision: number;
  readonly why: string;
  constructor(event: { readonly stream: string; readonly revision: number }, why: string) {
    super(`event ${event.revision} of ${event.stream} cannot be read: ${why}`);
    this.stream = event.stream;
    this.revision = event.revision;
    this.why = why;
  }
}

/** The text of an event's header, keys in this order. */
export const headerText = (
  type: string,
  version: number,
  at: Instant,
  recordedAt: string,
  { command, server }: Pick<Header, 'command' | 'server'> = {},
) =>
  JSON.stringify({
    ...{ type, version, at: instantText(at), recordedAt },
    ...(command ? { command } : {}),
    ...(server === undefined ? {} : { server }),
  });

/**
 * The bytes of an event. `recordedAt` is the real instant of recording; the first event of a command carries its mark.
 */
export const encodeEvent = (
  event: AccountEvent,
  recordedAt: string,
  more: Pick<Header, 'command' | 'server'> = {},
): EventDraft => ({
  header: headerText(event.type, currentVersion(event.type), event.at, recordedAt, more),
  data: JSON.stringify(dataToStore(event)),
  ...(event.lines ? { lines: event.lines } : {}),
});

/** An event's data as it is stored, before it is a text. */
export const dataToStore = (event: AccountEvent): unknown =>
  event.type === 'MonthClosed' ? { ...event.data, carried: accountToStore(event.data.carried) } : event.data;

export const decodeHeader = (stored: StoredEvent): Header => {
  const read = parsed(stored, header, stored.header);
  if (Number.isNaN(instantOf(read.at)))
    throw new StoredEventUnreadable(stored, `at: ${read.at} is not a valid instant`);
  return read;
};

/** Decodes a stored event. Record lines are not decoded; see `decodeRecords`. */
export const decodeEvent = (stored: StoredEvent, known?: Header): AccountEvent => {
  const { type, version, at } = known ?? decodeHeader(stored);
  if (!isEventType(type)) throw new StoredEventUnreadable(stored, `${type} is not an event of an account`);
  const json = jsonOf(stored, stored.data);
  const result = storedEvents[type].safeParse(attempted(stored, () => upcast(type, version, json)));
  if (!result.success) throw new StoredEventUnreadable(stored, z.prettifyError(result.error));
  return { type, at: instantOf(at), data: result.data } as AccountEvent;
};

/** An account's event as it was written: the members of its data. Throws StoredEventUnreadable if it cannot be read. */
export const dataAsStored = (stored: StoredEvent): Readonly<Record<string, unknown>> => {
  decodeEvent(stored);
  return { ...Object(jsonOf(stored, stored.data)) };
};

/** Decodes a stored event, or returns null if it is unreadable. */
export const readableEvent = (stored: StoredEvent): AccountEvent | null => {
  try {
    return decodeEvent(stored);
  } catch (error) {
    if (error instanceof StoredEventUnreadable) return null;
    throw error;
  }
};

const isEventType = (type: string): type is EventType => Object.hasOwn(storedEvents, type);

export interface Recorded {
  readonly record: UsageRecord;
  readonly payment: RecordPayment;
}

/** The records of a CallsMetered event, in order, with who paid for each. */
export const decodeRecords = (
  stored: StoredEvent,
  data: CallsMetered,
  text: readonly string[],
): Recorded[] => {
  const base = instantOf(data.base);
  return attempted(stored, () =>
    text.map((one, i) => {
      const line = JSON.parse(one);
      if (!isRecordLine(line)) throw new TypeError(`line ${i} is not a valid record: ${one}`);
      return { record: recordOf(data, base, line), payment: paymentOf(data, line) };
    }),
  );
};

const parsed = <T>(stored: StoredEvent, schema: z.ZodType<T>, text: string): T => {
  const result = schema.safeParse(jsonOf(stored, text));
  if (!result.success) throw new StoredEventUnreadable(stored, z.prettifyError(result.error));
  return result.data;
};

/**
 * Characters of an event's data; an append of any release has less. What was put into the file by other means is not
 * parsed: that takes some twenty times the memory.
 */
const DATA_MAX = 64 * 1024 * 1024;

/** The JSON of a stored text. Throws StoredEventUnreadable. */
export const jsonOf = (stored: Pick<StoredEvent, 'stream' | 'revision'>, text: string): Json => {
  if (text.length > DATA_MAX)
    throw new StoredEventUnreadable(stored, `it has ${text.length} characters, at most ${DATA_MAX} are read`);
  return attempted(stored, () => JSON.parse(text) as Json);
};

const attempted = <T>(stored: Pick<StoredEvent, 'stream' | 'revision'>, read: () => T): T => {
  try {
    return read();
  } catch (error) {
    throw new StoredEventUnreadable(stored, error instanceof Error ? error.message : String(error));
  }
};
