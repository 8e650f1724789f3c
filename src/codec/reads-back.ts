/**
 * The last check before an append: the encoded event is decoded by the reader's schema and must equal the original.
 * Otherwise it is not appended, and the caller gets the error.
 */

import type { Instant } from '../domain/calendar.ts';
import type { AccountEvent } from '../domain/events.ts';
import type { EventDraft } from '../integrity/sealed-event.ts';
import { decodeEvent, decodeHeader, decodeRecords } from './event-codec.ts';
import { sameJson } from './same-json.ts';
import { callsReadBack } from './stored-calls.ts';

/** An event that would not decode to itself; nothing was recorded. */
export class EventUnwritable extends Error {
  readonly stream: string;
  readonly type: string;
  constructor(stream: string, type: string, why: string) {
    super(`a ${type} for ${stream} could not be read again and was not recorded: ${why}`);
    this.stream = stream;
    this.type = type;
  }
}

/** Throws EventUnwritable if the encoded bytes do not decode to the same event. */
export const checkReadsBack = (
  place: { readonly stream: string; readonly revision: number },
  event: AccountEvent,
  draft: EventDraft,
): void => {
  const why = trouble(place, event, draft);
  if (why !== null) throw new EventUnwritable(place.stream, event.type, why);
};

/** Limits of four-digit years; other years have another text form. */
const YEAR_1 = Date.parse('0001-01-01T00:00:00Z');
const YEAR_10000 = Date.parse('9999-12-31T23:59:59.999Z');
const isWritable = (at: Instant): boolean => Number.isSafeInteger(at) && at >= YEAR_1 && at <= YEAR_10000;

const trouble = (
  place: { readonly stream: string; readonly revision: number },
  event: AccountEvent,
  draft: EventDraft,
): string | null => {
  if (!isWritable(event.at)) return `at: ${event.at} has no year of four digits`;
  const lines = draft.lines ?? [];
  if (event.type === 'CallsMetered' && callsReadBack(event.data, lines)) return null;
  try {
    const stored = { ...place, header: draft.header, data: draft.data };
    const read = decodeEvent(stored, decodeHeader(stored));
    if (read.type === 'CallsMetered' && decodeRecords(stored, read.data, lines).length !== read.data.records)
      return `records: ${read.data.records} are declared, ${lines.length} are there`;
    return sameJson(read.data, event.data) && read.at === event.at && read.type === event.type
      ? null
      : 'it decodes to a different event';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};
