/**
 * An account that four servers meter without a pause: a fifth, whose way to the engine is long, loses every race of appends
 * until it asks for its turn, and gets it, also where it stood still while the others left it alone. Servers over one store in
 * memory: what they race for is the same. Time is the test's own, so nothing depends on what else the machine does.
 */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { EventStore } from '../../src/eventstore/event-store.ts';
import { openMemoryStore } from '../../src/eventstore/memory.ts';
import { openMemoryIndex } from '../../src/identity-index/memory.ts';
import { HELD_MS, TURNS } from '../../src/ledger/account/turns.ts';
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts';
import { shippedPriceBooks } from '../../src/ledger/system/shipped-price-books.ts';
import { readSystem } from '../../src/ledger/system/streams.ts';
import { openAccount, report } from '../esdb/ledger/cuts-load.ts';

const WRITERS = 4;
/** Longer than the others leave an account alone. */
const STILL_MS = HELD_MS + 1_000;
/** What an append takes the near ones, and a call the far one. */
const [NEAR_MS, FAR_MS] = [30, 150];
/** All of it is over sooner. */
const LONG_MS = 60_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Lets time pass until something has happened. */
const passing = async (happening: Promise<void>): Promise<void> => {
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  happening.then(end, end);
  for (let ms = 0; !isOver; ms++) {
    if (ms > LONG_MS) throw new Error('it does not come to an end');
    await vi.advanceTimersByTimeAsync(1);
  }
  await happening;
};

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
    ...{ zone: 'Asia/Shanghai', clock: 'driven', books: shippedPriceBooks, now: () => 0, turnMs: 60_000 },
  });

const raced = async (): Promise<void> => {
  const store = openMemoryStore();
  const first = await serve(store, 'first');
  await openAccount(first, 'hot');
  const near = await Promise.all(
    Array.from({ length: WRITERS }, (_, n) => serve(late(store, NEAR_MS), `near-${n}`)),
  );
  let asks = 0;
  let stood = false;
  /** Loses every race until it has asked; then stands still once, and asks again for what it missed. */
  const lose = async (stream: string, length: number): Promise<void> => {
    if (asks === 1 && !stood) {
      stood = true;
      await pause(STILL_MS);
    }
    while ((await store.head(stream)).length <= length) await pause(1);
  };
  const slow = late(store, FAR_MS);
  const far = await serve(
    {
      ...slow,
      append: async (stream, length, events) => {
        if (stream !== TURNS && asks < 2) await lose(stream, length);
        const appended = await slow.append(stream, length, events);
        if (stream === TURNS) asks += 1;
        return appended;
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
  expect(await report(far, 'hot', ['far'])).toEqual([{ outcome: 'accepted' }]);
  // Those that made room go on.
  const beside = appended;
  while (appended < beside + WRITERS) await pause(1);
  isOver = true;
  await Promise.all(load);
  const asked = await readSystem(store, TURNS);
  expect(asked.filter(({ data }) => 'server' in data && data.server === 'far').length).toBeGreaterThan(1);
};

test('under load of four writers a server that loses every race gets its turn', () => passing(raced()));
