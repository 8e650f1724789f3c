/** Scheduled work happens once, even if two servers of a ledger run it at the same time. */
import { expect, test } from 'vitest';
import { openViews } from '../../src/derived/views.ts';
import type { EventStore } from '../../src/eventstore/event-store.ts';
import { openMemoryStore } from '../../src/eventstore/memory.ts';
import { openMemoryIndex } from '../../src/identity-index/memory.ts';
import type { ClockKind } from '../../src/ledger/account/decider.ts';
import { followHere } from '../../src/ledger/following/following.ts';
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts';
import { shippedPriceBooks } from '../../src/ledger/system/shipped-price-books.ts';
import { everyoneLivesUntil, liveUntil, openTimekeeper } from '../../src/operation/timekeeper.ts';
import { ACCOUNT, givenLedger, instant } from '../support/given.ts';

const CLOSE_AT = { day: 1, after: 4 * 3_600_000 };
const UNTIL = instant('2020-02-05T00:00:00+08:00');

/** A server of its own over a store that others write too. */
const server = (store: EventStore, clock: ClockKind): Promise<Ledger> => {
  const views = openViews(':memory:');
  return openLedger({
    store,
    index: openMemoryIndex(),
    snapshots: null,
    following: followHere(store, views),
    views,
    zone: 'Asia/Shanghai',
    clock,
    books: shippedPriceBooks(),
    now: () => Date.UTC(2026, 0, 1),
  });
};

const lived = async (): Promise<EventStore> => {
  const store = openMemoryStore();
  const given = await givenLedger(['face-recognition'], { store });
  await given.has('2019-01-01T00:00:00+08:00', 'deposit', { amount: '9000', reference: 'w' });
  const pack = { pool: 'face-recognition/compare', size: 1_000_000, quantity: 1 };
  await given.has('2019-01-03T00:00:00+08:00', 'buy-packs', pack);
  await given.meters('2019-01-05T00:00:00+08:00', 'face-recognition/compare', 15_000);
  return store;
};

const factsOf = async (store: EventStore): Promise<string[]> => {
  const options = { from: 0, limit: 1_000, direction: 'forwards', records: false } as const;
  return (await store.read(`account-${ACCOUNT}`, options)).map(({ header, data }) => {
    const { type, at } = JSON.parse(header);
    return `${at} ${type} ${data}`;
  });
};

test('two servers that drive one account at once leave what one leaves', async () => {
  const one = await lived();
  await everyoneLivesUntil(await server(one, 'driven'), UNTIL, CLOSE_AT);
  const two = await lived();
  const [a, b] = [await server(two, 'driven'), await server(two, 'driven')];
  await Promise.all([everyoneLivesUntil(a, UNTIL, CLOSE_AT), everyoneLivesUntil(b, UNTIL, CLOSE_AT)]);
  expect(await factsOf(two)).toEqual(await factsOf(one));
  const closes = (await factsOf(one)).filter((fact) => fact.includes(' MonthClosed '));
  expect(closes.length).toBe(13);
});

test('a round finds who has something due in the views, and a second round finds nobody', async () => {
  const store = await lived();
  const ledger = await server(store, 'real');
  await ledger.viewsCaughtUp();
  const failed: unknown[] = [];
  const keeper = openTimekeeper(ledger, CLOSE_AT, (error) => failed.push(error));
  await keeper.round(instant('2019-01-20T00:00:00+08:00'));
  const before = (await factsOf(store)).length;
  await keeper.round(instant('2019-02-01T03:59:00+08:00'));
  expect((await factsOf(store)).length).toBe(before);
  await keeper.round(instant('2019-02-01T04:01:00+08:00'));
  const closed = (await factsOf(store)).filter((fact) => fact.includes('MonthClosed'));
  expect(closed.map((fact) => fact.slice(0, 24))).toEqual(['2019-01-31T20:01:00.000Z']);
  await ledger.viewsCaughtUp();
  const after = (await factsOf(store)).length;
  await keeper.round(instant('2019-02-01T04:02:00+08:00'));
  expect([(await factsOf(store)).length, failed]).toEqual([after, []]);
  await ledger.close();
});

test('a month that waits for a price keeps nothing else from happening', async () => {
  const store = openMemoryStore();
  const given = await givenLedger(['ocr'], { store });
  await given.has('2019-01-01T00:00:00+08:00', 'deposit', { amount: '9000', reference: 'w' });
  await given.has('2019-01-03T00:00:00+08:00', 'buy-packs', {
    pool: 'ocr/id-card',
    size: 1_000,
    quantity: 1,
  });
  await given.meters('2019-01-05T00:00:00+08:00', 'ocr/business-card', 1_000_001);
  const ledger = await server(store, 'driven');
  await liveUntil(ledger, ACCOUNT, UNTIL, { closeAt: CLOSE_AT, clock: 'driven' });
  const facts = await factsOf(store);
  expect(facts.some((fact) => fact.includes('MonthClosed'))).toBe(false);
  expect(facts.some((fact) => fact.includes('price_not_agreed'))).toBe(true);
  expect(facts.find((fact) => fact.includes('PackExpired'))?.slice(0, 24)).toBe('2020-01-02T16:00:00.000Z');
});
