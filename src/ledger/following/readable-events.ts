/**
 * Selects the events of a page that the views can process. An event that is unreadable, or that a projection fails on,
 * is quarantined: later events of its account are skipped, those of other accounts are processed.
 */
import { decodeEvent, StoredEventUnreadable } from '../../codec/event-codec.ts';
import { linesIn, recordsIn } from '../../codec/stored-records.ts';
import type { QuarantineTable } from '../../derived/quarantine-table.ts';
import type { Views } from '../../derived/views.ts';
import type { AccountEvent } from '../../domain/events.ts';
import type { RecordedEvent } from '../../eventstore/event-store.ts';
import { accountOf } from '../../eventstore/stream-names.ts';
import type { AccountEventAt } from '../../projections/projection.ts';
import { checkBook } from '../system/catalogue.ts';
import { decodeForCheck, type StoredText } from '../system/codec.ts';

/** A projection failed on an event. */
export class EventNotProjected extends Error {
  readonly event: AccountEventAt;
  constructor(event: AccountEventAt, cause: unknown) {
    super(`it does not follow from what was before: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
    this.event = event;
  }
}

export interface ReadableEvents {
  /** The account events of a page; quarantines unreadable ones. */
  of(page: readonly RecordedEvent[]): AccountEventAt[];
  /** Quarantines an event that is readable, but cannot be projected. */
  hold(page: readonly RecordedEvent[], notTaken: EventNotProjected): void;
}

/** Decodes pages into events, skipping quarantined accounts. */
export const readableEvents = (quarantine: QuarantineTable): ReadableEvents => {
  const firsts = quarantine.firsts();
  const hold = (stored: RecordedEvent, why: string, isRead: boolean): void => {
    quarantine.add(stored, why, isRead);
    firsts.set(stored.stream, Math.min(firsts.get(stored.stream) ?? stored.revision, stored.revision));
  };
  const factOf = (stored: RecordedEvent): AccountEventAt[] => {
    const account = accountOf(stored.stream);
    const { revision, position } = stored;
    if (account !== null && revision >= (firsts.get(stored.stream) ?? Number.POSITIVE_INFINITY)) return [];
    try {
      const event = readEvent(stored);
      return event && account !== null ? [{ account, revision, position, event }] : [];
    } catch (error) {
      if (!(error instanceof StoredEventUnreadable)) throw error;
      hold(stored, error.why, false);
      return [];
    }
  };
  return {
    of: (page) => page.flatMap(factOf),
    hold: (page, { event, message }) => {
      const stored = page.find(({ position }) => position === event.position);
      if (stored) hold(stored, message, true);
    },
  };
};

/** The event of an account; null for other streams. Throws StoredEventUnreadable. */
const readEvent = (stored: StoredText): AccountEvent | null => {
  if (accountOf(stored.stream) !== null) return decodeEvent(stored);
  checkBook(stored, decodeForCheck(stored));
  return null;
};

const looked = new WeakSet<Views>();

/**
 * Releases quarantined events that are readable now, once per process, since a newer release may read them. The views
 * of an account depend on all its events, so they are rebuilt.
 */
export const releaseReadable = (views: Views): void => {
  if (looked.has(views)) return;
  looked.add(views);
  const readable = views.quarantine.unread().filter((stored) => whyUnreadable(stored) === null);
  if (readable.some(({ stream }) => accountOf(stream) !== null)) views.resetAll();
  else for (const { stream, revision } of readable) views.quarantine.release(stream, revision);
};

/** Why an event cannot be read, but for its records; null if it can. */
const whyUnreadable = (stored: StoredText): string | null => whyNot(() => void readEvent(stored));

/** Why an event, or a record of it, cannot be read; null if they can. It must have been read with its records. */
export const whyUnreadableWhole = (stored: RecordedEvent): string | null =>
  whyNot(() => {
    const event = readEvent(stored);
    if (event?.type === 'CallsMetered') recordsIn(stored, event.data);
    else linesIn(stored);
  });

const whyNot = (read: () => void): string | null => {
  try {
    read();
    return null;
  } catch (error) {
    if (error instanceof StoredEventUnreadable) return error.why;
    throw error;
  }
};
