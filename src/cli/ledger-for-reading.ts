/** A ledger opened by a command that only reads it: its events, its zone's calendar and its catalogue. */
import { StoredEventUnreadable } from '../codec/event-codec.ts';
import { calendarOf } from '../domain/calendar.ts';
import type { ReadContext } from '../ledger/context.ts';
import { DEFAULT_STORE, DEFAULT_ZONE } from '../ledger/location.ts';
import { openForReading } from '../ledger/open.ts';
import { readZone } from '../ledger/system/billing-zone.ts';
import { readCatalogue } from '../ledger/system/catalogue.ts';
import { type Context, storeOf } from './command.ts';

/** Runs work on an existing ledger that may be damaged: if its zone is unreadable, the default one is assumed. */
export const readingDamaged = async <T>(
  address: string,
  work: (reading: Pick<ReadContext, 'store' | 'calendar'>) => Promise<T>,
): Promise<T> => {
  const store = await openForReading(address, { checksSeals: false });
  try {
    const zone = await readZone(store).catch(unlessUnreadable(DEFAULT_ZONE));
    return await work({ store, calendar: calendarOf(zone) });
  } finally {
    await store.close();
  }
};

/** A fallback if the event is unreadable; other errors are thrown. */
export const unlessUnreadable =
  <T>(instead: T) =>
  (error: unknown): T => {
    if (error instanceof StoredEventUnreadable) return instead;
    throw error;
  };

/** Runs work on an existing ledger and closes it. */
export const reading = async <T>(
  context: Context,
  work: (reading: ReadContext) => Promise<T>,
): Promise<T> => {
  const store = await openForReading(storeOf(context, DEFAULT_STORE));
  try {
    const calendar = calendarOf(await readZone(store));
    return await work({ store, calendar, catalogue: await readCatalogue(store) });
  } finally {
    await store.close();
  }
};
