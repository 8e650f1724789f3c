/** Notices and grace (rules.md, sections 9 and 11): an id each, no purchase crosses a threshold, a grace keeps its date. */
import { expect, test } from 'vitest';
import { replayStream } from '../../src/audit/replay/replay.ts';
import { decodeEvent } from '../../src/codec/event-codec.ts';
import type { Notice } from '../../src/domain/events.ts';
import { ACCOUNT, type Given, givenLedger, instant } from '../support/given.ts';
import { BOOKS, BOUGHT, lived, TURNED } from './rules-scenario.ts';

const STREAM = `account-${ACCOUNT}`;
const PACK = '2019-01-02T10:00:00+08:00';

/** Every notice of the account with its instant. */
const told = async ({ ledger }: Given): Promise<(Notice & { at: number })[]> => {
  const options = { from: 0, limit: 10_000, direction: 'forwards', records: false } as const;
  return (await ledger.store.read(STREAM, options))
    .map((stored) => decodeEvent(stored))
    .flatMap((fact) =>
      fact.type === 'NoticesRaised' ? fact.data.notices.map((one) => ({ ...one, at: fact.at })) : [],
    );
};
const kindsAt = async (given: Given, at: string): Promise<string[]> =>
  (await told(given)).filter((one) => one.at === instant(at)).map(({ kind }) => kind);

/** An account with a pack of a hundred calls of which some are left; five more calls of the month are free. */
const withPack = async (left: number): Promise<Given> => {
  const given = await givenLedger(['toy'], { books: BOOKS });
  await given.has(PACK, 'deposit', { amount: '1000.00', reference: 'first' });
  await given.has(PACK, 'buy-packs', { pool: 'toy/a', size: 100 });
  await given.meters('2019-01-09T10:00:00+08:00', 'toy/one', 105 - left);
  return given;
};
const buy = (given: Given, quantity = 1) =>
  given.has(BOUGHT, 'buy-packs', { pool: 'toy/a', size: 5, quantity });

test('no two notices of an account have one id, however many are raised at one instant', async () => {
  const given = await givenLedger(['toy'], { books: BOOKS });
  await lived(given);
  const ids = (await told(given)).map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(await kindsAt(given, TURNED)).toEqual(['suspended', 'resumed', 'suspended', 'resumed']);
});

test('a purchase tells nothing of the packs just bought, also where the pool stays low', async () => {
  const given = await withPack(10);
  await buy(given);
  expect(await kindsAt(given, BOUGHT)).toEqual([]);
});

test('it arms the threshold again: the next use that leaves the pool low tells', async () => {
  const given = await withPack(10);
  await buy(given);
  await given.meters('2019-01-11T10:00:00+08:00', 'toy/one', 1);
  await given.meters('2019-01-11T11:00:00+08:00', 'toy/one', 1);
  expect(await kindsAt(given, '2019-01-11T10:00:00+08:00')).toEqual(['pack_low']);
  expect(await kindsAt(given, '2019-01-11T11:00:00+08:00')).toEqual([]);
});

test('calls of another pool, and calls that are given back, cross no threshold of this one', async () => {
  const given = await withPack(10);
  await buy(given);
  await given.has(BOUGHT, 'buy-packs', { pool: 'toy/b', size: 100 });
  await given.meters('2019-01-11T10:00:00+08:00', 'toy/two', 50);
  const corrected = { source: '/gateway/1', record: 'record-1', calls: 94, reason: 'one too many' };
  await given.has('2019-01-11T11:00:00+08:00', 'correct-usage', corrected);
  expect(await kindsAt(given, '2019-01-11T10:00:00+08:00')).toEqual([]);
  expect(await kindsAt(given, '2019-01-11T11:00:00+08:00')).toEqual([]);
});

test('a correction upwards crosses it', async () => {
  const given = await withPack(20);
  const corrected = { source: '/gateway/1', record: 'record-1', calls: 95, reason: 'more were made' };
  await given.has('2019-01-11T10:00:00+08:00', 'correct-usage', corrected);
  expect(await kindsAt(given, '2019-01-11T10:00:00+08:00')).toEqual(['pack_low']);
});

