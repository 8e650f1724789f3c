/** A ledger's billing zone, recorded when the ledger is created and never changed. */

import { type Calendar, calendarOf, instantText } from '../../domain/calendar.ts';
import type { EventStore } from '../../eventstore/event-store.ts';
import { logPages } from '../../eventstore/reading.ts';
import { decodeSystem } from './codec.ts';
import { appendSystem, readSystemWhole } from './streams.ts';

export const LEDGER = 'ledger';

/** A ledger's billing zone cannot be changed. */
export class ZoneDiffers extends Error {}

/** The store has events, but not those of a ledger. */
export class NotALedger extends Error {
  constructor() {
    super('this is not a ledger: it has no first event');
  }
}

/** The ledger's zone; for a new ledger records the given one. Throws if an existing ledger has another. */
export const ledgerZone = async (
  store: EventStore,
  zone: string,
  now: number,
  recordedAt: string,
): Promise<string> => {
  await appendSystem(store, LEDGER, 'LedgerCreated', now, recordedAt, async (length) =>
    length === 0 ? [{ zone }] : [],
  );
  const kept = await readZone(store);
  if (kept !== zone)
    throw new ZoneDiffers(`this ledger bills in ${kept}; at ${instantText(now)} ${zone} was asked for`);
  return zone;
};

/** Whether a ledger is still to be created. */
export const isNew = async (store: EventStore): Promise<boolean> => (await store.head(LEDGER)).length === 0;

/** The zone of a ledger that exists. */
export const readZone = async (store: EventStore): Promise<string> => {
  const [created] = await readSystemWhole(store, LEDGER, 0, 1);
  if (created?.type !== 'LedgerCreated') throw new NotALedger();
  return created.data.zone;
};

const calendars = new WeakMap<object, Promise<Calendar>>();
const PAGE = 64;

/**
 * The calendar of a ledger that is only read as a log; its first event is near the beginning. Read once per store.
 * Throws a RangeError if there is none.
 */
export const calendarIn = (store: Pick<EventStore, 'readAll'>): Promise<Calendar> => {
  const known = calendars.get(store);
  if (known) return known;
  const read = zoneIn(store).then(calendarOf);
  calendars.set(store, read);
  // A failed read is not cached.
  read.catch(() => calendars.get(store) === read && calendars.delete(store));
  return read;
};

const zoneIn = async (store: Pick<EventStore, 'readAll'>): Promise<string> => {
  for await (const page of logPages(store, { page: PAGE })) {
    const created = page.find(({ stream }) => stream === LEDGER);
    const event = created && decodeSystem(created);
    if (event?.type === 'LedgerCreated') return event.data.zone;
  }
  throw new RangeError('this is not a ledger: it has no first event');
};
