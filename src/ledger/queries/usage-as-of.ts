/** Usage by day as of an earlier moment. Reads the events of the month and of the one before, up to that moment. */
import { decodeEvent } from '../../codec/event-codec.ts';
import type { Row } from '../../derived/view-rows.ts';
import { type Instant, instantOf, type Month } from '../../domain/calendar.ts';
import type { EventStore } from '../../eventstore/event-store.ts';
import { eventsOf } from '../../eventstore/reading.ts';
import { accountOf } from '../../eventstore/stream-names.ts';
import { type DayView, usage } from '../../projections/usage.ts';
import type { LoadedAccount } from '../account/loaded-account.ts';
import type { ReadContext } from '../context.ts';
import { billsBackwards } from './bills.ts';

/** The rows of the view of usage as they were at the end of a loaded account's events. */
export const usageDays = async (
  { store, calendar }: Pick<ReadContext, 'store' | 'calendar'>,
  { stream, length }: LoadedAccount,
  month: Month,
): Promise<readonly Row<DayView>[]> => {
  const account = accountOf(stream) ?? '';
  const rows = new Map<string, DayView>();
  const values = {
    get: (key: string) => rows.get(key),
    set: (key: string, value: DayView) => void rows.set(key, value),
    delete: (key: string) => void rows.delete(key),
  };
  const from = await firstUsage(store, account, calendar.startOf(month));
  const types = ['CallsMetered', 'UsageCorrected'];
  for await (const stored of eventsOf(store, stream, { from, to: length - 1, types })) {
    const { revision, position } = stored;
    usage.project({ account, revision, position, event: decodeEvent(stored) }, values, calendar);
  }
  return [...rows]
    .filter(([key]) => key.startsWith(`${account}/${month}`))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => ({ key, value }));
};

/** Calls may be reported this long before they happen, and some more. */
const AHEAD_MS = 3_600_000;

/** The revision of the last close before a month's start: what is reported of the month lies behind it. */
const firstUsage = async (store: EventStore, account: string, start: Instant): Promise<number> => {
  for await (const { bill, closed } of billsBackwards(store, account))
    if (instantOf(bill.issuedAt) < start - AHEAD_MS) return closed;
  return 0;
};
