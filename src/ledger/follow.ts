/** Following: facts of the store read into the views, from where each projection stands, until the end is reached. */
import { decodeEvent } from '../codec/event-codec.ts';
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
    const facts = page.flatMap(factOf);
    const calendar = facts.length > 0 ? await calendarIn(store) : null;
    views.together(() => {
      for (const projection of PROJECTIONS) apply(projection, facts, views, last.position, calendar);
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

const factOf = (stored: RecordedEvent): Fact[] => {
  const account = accountOf(stored.stream);
  if (account === null) return [];
  return [{ account, revision: stored.revision, position: stored.position, event: decodeEvent(stored) }];
};

/** `calendar` is null where there are no facts. */
const apply = (
  projection: AnyProjection,
  facts: readonly Fact[],
  views: Views,
  last: Position,
  calendar: Calendar | null,
): void => {
  const { name, version } = projection;
  const reached = views.position(name, version);
  if (reached === null) views.reset(name);
  if (comparePositions(last, reached) <= 0) return;
  const changes = new Map<string, unknown>();
  /** What the page's facts asked for: most ask for the same accounts again and again. */
  const known = new Map<string, unknown>();
  const values = {
    get: (key: string) => {
      if (!known.has(key)) known.set(key, views.get(name, key));
      return known.get(key);
    },
    set: (key: string, value: unknown) => {
      known.set(key, value);
      changes.set(key, value);
    },
  };
  if (calendar)
    for (const fact of facts)
      if (comparePositions(fact.position, reached) > 0) projection.project(fact, values, calendar);
  views.save(projection, changes, last);
};
