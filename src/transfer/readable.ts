/** Events are decoded by the reader's schemas before they are written to another ledger. */
import { decodeEvent, decodeRecords, StoredEventUnreadable } from '../codec/event-codec.ts';
import { accountOf } from '../eventstore/stream-names.ts';
import type { StoredEvent } from '../integrity/sealed-event.ts';
import { checkBook } from '../ledger/system/catalogue.ts';
import { decodeForCheck } from '../ledger/system/codec.ts';

export const READABLE = 'an event that can be read';

/** Why an event cannot be read; null where it can. `lines` are those of its records. */
export const unreadable = (
  event: Pick<StoredEvent, 'stream' | 'revision' | 'header' | 'data'>,
  lines: readonly string[] | null,
): string | null => {
  try {
    if (accountOf(event.stream) === null) checkBook(event, decodeForCheck(event));
    else {
      const decoded = decodeEvent(event);
      if (decoded.type === 'CallsMetered') decodeRecords(event, decoded.data, lines ?? []);
    }
    return null;
  } catch (error) {
    if (error instanceof StoredEventUnreadable) return error.why;
    throw error;
  }
};
