/**
 * An account that four servers meter without a pause: a fifth, whose way to the engine is long, loses every race of appends
 * until it asks for its turn, and gets it, also where it stood still while the others left it alone. Servers over one store in
 * memory: what they race for is the same.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { shippedPriceBooks } from '../../src/catalogue/shipped.ts';
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts';
import { readSide } from '../../src/ledger/side-streams.ts';
import { HELD_MS, TURNS } from '../../src/ledger/turns.ts';
import type { EventStore } from '../../src/store/event-store.ts';
import { openMemoryIndex } from '../../src/store/identity-index-memory.ts';
import { openMemoryStore } from '../../src/store/memory.ts';
import { openAccount, report } from '../esdb/cuts-load.ts';

const WRITERS = 4;
const REPORTS = 2;
/** Longer than the others leave an account alone. */
const STILL_MS = HELD_MS + 1_000;
/** What an append takes the near ones, and a call the far one. */
const [NEAR_MS, FAR_MS] = [8, 40];

const late = (store: EventStore, ms: number): EventStore => ({
  ...store,
  read: async (...asked) => {
    await pause(ms);
    return store.read(...asked);
  },
  append: async (...asked) => {
    await pause(ms);
    return store.append(...asked);
  },
});

const serve = (store: EventStore, server: string): Promise<Ledger> =>
  openLedger({
    ...{ store, server, index: openMemoryIndex(), snapshots: null, following: null },
    ...{ zone: 'Asia/Shanghai', clock: 'driven', books: shippedPriceBooks, now: Date.now, turnMs: 60_000 },
  });

test('under load of four writers a server that loses every race gets its turn', async () => {
  const store = openMemoryStore();
  const first = await serve(store, 'first');
  await openAccount(first, 'hot');
  const near = await Promise.all(
    Array.from({ length: WRITERS }, (_, n) => serve(late(store, NEAR_MS), `near-${n}`)),
  );
  let isStill = false;
  const still = async (): Promise<void> => {
    if (isStill || (await store.head(TURNS)).length === 0) return;
    isStill = true;
    await pause(STILL_MS);
  };
  const slow = late(store, FAR_MS);
  const far = await serve(
    {
      ...slow,
      append: async (stream, ...asked) => {
        if (stream !== TURNS) await still();
        return slow.append(stream, ...asked);
      },
    },
    'far',
  );
  let isOver = false;
  let appended = 0;
  const load = near.map(async (ledger, server) => {
    for (let n = 0; !isOver; n++) {
      expect(await report(ledger, 'hot', [`near-${server}-${n}`])).toEqual([{ outcome: 'accepted' }]);
      appended += 1;
    }
  });
  while (appended < WRITERS) await pause(1);
  for (let n = 0; n < REPORTS; n++)
    expect(await report(far, 'hot', [`far-${n}`])).toEqual([{ outcome: 'accepted' }]);
  const beside = appended;
  isOver = true;
  await Promise.all(load);
  const asked = await readSide(store, TURNS);
  expect(isStill).toBe(true);
  expect(asked.filter(({ data }) => 'server' in data && data.server === 'far').length).toBeGreaterThan(1);
  // Those that made room go on.
  expect(appended).toBeGreaterThanOrEqual(beside);
  console.info(`${appended} appends of ${WRITERS} beside ${REPORTS} of one far away; ${asked.length} asked`);
}, 120_000);
