/** Catch-up subscription: reads the store's events into the views, from each projection's position to the end. */

import { viewAt } from '../../derived/view-rows.ts';
import type { Views } from '../../derived/views.ts';
import type { Calendar } from '../../domain/calendar.ts';
import {
  comparePositions,
  type EventStore,
  type Position,
  type RecordedEvent,
} from '../../eventstore/event-store.ts';
import type { Directory } from '../../eventstore/eventstoredb/stream-directory.ts';
import { logPages } from '../../eventstore/reading.ts';
import { type AnyProjection, PROJECTIONS } from '../../projections/all.ts';
import type { ViewedEvent } from '../../projections/projection.ts';
import { calendarIn } from '../system/billing-zone.ts';
import {
  EventNotProjected,
  type ReadableEvents,
  readableEvents,
  releaseReadable,
} from './readable-events.ts';
import { isViewed } from './system-news.ts';

const PAGE = 2_000;

export interface CatchUp {
  /** Names and heads of streams, stored with the views if the engine cannot list them. */
  readonly directory?: Directory;
  readonly onProgress?: (events: number) => void;
  /** Only these projections, each up to its position. */
  readonly limits?: ReadonlyMap<string, Position>;
  /** Called with each page when it is in the views. */
  readonly onPage?: (page: readonly RecordedEvent[]) => void;
}

/** Brings every projection up to the store's end. After a crash between pages, at most a page is read again. */
export const catchUp = async (
  store: Pick<EventStore, 'readAll'>,
  views: Views,
  { directory, onProgress, onPage, limits }: CatchUp = {},
): Promise<void> => {
  releaseReadable(views);
  forgetOthers(views);
  const readable = readableEvents(views.quarantine);
  const positions = PROJECTIONS.map(({ name, version }) => views.position(name, version));
  if (directory) positions.push(directory.position());
  const after = positions.reduce((least, one) => (comparePositions(one, least) < 0 ? one : least));
  let events = 0;
  for await (const page of logPages(store, { after, page: PAGE, ahead: true })) {
    const last = page.at(-1);
    if (last === undefined || isBehindAll(limits, page)) return;
    const calendar = page.some(isViewed) ? await calendarIn(store) : null;
    views.together(() => {
      takePage(page, { readable, views, endOf: endsAt(last.position, limits), calendar });
      views.note(last);
    });
    directory?.note(page);
    events += page.length;
    onPage?.(page);
    onProgress?.(events);
  }
};

/** Views of a projection that this release does not have are no longer updated. */
const forgetOthers = (views: Views): void => {
  for (const name of views.projections())
    if (!PROJECTIONS.some((one) => one.name === name)) views.reset(name);
};

/** Each projection reads to the end of the page, or to its limit before that. */
const endsAt =
  (last: Position, limits: CatchUp['limits']): Taking['endOf'] =>
  (projection) => {
    if (!limits) return last;
    const end = limits.get(projection) ?? null;
    return end !== null && comparePositions(end, last) < 0 ? end : end && last;
  };

/** Whether a page is entirely after the requested range. */
const isBehindAll = (limits: CatchUp['limits'], [first]: readonly RecordedEvent[]): boolean =>
  limits !== undefined &&
  first !== undefined &&
  [...limits.values()].every((end) => comparePositions(first.position, end) > 0);

/** Deletes all views and reads all events again. */
export const rebuildViews = async (
  store: EventStore,
  views: Views,
  onProgress: (events: number) => void,
): Promise<void> => {
  views.resetAll();
  await catchUp(store, views, { onProgress });
};

interface Taking {
  readonly readable: ReadableEvents;
  readonly views: Views;
  /** The position up to which a projection reads; null: it is skipped. */
  readonly endOf: (projection: string) => Position | null;
  /** Null for an empty store. */
  readonly calendar: Calendar | null;
}

/** Applies a page to every projection; if one of them fails on an event, quarantines it and retries the page. */
const takePage = (page: readonly RecordedEvent[], taking: Taking): void => {
  const { readable, views, endOf } = taking;
  for (;;) {
    const events = readable.of(page);
    try {
      const changes = PROJECTIONS.map((projection) => changesOf(projection, events, taking));
      for (const [i, projection] of PROJECTIONS.entries()) {
        const [changed, end] = [changes[i], endOf(projection.name)];
        if (changed && end !== null) views.save(projection, changed, end);
      }
      return;
    } catch (error) {
      if (!(error instanceof EventNotProjected)) throw error;
      readable.hold(page, error);
    }
  }
};

/** Changes of a projection by events; null if it has already processed them. */
const changesOf = (
  projection: AnyProjection,
  events: readonly ViewedEvent[],
  { views, endOf, calendar }: Taking,
): ReadonlyMap<string, unknown> | null => {
  const { name, version, project } = projection;
  const end = endOf(name);
  const reached = views.position(name, version);
  if (reached === null) views.reset(name);
  if (end === null || comparePositions(end, reached) <= 0) return null;
  const changes = new Map<string, unknown>();
  /** Cache for the page, since most events concern the same accounts. */
  const known = new Map<string, unknown>();
  /** A disk that cannot be read now is not the fault of an event. */
  let isDiskAway = false;
  const values = {
    get: (key: string) => {
      if (known.has(key)) return known.get(key);
      isDiskAway = true;
      known.set(key, viewAt(views, projection, key));
      isDiskAway = false;
      return known.get(key);
    },
    set: (key: string, value: unknown) => {
      known.set(key, value);
      changes.set(key, value);
    },
    delete: (key: string) => {
      known.set(key, undefined);
      changes.set(key, undefined);
    },
  };
  if (!calendar) return changes;
  for (const event of events) {
    if (comparePositions(event.position, reached) <= 0 || comparePositions(event.position, end) > 0) continue;
    try {
      project(event, values, calendar);
    } catch (error) {
      throw isDiskAway ? error : new EventNotProjected(event, error);
    }
  }
  return changes;
};
