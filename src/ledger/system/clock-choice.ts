/**
 * The kind of clock of a ledger, chosen once: the system's, or a test clock that stands still until it is set. What
 * becomes due by one clock (closes, forfeited packs) is wrong by the other and irreversible, so a ledger is never
 * opened with the other kind.
 */

import { decodeHeader } from '../../codec/event-codec.ts';
import { type Instant, instantOf, instantText } from '../../domain/calendar.ts';
import type { EventStore, RecordedEvent } from '../../eventstore/event-store.ts';
import { lastEvent } from '../../eventstore/reading.ts';
import { accountStream } from '../../eventstore/stream-names.ts';
import { BadSetting } from '../location.ts';
import { accountPages } from '../queries/accounts.ts';
import { LEDGER } from './billing-zone.ts';
import { appendSystem, readSystem } from './streams.ts';

export type LedgerClock = 'system' | 'test';

/** Stream of the instants that a test clock was set to. */
export const CLOCK = 'clock';

/** Number of accounts whose events are examined in a ledger that is older than the recorded choice. */
const LOOKED_AT = 100;
/** An event recorded within this many milliseconds after it happened was caused by the system's clock. */
const SOON_MS = 3_600_000;

/** The clock that was chosen; null: no server was started on this ledger yet. */
export const chosenClock = async (store: EventStore): Promise<LedgerClock | null> => {
  for (const { type, data } of await readSystem(store, LEDGER)) if (type === 'ClockChosen') return data.clock;
  return (await store.head(CLOCK)).length > 0 ? 'test' : null;
};

/** Chooses a ledger's clock permanently, at its first start. Throws BadSetting if the ledger uses the other one. */
export const chooseClock = async (store: EventStore, asked: LedgerClock, now: Instant): Promise<void> => {
  const before = (await chosenClock(store)) ?? (asked === 'test' ? await livedBySystemClock(store) : null);
  if (before !== null && before !== asked) throw new BadSetting(OTHER_CLOCK[before](await testNow(store)));
  await appendSystem(store, LEDGER, 'ClockChosen', now, instantText(now), async () =>
    (await readSystem(store, LEDGER)).some(({ type }) => type === 'ClockChosen') ? [] : [{ clock: asked }],
  );
  const chosen = await chosenClock(store);
  // Another server was first, by the other clock.
  if (chosen !== asked) throw new BadSetting(OTHER_CLOCK[asked === 'test' ? 'system' : 'test'](null));
};

const OTHER_CLOCK: Readonly<Record<LedgerClock, (stands: string | null) => string>> = {
  system: () =>
    'this ledger uses the system clock: start it without SUANPAN_CLOCK (--clock), or give another --store for a test clock',
  test: (stands) =>
    `this ledger uses a test clock${stands === null ? '' : ` that stands at ${stands}`}: start it with SUANPAN_CLOCK (--clock)${stands === null ? '' : ` ${stands}`}`,
};

/** The current instant of a ledger's test clock; null if never set. */
export const testNow = async (store: EventStore): Promise<string | null> => {
  let last: Instant | null = null;
  for (const { type, data } of await readSystem(store, CLOCK))
    if (type === 'ClockSet') last = Math.max(last ?? 0, instantOf(data.now));
  return last === null ? null : instantText(last);
};

/** Advances a ledger's test clock to an instant, unless it is already later. */
export const advanceTestClock = async (store: EventStore, to: Instant): Promise<void> => {
  const recordedAt = instantText(Date.now());
  await appendSystem(store, CLOCK, 'ClockSet', to, recordedAt, async () => {
    const stands = await testNow(store);
    return stands !== null && instantOf(stands) >= to ? [] : [{ now: instantText(to) }];
  });
};

/** Whether accounts of a ledger of before have events that were recorded when they happened. */
const livedBySystemClock = async (store: EventStore): Promise<LedgerClock | null> => {
  for await (const page of accountPages(store, { page: LOOKED_AT })) {
    for (const account of page) {
      const last = await lastEvent(store, accountStream(account));
      if (last && wasRecordedSoon(last)) return 'system';
    }
    return null;
  }
  return null;
};

const wasRecordedSoon = (stored: RecordedEvent): boolean => {
  const { at, recordedAt } = decodeHeader(stored);
  return Math.abs(instantOf(recordedAt) - instantOf(at)) <= SOON_MS;
};
