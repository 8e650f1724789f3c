/** What a ledger is and stays: its billing zone, recorded when it is made. */
import { instantText } from '../domain/calendar.ts';
import type { EventStore } from '../store/event-store.ts';
import { appendSide, readSide } from './side-streams.ts';

export const LEDGER = 'ledger';

/** The ledger's zone; on a new ledger the given one is recorded. Throws when an existing ledger has another. */
export const ledgerZone = async (
  store: EventStore,
  zone: string,
  now: number,
  recordedAt: string,
): Promise<string> => {
  await appendSide(store, LEDGER, 'LedgerCreated', now, recordedAt, async (length) =>
    length === 0 ? [{ zone }] : [],
  );
  const kept = await readZone(store);
  if (kept !== zone)
    throw new RangeError(`this ledger bills in ${kept}; at ${instantText(now)} ${zone} was asked for`);
  return zone;
};

/** Whether a ledger is still to be made. */
export const isNew = async (store: EventStore): Promise<boolean> => (await store.head(LEDGER)).length === 0;

/** The zone of a ledger that exists. */
export const readZone = async (store: EventStore): Promise<string> => {
  const [created] = await readSide(store, LEDGER);
  if (created?.type !== 'LedgerCreated') throw new RangeError('this is no ledger: it has no first event');
  return created.data.zone;
};
