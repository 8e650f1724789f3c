/** `suanpan quarantine`: unreadable events, which quarantine what they belong to. */

import type { Quarantined } from '../derived/quarantine-table.ts';
import type { EventStore } from '../eventstore/event-store.ts';
import { logPages } from '../eventstore/reading.ts';
import { accountOf } from '../eventstore/stream-names.ts';
import { catchUp } from '../ledger/following/follow.ts';
import { whyUnreadableWhole } from '../ledger/following/readable-events.ts';
import { DEFAULT_STORE } from '../ledger/location.ts';
import { type Command, STORE_FLAG, storeOf } from './command.ts';
import { readingDamaged } from './ledger-for-reading.ts';
import { styled } from './style.ts';
import { counted } from './table.ts';
import { withViews } from './with-views.ts';

export const quarantine: Command = {
  usage: 'quarantine',
  what: 'Reads every event and every record, and lists events that cannot be read: what they belong to is stopped, everything else continues.',
  flags: STORE_FLAG,
  words: [0, 0],
  run: (context) =>
    readingDamaged(storeOf(context, DEFAULT_STORE), ({ store }) =>
      withViews(context, store, async (views) => {
        const { out } = context;
        const onProgress = (events: number) => out.progress(`${counted(events)} events read`);
        await catchUp(store, views, { onProgress });
        const held = merged(views.quarantine.list(), await unreadable(store, onProgress));
        out.done();
        const items = held.map((one) => ({ ...one, account: accountOf(one.stream) }));
        out.answer({ items });
        for (const { stream, revision, why } of items)
          out.say(`${styled('red', 'cannot be read')}: event ${revision} of ${stream}: ${why}`);
        out.say(
          items.length === 0
            ? 'every event can be read'
            : `${counted(items.length)} events cannot be read: restore them from a backup or a copy, or use a release that reads them (suanpan verify --store shows whether their seals hold)`,
        );
        return items.length === 0 ? 0 : 1;
      }),
    ),
};

/** All events that are unreadable now, also ones altered after the views processed them, or in their records alone. */
const unreadable = async (
  store: EventStore,
  onProgress: (events: number) => void,
): Promise<Quarantined[]> => {
  const found: Quarantined[] = [];
  let events = 0;
  for await (const page of logPages(store, { records: true })) {
    for (const event of page) {
      const why = whyUnreadableWhole(event);
      const { stream, revision, position } = event;
      if (why !== null) found.push({ stream, revision, position, why });
    }
    events += page.length;
    onProgress(events);
  }
  return found;
};

/** Both lists in the order of streams, each event once. */
const merged = (held: readonly Quarantined[], found: readonly Quarantined[]): Quarantined[] => {
  const keyOf = ({ stream, revision }: Quarantined) => JSON.stringify([stream, revision]);
  const known = new Set(held.map(keyOf));
  return [...held, ...found.filter((one) => !known.has(keyOf(one)))].sort((a, b) =>
    a.stream === b.stream ? a.revision - b.revision : a.stream < b.stream ? -1 : 1,
  );
};
