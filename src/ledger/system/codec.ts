/** Encodes and decodes events of system streams; see `events.ts`. */
import * as z from 'zod';
import { decodeHeader, jsonOf, StoredEventUnreadable } from '../../codec/event-codec.ts';
import { EventUnwritable } from '../../codec/reads-back.ts';
import { sameJson } from '../../codec/same-json.ts';
import { type Instant, instantOf } from '../../domain/calendar.ts';
import { USAGE_REFUSALS } from '../../domain/refusals.ts';
import type { RecordedEvent } from '../../eventstore/event-store.ts';
import { reportsOf, unpackedReports } from '../refused-usage/packed.ts';
import { isSystemEventType, type SystemEvent, type SystemEventType, systemEvents } from './events.ts';

/** The parts of a stored event that are decoded. */
export type StoredText = Pick<RecordedEvent, 'stream' | 'revision' | 'header' | 'data'>;

/** Placeholder for an unreadable event. */
export interface UnreadableSystemEvent {
  readonly type: 'Unreadable';
  readonly at: string;
  readonly data: {
    readonly revision: number;
    readonly why: string;
    /** The type in its header; null if unreadable. */
    readonly type: string | null;
    /** Its data if it is a JSON object, else null. */
    readonly said: Readonly<Record<string, unknown>> | null;
  };
}
export type ReadSystemEvent = SystemEvent | UnreadableSystemEvent;

/** A stored event of a side stream, parsed. Throws StoredEventUnreadable. */
export const decodeSystem = (stored: StoredText): SystemEvent => {
  const { type, at } = decodeHeader(stored);
  if (!isSystemEventType(type))
    throw new StoredEventUnreadable(stored, `${type} has no place in this stream`);
  const result = systemEvents[type].safeParse(jsonOf(stored, stored.data));
  if (!result.success) throw new StoredEventUnreadable(stored, z.prettifyError(result.error));
  const event = { type, at, data: result.data } as SystemEvent;
  if (event.type === 'UsageRefused') unpacked(stored, () => reportsOf(event.data));
  return event;
};

/** Throws StoredEventUnreadable for reports that cannot be unpacked. */
const unpacked = (stored: StoredText, unpack: () => unknown): unknown => {
  try {
    return unpack();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StoredEventUnreadable(stored, `its packed reports cannot be read: ${why}`);
  }
};

/** A check of readability without copying data, for refused usage, of which there may be much. */
export const decodeForCheck = (stored: StoredText): SystemEvent | null =>
  refusalsIn(stored) ? null : decodeSystem(stored);

/** Refused usage, read without copying. */
export interface Refusals {
  readonly at: Instant;
  /** Null: an import. */
  readonly key: string | null;
  readonly reports: readonly { readonly code: string; readonly detail: string; readonly record: unknown }[];
}

/** The refused usage of an event; null for an event of another type. Throws StoredEventUnreadable. */
export const refusalsIn = (stored: StoredText): Refusals | null => {
  const { type, at } = decodeHeader(stored);
  if (type !== 'UsageRefused') return null;
  const said: unknown = jsonOf(stored, stored.data);
  if (!isRefusals(said)) throw new StoredEventUnreadable(stored, 'it is not a list of refused records');
  const { packed, key, records } = said;
  const reports = packed === undefined ? records : unpacked(stored, () => unpackedReports(packed));
  if (!isReports(reports)) throw new StoredEventUnreadable(stored, 'it is not a list of refused records');
  return { at: instantOf(at), key: key ?? null, reports };
};

/** Decodes an event of a system stream, or returns its placeholder. */
export const readSystemEvent = (stored: StoredText): ReadSystemEvent => {
  try {
    return decodeSystem(stored);
  } catch (error) {
    if (!(error instanceof StoredEventUnreadable)) throw error;
    const { revision } = stored;
    const data = { revision, why: error.why, type: headerTypeOf(stored), said: saidOf(stored) };
    return { type: 'Unreadable', at: new Date(0).toISOString(), data };
  }
};

const headerTypeOf = (stored: StoredText): string | null => {
  try {
    return decodeHeader(stored).type;
  } catch {
    return null;
  }
};

const saidOf = (stored: StoredText): Readonly<Record<string, unknown>> | null => {
  try {
    const said: unknown = jsonOf(stored, stored.data);
    return typeof said === 'object' && said !== null && !Array.isArray(said) ? { ...said } : null;
  } catch {
    return null;
  }
};

/**
 * What an unreadable event may have ended (a key revoked, a webhook removed): its name, `all` if it could be any, or
 * null if the event cannot have ended anything. What may be void counts as void.
 */
export const endedBy = (
  { data: { type, said } }: UnreadableSystemEvent,
  ending: SystemEventType,
  others: readonly SystemEventType[],
  field: string,
): string | 'all' | null => {
  if (type !== ending && type !== null && others.some((one) => one === type)) return null;
  const name = said?.[field];
  return typeof name === 'string' ? name : 'all';
};

/** Throws EventUnwritable if an event would not decode to itself. */
export const checkSystemReadsBack = (
  stored: StoredText,
  event: { readonly type: SystemEventType; readonly at: Instant; readonly data: unknown },
): void => {
  const why = trouble(stored, event);
  if (why !== null) throw new EventUnwritable(stored.stream, event.type, why);
};

const trouble = (
  stored: StoredText,
  { type, at, data }: { readonly type: SystemEventType; readonly at: Instant; readonly data: unknown },
): string | null => {
  try {
    if (type === 'UsageRefused')
      return isRefusals(data) && instantOf(decodeHeader(stored).at) === at ? null : 'it is not plain JSON';
    const read = decodeSystem(stored);
    return read.type === type && instantOf(read.at) === at && sameJson(read.data, data)
      ? null
      : 'it decodes to a different event';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

/** Refused usage, checked by hand: its size is up to the sender of junk. */
const isRefusals = (data: unknown): data is Said =>
  isNested(data) &&
  ['string', 'undefined'].includes(typeof data['key']) &&
  ['string', 'undefined'].includes(typeof data['packed']) &&
  isReports(data['records']) &&
  data['records'].every((one: unknown) => isNested(one) && typeof one['mark'] === 'string');

interface Said {
  readonly key?: string;
  readonly packed?: string;
  readonly records: Refusals['reports'];
}

const isReports = (data: unknown): data is Refusals['reports'] =>
  Array.isArray(data) &&
  data.every(
    (one: unknown) =>
      isNested(one) &&
      typeof one['detail'] === 'string' &&
      USAGE_REFUSALS.some((code) => code === one['code']) &&
      isPlain(one['record']),
  );

const isPlain = (value: unknown): boolean => {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  return isNested(value) && Object.values(value).every(isPlain);
};

const isNested = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
