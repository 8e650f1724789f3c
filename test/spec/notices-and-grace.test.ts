/** Notices and grace (rules.md, sections 9 and 11): an id each, no purchase crosses a threshold, a grace keeps its date. */
import { expect, test } from 'vitest';
import { replayStream } from '../../src/audit/replay/replay.ts';
import type { Notice } from '../../src/domain/events.ts';
import { apr, feb, jan, jun, mar, year } from '../support/days.ts';
import { ACCOUNT, type Given, givenLedger } from '../support/given.ts';
import { BOOKS, BOUGHT, lived, TURNED } from './rules-scenario.ts';

/** Every notice of the account with its instant. */
const raised = async ({ facts }: Given): Promise<(Notice & { at: number })[]> =>
  (await facts()).flatMap((fact) =>
    fact.type === 'NoticesRaised' ? fact.data.notices.map((one) => ({ ...one, at: fact.at })) : [],
  );
const kindsAt = async (given: Given, at: number): Promise<string[]> =>
  (await raised(given)).filter((one) => one.at === at).map(({ kind }) => kind);

/** An account with a pack of a hundred calls of which some are left; five more calls of the month are free. */
const withPack = async (left: number): Promise<Given> => {
  const given = await givenLedger(['toy'], { books: BOOKS });
  await given.deposits(jan(2, '10:00'), '1000.00');
  await given.buys(jan(2, '10:00'), 'toy/a', 100);
  await given.meters(jan(9), 'toy/one', 105 - left);
  return given;
};

test('no two notices of an account have one id, however many are raised at one instant', async () => {
  const given = await givenLedger(['toy'], { books: BOOKS });
  await lived(given);
  const ids = (await raised(given)).map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(await kindsAt(given, TURNED)).toEqual(['suspended', 'resumed', 'suspended', 'resumed']);
});

test('a purchase raises no notice of the packs just bought, also where the pool stays low', async () => {
  const given = await withPack(10);
  await given.buys(BOUGHT, 'toy/a', 5);
  expect(await kindsAt(given, BOUGHT)).toEqual([]);
});

test('it arms the threshold again: the next use that leaves the pool low raises one', async () => {
  const given = await withPack(10);
  await given.buys(BOUGHT, 'toy/a', 5);
  await given.meters(jan(11, '10:00'), 'toy/one', 1);
  await given.meters(jan(11, '11:00'), 'toy/one', 1);
  expect(await kindsAt(given, jan(11, '10:00'))).toEqual(['pack_low']);
  expect(await kindsAt(given, jan(11, '11:00'))).toEqual([]);
});

test('calls of another pool, and calls that are given back, cross no threshold of this one', async () => {
  const given = await withPack(10);
  await given.buys(BOUGHT, 'toy/a', 5);
  await given.buys(BOUGHT, 'toy/b', 100);
  await given.meters(jan(11, '10:00'), 'toy/two', 50);
  await given.corrects(jan(11, '11:00'), 1, 94);
  expect(await kindsAt(given, jan(11, '10:00'))).toEqual([]);
  expect(await kindsAt(given, jan(11, '11:00'))).toEqual([]);
});

test('a correction upwards crosses it', async () => {
  const given = await withPack(20);
  await given.corrects(jan(11, '10:00'), 1, 95);
  expect(await kindsAt(given, jan(11, '10:00'))).toEqual(['pack_low']);
});

test('a voiding crosses it: a full pack is gone, and what is left is low', async () => {
  const given = await withPack(10);
  await given.buys(BOUGHT, 'toy/a', 100);
  const credit = { amount: '1.00', reference: 'mistake', reason: 'bought by mistake', pack: 'pack-000002' };
  await given.has(jan(11, '10:00'), 'credit', credit);
  expect(await kindsAt(given, jan(11, '10:00'))).toEqual(['pack_low']);
});

test('an expiry crosses it: what is left in the later pack is low by itself', async () => {
  const given = await withPack(50);
  await given.buys(jun(2), 'toy/a', 100);
  // Calls of some minutes ahead, when the first pack has expired; five of the month are free.
  await given.meters(year(2020).jan(2, '09:58'), 'toy/one', 100, { time: year(2020).jan(2, '10:02') });
  expect(await kindsAt(given, year(2020).jan(2, '09:58'))).toEqual([]);
  await given.ledger.passTime(ACCOUNT, year(2020).jan(3));
  expect(await kindsAt(given, year(2020).jan(2, '10:00'))).toEqual(['pack_low']);
});

test('a grace that runs keeps its date, whatever a later edition says', async () => {
  const given = await givenLedger(['toy'], { books: BOOKS });
  await lived(given);
  const due = (await given.account()).arrearsDueAt;
  expect(due).toBe(apr(2, '04:00'));
  // The edition of March has no grace at all.
  await given.meters(mar(10, '10:00'), 'toy/two', 15);
  await given.closes('2019-03');
  expect((await given.account()).suspensions).toEqual(
    (await given.account()).suspensions.filter(({ reason }) => reason === 'prohibited'),
  );
  expect((await given.account()).arrearsDueAt).toBe(due);
  await given.ledger.passTime(ACCOUNT, apr(2, '04:00'));
  expect((await given.account()).suspensions.at(-1)).toMatchObject({
    reason: 'arrears',
    since: due,
    until: null,
  });
});

test('a grace that a settlement ended is over: the next arrears begin one anew', async () => {
  const given = await givenLedger(['toy'], { books: BOOKS.slice(0, 1) });
  await given.deposits(jan(2), '1.00');
  await given.meters(jan(9, '10:00'), 'toy/one', 105);
  await given.closes('2019-01');
  const first = (await given.account()).arrearsDueAt;
  expect(first).toBe(apr(2, '04:00'));
  await given.corrects(feb(10, '10:00'), 1, 0);
  await given.closes('2019-02');
  expect(await given.account()).toMatchObject({ total: '1.00', arrearsDueAt: null });
  await given.meters(mar(9, '10:00'), 'toy/one', 105);
  await given.closes('2019-03', apr(3, '04:00'));
  expect((await given.account()).arrearsDueAt).toBe(jun(2, '04:00'));
});

test('the months replay as they were decided', async () => {
  const given = await givenLedger(['toy'], { books: BOOKS });
  await lived(given);
  const { store, calendar } = given.ledger;
  const of = { store, calendar, catalogue: given.ledger.catalogue() };
  const replays = [];
  for await (const replay of replayStream(of, `account-${ACCOUNT}`)) replays.push(replay);
  expect(replays.map(({ month, match }) => [month, match])).toEqual([
    ['2019-01', true],
    ['2019-02', true],
  ]);
});
