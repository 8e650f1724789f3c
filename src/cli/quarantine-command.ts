/** `suanpan quarantine`: events that cannot be read, and stop what they belong to. */
import { catchUp } from '../ledger/follow.ts';
import { accountOf } from '../ledger/surroundings.ts';
import { type Command, STORE_FLAG } from './command.ts';
import { reading } from './reading.ts';
import { styled } from './style.ts';
import { counted } from './table.ts';
import { withViews } from './with-views.ts';

export const quarantine: Command = {
  usage: 'quarantine',
  what: 'Lists events that cannot be read: what they belong to stands still, everything else goes on.',
  flags: STORE_FLAG,
  words: [0, 0],
  run: (context) =>
    reading(context, ({ store }) =>
      withViews(context, store, async (views) => {
        const { out } = context;
        await catchUp(store, views, {
          onProgress: (events) => out.progress(`${counted(events)} events read`),
        });
        out.done();
        const items = views.quarantine.list().map((one) => ({ ...one, account: accountOf(one.stream) }));
        out.answer({ items });
        for (const { stream, revision, why } of items)
          out.say(`${styled('red', 'cannot be read')}: event ${revision} of ${stream}: ${why}`);
        out.say(
          items.length === 0
            ? 'every event can be read'
            : `${counted(items.length)} events cannot be read: restore them from a backup or a copy, or use a release that reads them (suanpan verify --store tells whether their seals hold)`,
        );
        return items.length === 0 ? 0 : 1;
      }),
    ),
};
