/** Following: facts of the store read into the views, from where each projection stands, until the end is reached. */
import type { Calendar } from '../domain/calendar.ts';
import { type AnyProjection, PROJECTIONS } from '../projections/all.ts';
import type { Fact } from '../projections/projection.ts';
import type { Directory } from '../store/directory.ts';
import {
  comparePositions,
  type EventStore,
  type Position,
  type RecordedEvent,
} from '../store/event-store.ts';
import type { Views } from '../store/views.ts';
import { FactNotTaken, type ReadableFacts, readableFacts, releaseReadable } from './readable-facts.ts';
import { calendarIn } from './settings-stream.ts';
import { accountOf } from './surroundings.ts';

const PAGE = 2_000;

export interface CatchUp {
  /** Names and heads of streams, kept beside the views where the engine cannot list them. */
  readonly directory?: Directory;
  readonly onProgress?: (events: number) => void;
  /** Called with each page when it is in the views. */
  readonly onPage?: (page: readonly RecordedEvent[]) => void;
}

/** Brings every projection up to the store's end. A crash between pages costs nothing but reading them again. */
export const catchUp = async (
  store: Pick<EventStore, 'readAll'>,
  views: Views,
  { directory, onProgress, onPage }: CatchUp = {},
): Promise<void> => {
  releaseReadable(views);
  const readable = readableFacts(views.quarantine);
  const positions = PROJECTIONS.map(({ name, version }) => views.position(name, version));
  if (directory) positions.push(directory.position());
  const after = positions.reduce((least, one) => (comparePositions(one, least) < 0 ? one : least));
  const pageBehind = (position: Position | null) =>
    store.readAll({ after: position, limit: PAGE, records: false });
  let events = 0;
  for (let page = await pageBehind(after); ; ) {
    const last = page.at(-1);
    if (last === undefined) return;
    // The next page is on its way while this one is worked on.
    const next = pageBehind(last.position);
    next.catch(() => undefined);
    const calendar = page.some(isFact) ? await calendarIn(store) : null;
    views.together(() => {
      takePage(page, { readable, views, last: last.position, calendar });
      views.note(last);
    });
    directory?.note(page);
    events += page.length;
    onPage?.(page);
    onProgress?.(events);
    page = await next;
  }
};

/** Forgets every view and reads all facts again. */
export const rebuildViews = async (
  store: EventStore,
  views: Views,
  onProgress: (events: number) => void,
): Promise<void> => {
  views.resetAll();
  await catchUp(store, views, { onProgress });
};

const isFact = ({ stream }: RecordedEvent): boolean => accountOf(stream) !== null;

interface Taking {
  readonly readable: ReadableFacts;
  readonly views: Views;
  readonly last: Position;
  /** Null where there are no facts. */
  readonly calendar: Calendar | null;
}

/** Takes a page into every projection; again without what one of them could not take. */
const takePage = (page: readonly RecordedEvent[], taking: Taking): void => {
  const { readable, views, last } = taking;
  for (;;) {
    const facts = readable.of(page);
    try {
      const changes = PROJECTIONS.map((projection) => changesOf(projection, facts, taking));
      for (const [i, projection] of PROJECTIONS.entries()) {
        const changed = changes[i];
        if (changed) views.save(projection, changed, last);
      }
      return;
    } catch (error) {
      if (!(error instanceof FactNotTaken)) throw error;
      readable.hold(page, error);
    }
  }
};

/** What facts change in a projection; null where it has read them before. */
const changesOf = (
  { name, version, project }: AnyProjection,
  facts: readonly Fact[],
  { views, last, calendar }: Taking,
): ReadonlyMap<string, unknown> | null => {
  const reached = views.position(name, version);
  if (reached === null) views.reset(name);
  if (comparePositions(last, reached) <= 0) return null;
  const changes = new Map<string, unknown>();
  /** What the page's facts asked for: most ask for the same accounts again and again. */
  const known = new Map<string, unknown>();
  /** A disk that cannot be read now is no fault of a fact. */
  let isDiskAway = false;
  const values = {
    get: (key: string) => {
      if (known.has(key)) return known.get(key);
      isDiskAway = true;
      known.set(key, views.get(name, key));
      isDiskAway = false;
      return known.get(key);
    },
    set: (key: string, value: unknown) => {
      known.set(key, value);
      changes.set(key, value);
    },
  };
  if (!calendar) return changes;
  for (const fact of facts) {
    if (comparePositions(fact.position, reached) <= 0) continue;
    try {
      project(fact, values, calendar);
    } catch (error) {
      throw isDiskAway ? error : new FactNotTaken(fact, error);
    }
  }
  return changes;
};
