/** A ledger opened by a command that only reads it: its events, its zone's calendar and its catalogue. */
import { type Calendar, calendarOf } from '../domain/calendar.ts';
import type { Catalogue } from '../domain/catalogue.ts';
import { readCatalogue } from '../ledger/catalogue-stream.ts';
import { openForReading } from '../ledger/open.ts';
import { readZone } from '../ledger/settings-stream.ts';
import { DEFAULT_STORE } from '../ledger/where.ts';
import type { EventStore } from '../store/event-store.ts';
import { type Context, storeOf } from './command.ts';

export interface Reading {
  readonly store: EventStore;
  readonly calendar: Calendar;
  readonly catalogue: Catalogue;
}

/** Runs work on an existing ledger and closes it. */
export const reading = async <T>(context: Context, work: (reading: Reading) => Promise<T>): Promise<T> => {
  const store = await openForReading(storeOf(context, DEFAULT_STORE));
  try {
    const calendar = calendarOf(await readZone(store));
    return await work({ store, calendar, catalogue: await readCatalogue(store) });
  } finally {
    await store.close();
  }
};
