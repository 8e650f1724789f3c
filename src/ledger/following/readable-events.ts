/**
 * Selects the events of a page that the views can process. An event that is unreadable, or that a projection fails on,
 * is quarantined: later events of its account are skipped, those of other accounts are processed.
 */
import { decodeEvent, StoredEventUnreadable } from '../../codec/event-codec.ts';
import { linesIn, recordsIn } from '../../codec/stored-records.ts';
import type { QuarantineTable } from '../../derived/quarantine-table.ts';
import type { Views } from '../../derived/views.ts';
import type { RecordedEvent } from '../../eventstore/event-store.ts';
import { accountOf } from '../../eventstore/stream-names.ts';
import { isOfAccount, type ViewedEvent } from '../../projections/projection.ts';
import type { StoredText } from '../system/codec.ts';
import { isViewed, newsOf } from './system-news.ts';

/** A projection failed on an event. */
export class EventNotProjected extends Error {
  readonly event: ViewedEvent;
  constructor(event: ViewedEvent, cause: unknown) {
    super(`it does not follow from what was before: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
    this.event = event;
  }
}

export interface ReadableEvents {
  /** The events of a page that the views know; quarantines unreadable ones. */
  of(page: readonly RecordedEvent[]): ViewedEvent[];
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
  /** Events of no account that a projection failed on: others of their stream go on. */
  const failed = new Set<string>();
  const viewed = (stored: RecordedEvent): ViewedEvent[] => {
    const { stream, revision } = stored;
    const isHeld =
      accountOf(stream) === null
        ? failed.has(`${revision} ${stream}`)
        : revision >= (firsts.get(stream) ?? Number.POSITIVE_INFINITY);
    if (isHeld) return [];
    try {
      const event = readEvent(stored);
      return event ? [event] : [];
    } catch (error) {
      if (!(error instanceof StoredEventUnreadable)) throw error;
      hold(stored, error.why, false);
      return [];
    }
  };
  return {
    of: (page) => page.flatMap(viewed),
    hold: (page, { event, message }) => {
      const stored = page.find(({ position }) => position === event.position);
      if (!stored) return;
      if (!isOfAccount(event)) failed.add(`${stored.revision} ${stored.stream}`);
      hold(stored, message, true);
    },
  };
};

/** An event as the views get it; null for one that changes none. Throws StoredEventUnreadable. */
const readEvent = (stored: StoredText & { readonly position: string }): ViewedEvent | null => {
  const account = accountOf(stored.stream);
  if (account === null) return newsOf(stored);
  const { revision, position } = stored;
  return { account, revision, position, event: decodeEvent(stored) };
};

const looked = new WeakSet<Views>();

/**
 * Releases quarantined events that are readable now, once per process, since a newer release may read them. Views
 * depend on all events of what they show, so they are rebuilt.
 */
export const releaseReadable = (views: Views): void => {
  if (looked.has(views)) return;
  looked.add(views);
  const readable = views.quarantine.unread().filter((stored) => whyUnreadable(stored) === null);
  if (readable.some(isViewed)) views.resetAll();
  else for (const { stream, revision } of readable) views.quarantine.release(stream, revision);
};

/** Why an event cannot be read, but for its records; null if it can. */
const whyUnreadable = (stored: StoredText & { readonly position: string }): string | null =>
  whyNot(() => void readEvent(stored));

/** Why an event, or a record of it, cannot be read; null if they can. It must have been read with its records. */
export const whyUnreadableWhole = (stored: RecordedEvent): string | null =>
  whyNot(() => {
    const viewed = readEvent(stored);
    const event = viewed && isOfAccount(viewed) ? viewed.event : null;
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
