/** Following: facts of the store read into the views, from where each projection stands, until the end is reached. */
import { decodeEvent } from '../codec/event-codec.ts';
import { type AnyProjection, PROJECTIONS } from '../projections/all.ts';
import type { Fact } from '../projections/projection.ts';
import {
  comparePositions,
  type EventStore,
  type Position,
  type RecordedEvent,
} from '../store/event-store.ts';
import type { Views } from '../store/views.ts';

const PAGE = 2_000;
const PREFIX = 'account-';

/** Brings every projection up to the store's end. A crash between pages costs nothing but reading them again. */
export const catchUp = async (
  store: EventStore,
  views: Views,
  onProgress: (events: number) => void = () => undefined,
): Promise<void> => {
  let events = 0;
  for (;;) {
    const from = PROJECTIONS.map((p) => views.position(p.name, p.version)).reduce<Position | null>(
      (least, position, i) => (i === 0 || comparePositions(position, least) < 0 ? position : least),
      null,
    );
    const page = await store.readAll({ after: from, limit: PAGE, records: false });
    const last = page.at(-1)?.position;
    if (last === undefined) return;
    const facts = page.flatMap(factOf);
    views.together(() => {
      for (const projection of PROJECTIONS) apply(projection, facts, views, last);
    });
    events += page.length;
    onProgress(events);
  }
};

/** Forgets every view and reads all facts again. */
export const rebuildViews = async (
  store: EventStore,
  views: Views,
  onProgress: (events: number) => void,
): Promise<void> => {
  views.together(() => {
    for (const { name } of PROJECTIONS) views.reset(name);
  });
  await catchUp(store, views, onProgress);
};

const factOf = (stored: RecordedEvent): Fact[] => {
  if (!stored.stream.startsWith(PREFIX)) return [];
  const account = stored.stream.slice(PREFIX.length);
  return [{ account, revision: stored.revision, position: stored.position, event: decodeEvent(stored) }];
};

const apply = (projection: AnyProjection, facts: readonly Fact[], views: Views, last: Position): void => {
  const { name, version } = projection;
  const reached = views.position(name, version);
  if (reached === null) views.reset(name);
  if (comparePositions(last, reached) <= 0) return;
  const changes = new Map<string, unknown>();
  const values = {
    get: (key: string) => (changes.has(key) ? changes.get(key) : views.get(name, key)),
    set: (key: string, value: unknown) => void changes.set(key, value),
  };
  for (const fact of facts)
    if (comparePositions(fact.position, reached) > 0) projection.project(fact, values);
  views.save(projection, changes, last);
};
