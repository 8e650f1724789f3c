/** Names of holders whose stream was erased: they leave the views, and the views' file. */
import { type Row, viewAt, viewsUnder } from '../../derived/view-rows.ts';
import type { Views } from '../../derived/views.ts';
import type { Calendar } from '../../domain/calendar.ts';
import type { EventStore } from '../../eventstore/event-store.ts';
import { nameKey, nameRows } from '../../projections/accounts.ts';
import { type AnyProjection, PROJECTIONS } from '../../projections/all.ts';
import { namedAccounts } from '../system/account-holder.ts';
import { calendarIn } from '../system/billing-zone.ts';

const PAGE = 500;

/** Deletes the names that views have and the ledger no longer has; the views must be up to date. */
export const forgetErased = async (
  views: Views,
  store: Pick<EventStore, 'streams' | 'readAll'>,
): Promise<void> => {
  const calendar = await calendarIn(store);
  const there = namedAccounts(store);
  let next = await there.next();
  let isAny = false;
  for (const account of namesKept(views)) {
    while (!next.done && bytewise(next.value, account) < 0) next = await there.next();
    if (!next.done && next.value === account) continue;
    views.together(() => {
      for (const projection of PROJECTIONS) forget(views, projection, account, calendar);
    });
    isAny = true;
  }
  if (isAny) views.purge();
};

/** Both lists are in SQLite's order of texts. */
const bytewise = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

function* namesKept(views: Views): Generator<string> {
  const prefix = nameKey('');
  for (let after: string | null = null; ; ) {
    const rows: readonly Row<string>[] = viewsUnder(views, nameRows, prefix, after, PAGE);
    for (const { key } of rows) yield key.slice(prefix.length);
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last.key;
  }
}

const forget = (views: Views, projection: AnyProjection, account: string, calendar: Calendar): void => {
  const position = views.position(projection.name, projection.version);
  if (position === null) return;
  const changes = new Map<string, unknown>();
  const set = (key: string, value: unknown): void => void changes.set(key, value);
  const get = (key: string): unknown =>
    changes.has(key) ? changes.get(key) : viewAt(views, projection, key);
  const erased = { position, at: 0, news: { type: 'HolderNamed', account, name: null } } as const;
  projection.project(erased, { get, set, delete: (key) => set(key, undefined) }, calendar);
  views.save(projection, changes, position);
};