test('a voiding crosses it: a full pack is gone, and what is left is low', async () => {
  const given = await withPack(10);
  await given.has(BOUGHT, 'buy-packs', { pool: 'toy/a', size: 100 });
  const credit = { amount: '1.00', reference: 'mistake', reason: 'bought by mistake', pack: 'pack-000002' };
  await given.has('2019-01-11T10:00:00+08:00', 'credit', credit);
  expect(await kindsAt(given, '2019-01-11T10:00:00+08:00')).toEqual(['pack_low']);
});

test('an expiry crosses it: what is left in the later pack is low by itself', async () => {
  const given = await withPack(50);
  await given.has('2019-06-02T10:00:00+08:00', 'buy-packs', { pool: 'toy/a', size: 100 });
  // Calls of some minutes ahead, when the first pack has expired; five of the month are free.
  await given.meters('2020-01-02T09:58:00+08:00', 'toy/one', 100, { time: '2020-01-02T10:02:00+08:00' });
  expect(await kindsAt(given, '2020-01-02T09:58:00+08:00')).toEqual([]);
  await given.ledger.passTime(ACCOUNT, instant('2020-01-03T00:00:00+08:00'));
  expect(await kindsAt(given, '2020-01-02T10:00:00+08:00')).toEqual(['pack_low']);
});

test('a grace that runs keeps its date, whatever a later edition says', async () => {
  const given = await givenLedger(['toy'], { books: BOOKS });
  await lived(given);
  const due = (await given.account()).arrearsDueAt;
  expect(due).toBe(instant('2019-04-02T04:00:00+08:00'));
  // The edition of March has no grace at all.
  await given.meters('2019-03-10T10:00:00+08:00', 'toy/two', 15);
  await given.closes('2019-03', '2019-04-01T04:00:00+08:00');
  expect((await given.account()).suspensions).toEqual(
    (await given.account()).suspensions.filter(({ reason }) => reason === 'prohibited'),
  );
  expect((await given.account()).arrearsDueAt).toBe(due);
  await given.ledger.passTime(ACCOUNT, instant('2019-04-02T04:00:00+08:00'));
  expect((await given.account()).suspensions.at(-1)).toMatchObject({
    reason: 'arrears',
    since: due,
    until: null,
  });
});

test('a grace that a settlement ended is over: the next arrears begin one anew', async () => {
  const given = await givenLedger(['toy'], { books: BOOKS.slice(0, 1) });
  await given.has(PACK, 'deposit', { amount: '1.00', reference: 'first' });
  await given.meters('2019-01-09T10:00:00+08:00', 'toy/one', 105);
  await given.closes('2019-01', '2019-02-01T04:00:00+08:00');
  const first = (await given.account()).arrearsDueAt;
  expect(first).toBe(instant('2019-04-02T04:00:00+08:00'));
  const back = { source: '/gateway/1', record: 'record-1', calls: 0, reason: 'nothing was called' };
  await given.has('2019-02-10T10:00:00+08:00', 'correct-usage', back);
  await given.closes('2019-02', '2019-03-01T04:00:00+08:00');
  expect(await given.account()).toMatchObject({ total: '1.00', arrearsDueAt: null });
  await given.meters('2019-03-09T10:00:00+08:00', 'toy/one', 105);
  await given.closes('2019-03', '2019-04-03T04:00:00+08:00');
  expect((await given.account()).arrearsDueAt).toBe(instant('2019-06-02T04:00:00+08:00'));
});

test('the months replay as they were decided', async () => {
  const given = await givenLedger(['toy'], { books: BOOKS });
  await lived(given);
  const { store, calendar } = given.ledger;
  const of = { store, calendar, catalogue: given.ledger.catalogue() };
  const replays = [];
  for await (const replay of replayStream(of, STREAM)) replays.push(replay);
  expect(replays.map(({ month, match }) => [month, match])).toEqual([
    ['2019-01', true],
    ['2019-02', true],
  ]);
});
