/** `suanpan rebuild` and `overview`: the views, rebuilt or brought up to date. */

import type { Quarantined } from '../derived/quarantine-table.ts';
import { viewAt, viewsUnder } from '../derived/view-rows.ts';
import { catchUp, rebuildViews } from '../ledger/following/follow.ts';
import { type OverviewView, overview as overviewRows } from '../projections/overview.ts';
import { type Command, STORE_FLAG } from './command.ts';
import { reading } from './ledger-for-reading.ts';
import type { Output } from './output.ts';
import { counted, table } from './table.ts';
import { withViews } from './with-views.ts';

export const rebuild: Command = {
  usage: 'rebuild',
  what: 'Deletes every view and rebuilds them from the events.',
  flags: STORE_FLAG,
  words: [0, 0],
  run: (context) =>
    reading(context, ({ store }) =>
      withViews(context, store, async (views) => {
        const { out } = context;
        await catchUp(store, views);
        const before = views.digest();
        let events = 0;
        await rebuildViews(store, views, (n) => {
          events = n;
          out.progress(`rebuilding: ${counted(n)} events`);
        });
        out.done();
        const digest = views.digest();
        const quarantined = views.quarantine.list();
        tellQuarantined(out, quarantined);
        out.answer({ events, digest, identical: digest === before, quarantined });
        out.say(
          `${counted(events)} events read again; views ${digest === before ? 'identical' : 'DIFFER from before'} (${digest})`,
        );
        return digest === before ? 0 : 1;
      }),
    ),
};

const tellQuarantined = (out: Output, quarantined: readonly Quarantined[]): void => {
  for (const { stream, revision, why } of quarantined)
    out.complain(`event ${revision} of ${stream} cannot be read, and no later event is counted: ${why}`);
};

const OVERVIEW_COLUMNS = [
  'accounts',
  'records',
  'calls',
  'packsSold',
  'packRevenue',
  'bills',
  'settled',
  'freezesFailed',
] as const satisfies readonly (keyof OverviewView)[];

export const overview: Command = {
  usage: 'overview',
  what: 'One look over all accounts, by billing month.',
  flags: STORE_FLAG,
  words: [0, 0],
  run: (context) =>
    reading(context, ({ store }) =>
      withViews(context, store, async (views) => {
        await catchUp(store, views);
        const { out } = context;
        tellQuarantined(out, views.quarantine.list());
        const all = viewAt(views, overviewRows, 'all') ?? {};
        const months = viewsUnder(views, overviewRows, 'month/', null, 10_000);
        out.answer({
          all,
          months: Object.fromEntries(months.map(({ key, value }) => [key.slice(6), value])),
        });
        for (const [name, value] of Object.entries(all)) out.say(`${name.padEnd(14)} ${value}`);
        const rows = months.map(({ key, value }) => [
          key.slice('month/'.length),
          ...OVERVIEW_COLUMNS.map((column) => String(value[column])),
        ]);
        for (const row of table(
          [['month', ...OVERVIEW_COLUMNS], ...rows],
          OVERVIEW_COLUMNS.map((_, i) => i + 1),
        ))
          out.say(row);
        return 0;
      }),
    ),
};
