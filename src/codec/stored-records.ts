/**
 * The record lines of a stored event, and its records. Whatever is wrong with its block, or with the number of its
 * lines, the event cannot be read. Apart from `event-codec.ts`, which browsers load too: they unpack no blocks.
 */
import type { AccountEvent, CallsMetered } from '../domain/events.ts';
import { recordLines } from '../integrity/record-block.ts';
import type { StoredEvent } from '../integrity/sealed-event.ts';
import { decodeRecords, type Recorded, StoredEventUnreadable } from './event-codec.ts';

/** An event that was read with its records. */
type WithRecords = Pick<StoredEvent, 'stream' | 'revision' | 'header' | 'data' | 'records'>;

/** The record lines of an event; null if it has none. Throws StoredEventUnreadable. */
export const linesIn = (stored: Pick<WithRecords, 'stream' | 'revision' | 'records'>): string[] | null => {
  if (stored.records === null) return null;
  try {
    return recordLines(stored.records);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StoredEventUnreadable(stored, `its records cannot be unpacked: ${why}`);
  }
};

/** The same of a decoded event: a CallsMetered has as many lines as it says. Throws StoredEventUnreadable. */
export const linesOf = (stored: WithRecords, event: AccountEvent): string[] | null =>
  event.type === 'CallsMetered' ? meteredLines(stored, event.data) : linesIn(stored);

/** The records of a CallsMetered event, in order, with who paid for each. Throws StoredEventUnreadable. */
export const recordsIn = (stored: WithRecords, data: CallsMetered): Recorded[] =>
  decodeRecords(stored, data, meteredLines(stored, data));

const meteredLines = (stored: WithRecords, data: CallsMetered): string[] => {
  const lines = linesIn(stored) ?? [];
  if (lines.length !== data.records)
    throw new StoredEventUnreadable(
      stored,
      `records: ${data.records} are declared, ${lines.length} are there`,
    );
  return lines;
};
