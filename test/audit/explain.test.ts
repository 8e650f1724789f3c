/** A bill explained: given what happened, why each pack paid or did not, and what each sum and correction rests on. */
import { describe, expect, test } from 'vitest';
import { firstUsageOf } from '../../src/audit/explain/account-events.ts';
import { type Explanation, explainBill, type LineExplained } from '../../src/audit/explain/explain-bill.ts';
import { recordsPage } from '../../src/audit/explain/records.ts';
import { issuedBill } from '../../src/ledger/queries/bills.ts';
import { recordsAt } from '../../src/ledger/queries/records-of-event.ts';
import { ACCOUNT, type Given, givenLedger } from '../support/given.ts';

const COMPARE = 'face-recognition/compare';
const SEARCH = 'face-recognition/search';
const M = 1_000_000;

const issuedOf = async ({ ledger }: Given, month: string) => {
  const issued = await issuedBill(ledger.store, ACCOUNT, month);
  if (!issued) throw new Error(`${month} has no bill`);
  return issued;
};
const explained = async (given: Given, month: string, meter?: string): Promise<Explanation> => {
  const { store, calendar } = given.ledger;
  const open = { store, calendar, catalogue: given.ledger.catalogue() };
  return explainBill(open, await issuedOf(given, month), meter);
};
const lineOf = async (given: Given, month: string, meter: string): Promise<LineExplained> => {
  const [line] = (await explained(given, month, meter)).lines;
  if (!line) throw new Error(`${month} has no line of ${meter}`);
  return line;
};
const rich = async (): Promise<Given> => {
  const given = await givenLedger(['face-recognition']);
  await given.has('2019-01-01T00:00:00+08:00', 'deposit', { amount: '900000', reference: 'w' });
  return given;
};
const buys = (given: Given, at: string, size = M, pool = COMPARE, quantity = 1) =>
  given.has(at, 'buy-packs', { pool, size, quantity });
const reasons = (line: LineExplained) =>
  Object.fromEntries(line.held.map(({ pack, reason }) => [pack, reason]));
const whyOf = (line: LineExplained, pack: string) => line.held.find((held) => held.pack === pack)?.why;

describe('packs that paid', () => {
  test('stand in the order of deduction: the one that expires first, then the smaller, then by id', async () => {
    const given = await rich();
    await buys(given, '2019-01-02T00:00:00+08:00', 10 * M);
    await buys(given, '2019-01-02T00:00:00+08:00', M, COMPARE, 2);
    await buys(given, '2019-01-01T12:00:00+08:00'.replace('01T12', '03T12'));
    await given.meters('2019-01-10T00:00:00+08:00', COMPARE, 12_510_000 + 10_000);
    await given.closes('2019-01', '2019-02-01T04:00:00+08:00');
    const { held, quantities } = await lineOf(given, '2019-01', COMPARE);
    expect(quantities).toEqual({ metered: 12_520_000, free: 10_000, packs: 12_510_000, postPaid: 0 });
    expect(held.map(({ pack, paid, place }) => [place, pack, paid])).toEqual([
      [1, 'pack-000002', M],
      [2, 'pack-000003', M],
      [3, 'pack-000001', 10 * M],
      [4, 'pack-000004', 510_000],
    ]);
    expect(held.map(({ why }) => why)).toEqual([
      'before pack-000003: it was bought with it, is of its size and has the lower id',
      'after pack-000002, which was bought with it, is of its size and has the lower id; ' +
        'before pack-000001: it was bought with it and is the smaller',
      'after pack-000003, which was bought with it and is the smaller; before pack-000004: it expires first',
      'after pack-000001, which expires first',
    ]);
    // The facts of their purchase: opened, activated, deposited, then the first purchase.
    expect(held.map(({ events }) => events)).toEqual([[4], [4], [3], [5]]);
  });

  test('one alone says so', async () => {
    const given = await rich();
    await buys(given, '2019-01-02T00:00:00+08:00');
    await given.meters('2019-01-10T00:00:00+08:00', COMPARE, 10_001);
    await given.closes('2019-01', '2019-02-01T04:00:00+08:00');
    expect(whyOf(await lineOf(given, '2019-01', COMPARE), 'pack-000001')).toBe(
      'no other pack paid for these calls',
    );
  });
});

describe('a pack did not pay', () => {
  test('because the free calls paid for all', async () => {
    const given = await rich();
    await buys(given, '2019-01-02T00:00:00+08:00');
    await given.meters('2019-01-10T00:00:00+08:00', COMPARE, 10_000);
    await given.closes('2019-01', '2019-02-01T04:00:00+08:00');
    const line = await lineOf(given, '2019-01', COMPARE);
    expect(reasons(line)).toEqual({ 'pack-000001': 'not_needed' });
    expect(whyOf(line, 'pack-000001')).toBe('the free calls paid for all of them');
  });

  test('because packs used before it covered the rest', async () => {
    const given = await rich();
    await buys(given, '2019-01-02T00:00:00+08:00');
    await buys(given, '2019-01-03T00:00:00+08:00');
    await given.meters('2019-01-10T00:00:00+08:00', COMPARE, 20_000);
    await given.closes('2019-01', '2019-02-01T04:00:00+08:00');
    const line = await lineOf(given, '2019-01', COMPARE);
    expect(reasons(line)).toEqual({ 'pack-000001': 'paid', 'pack-000002': 'not_needed' });
    expect(whyOf(line, 'pack-000002')).toBe(
      'the free calls and pack-000001, used before it, paid for all of them',
    );
  });

  test('because it is of another pool', async () => {
    const given = await rich();
    await buys(given, '2019-01-02T00:00:00+08:00', M, 'face-recognition/landmarks');
    await given.meters('2019-01-10T00:00:00+08:00', COMPARE, 20_000);
    await given.closes('2019-01', '2019-02-01T04:00:00+08:00');
    expect(reasons(await lineOf(given, '2019-01', COMPARE))).toEqual({ 'pack-000001': 'other_pool' });
  });

  test('because it was bought after the last call, or had expired before the first', async () => {
    const given = await rich();
    await buys(given, '2019-01-02T00:00:00+08:00');
    await given.meters('2020-01-10T00:00:00+08:00', COMPARE, 20_000);
    await buys(given, '2020-01-11T00:00:00+08:00');
    for (let i = 0; i < 13; i++) {
      const month = `${2019 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, '0')}`;
      await given.closes(month, '2020-02-01T04:00:00+08:00');
    }
    const line = await lineOf(given, '2020-01', COMPARE);
    expect(reasons(line)).toEqual({ 'pack-000001': 'expired_before', 'pack-000002': 'bought_after' });
    // Closed late, with twelve others at once: the calls were recorded thirteen closes back.
    expect([line.quantities.postPaid, line.days.map(({ calls }) => calls)]).toEqual([10_000, [20_000]]);
  });

  test('because other months used it up', async () => {
    const given = await rich();
    await buys(given, '2019-01-02T00:00:00+08:00');
    await given.meters('2019-01-10T00:00:00+08:00', COMPARE, 1_010_000);
    await given.closes('2019-01', '2019-02-01T04:00:00+08:00');
    await given.meters('2019-02-10T00:00:00+08:00', COMPARE, 20_000);
    await given.closes('2019-02', '2019-03-01T04:00:00+08:00');
    const line = await lineOf(given, '2019-02', COMPARE);
    expect(reasons(line)).toEqual({ 'pack-000001': 'used_up_before' });
    expect(whyOf(line, 'pack-000001')).toBe('all its calls paid for 2019-01');
  });

  test('because a credit voided it', async () => {
    const given = await rich();
    await buys(given, '2019-01-02T00:00:00+08:00');
    const credit = { amount: '3100', reference: 'c-1', reason: 'by mistake', pack: 'pack-000001' };
    await given.has('2019-01-03T00:00:00+08:00', 'credit', credit);
    await given.meters('2019-01-10T00:00:00+08:00', COMPARE, 20_000);
    await given.closes('2019-01', '2019-02-01T04:00:00+08:00');
    const line = await lineOf(given, '2019-01', COMPARE);
    expect(reasons(line)).toEqual({ 'pack-000001': 'void' });
    expect(whyOf(line, 'pack-000001')).toBe(
      'it is void since 2019-01-03T00:00:00.000+08:00 by the credit c-1',
    );
    expect(line.held[0]?.events).toEqual([3, 5]);
  });

  test('because what is post-paid was called before it was bought, on the same day', async () => {
    const given = await rich();
    await given.meters('2019-01-12T08:00:00+08:00', COMPARE, 20_000);
    await buys(given, '2019-01-12T10:00:00+08:00');
    await given.closes('2019-01', '2019-02-01T04:00:00+08:00');
    const line = await lineOf(given, '2019-01', COMPARE);
    expect(reasons(line)).toEqual({ 'pack-000001': 'not_in_its_time' });
    expect(whyOf(line, 'pack-000001')).toContain('it was bought at 2019-01-12T10:00:00.000+08:00');
  });
});

describe('quantities by day', () => {
  test('count what a correction takes back on the day of the corrected record, whoever paid', async () => {
    const given = await rich();
    await given.meters('2019-01-10T00:00:00+08:00', COMPARE, 20_000, { id: 'a' });
    await buys(given, '2019-01-12T00:00:00+08:00');
    await given.meters('2019-01-20T00:00:00+08:00', COMPARE, 5, { id: 'b' });
    const back = { source: '/gateway/1', record: 'b', calls: 0, reason: 'a test call' };
    await given.has('2019-01-21T00:00:00+08:00', 'correct-usage', back);
    // The pack paid five; the correction takes post-paid calls back first, so five stay with it.
    await given.closes('2019-01', '2019-02-01T04:00:00+08:00');
    const line = await lineOf(given, '2019-01', COMPARE);
    expect(line.packs).toEqual([{ pack: 'pack-000001', calls: 5 }]);
    expect(line.quantities).toEqual({ metered: 20_000, free: 10_000, packs: 5, postPaid: 9_995 });
    expect(line.days.map(({ day, calls, packs, postPaid }) => [day, calls, packs, postPaid])).toEqual([
      ['2019-01-10', 20_000, 0, 10_000],
      ['2019-01-20', 0, 5, -5],
    ]);
  });
});

describe('sums and corrections', () => {
  test('name their arithmetic and the facts that moved the money', async () => {
    const given = await rich();
    await buys(given, '2019-01-02T00:00:00+08:00', 50 * M, SEARCH);
    await given.meters('2019-01-10T00:00:00+08:00', SEARCH, 52_000_000);
    await given.closes('2019-01', '2019-02-01T04:00:00+08:00');
    const { totals, events, lines } = await explained(given, '2019-01');
    expect(totals.due).toEqual({
      amount: '6368.00',
      formula: '6368.00 = 6368.00',
      events: [events.closed + 1],
    });
    expect(totals.packs).toEqual({ amount: '142500.00', formula: '142500.00 = 142500.00', events: [3] });
    expect(totals.total.formula).toBe('6368.00 + 142500.00 = 148868.00');
    expect(totals.unfrozen.formula).toBe('nothing was frozen');
    expect(totals.frozen).toMatchObject({
      outcome: 'frozen',
      events: [events.closed + 2],
      byProduct: [{ basis: '6368 × 1.2 = 7641.6', meters: [{ meter: SEARCH, cost: '6368' }] }],
    });
    expect(lines[0]?.formula).toBe('(52000000 − 50000000 − 10000) × 0.0032 = 6368');
    await given.closes('2019-02', '2019-03-01T04:00:00+08:00');
    const next = await explained(given, '2019-02');
    expect([next.totals.unfrozen.amount, next.totals.unfrozen.events]).toEqual([
      '7641.60',
      [events.closed + 2, next.events.closed + 1],
    ]);
  });

  test('a correction line names the late usage, corrections and contract that led to it', async () => {
    const given = await rich();
    await buys(given, '2019-01-02T00:00:00+08:00', M, SEARCH);
    await given.meters('2019-01-10T00:00:00+08:00', COMPARE, 20_000, { id: 'a' });
    await given.closes('2019-01', '2019-02-01T04:00:00+08:00');
    const { events } = await explained(given, '2019-01');
    await given.meters('2019-02-02T00:00:00+08:00', COMPARE, 7, { time: '2019-01-31T00:00:00+08:00' });
    const back = { source: '/gateway/1', record: 'a', calls: 19_000, reason: 'a gateway counted twice' };
    await given.has('2019-02-03T00:00:00+08:00', 'correct-usage', back);
    const tiers = [{ above: 0, upTo: null, unitPrice: '0.002' }];
    const ladder = { mode: 'volume', tierBy: 'post_paid', bounds: 'upper', per: 1, tiers };
    await given.has('2019-02-04T00:00:00+08:00', 'agree-price', { meter: COMPARE, from: '2019-01', ladder });
    await given.closes('2019-02', '2019-03-01T04:00:00+08:00');
    const { corrections } = await explained(given, '2019-02');
    expect(corrections).toMatchObject([
      {
        month: '2019-01',
        calls: -993,
        billed: { calls: 20_000, amount: '32.00' },
        now: { calls: 19_007, amount: '18.01' },
        amount: '-13.99',
        facts: [
          { what: 'late_usage', calls: 7 },
          { what: 'correction', calls: -1_000 },
          { what: 'contract' },
        ],
      },
    ]);
    expect(corrections[0]?.facts.every(({ event }) => event > events.closed)).toBe(true);
    expect(corrections[0]?.why.join()).toContain('packs are not touched');
  });
});

test('records come page by page, by day and by fact, each with who paid', async () => {
  const given = await rich();
  await buys(given, '2019-01-02T00:00:00+08:00');
  await given.meters('2019-01-10T00:00:00+08:00', COMPARE, 10_003, { id: 'a' });
  await given.meters('2019-01-11T00:00:00+08:00', COMPARE, 2, { id: 'b' });
  await given.meters('2019-01-11T00:00:00+08:00', SEARCH, 2, { id: 'c' });
  await given.closes('2019-01', '2019-02-01T04:00:00+08:00');
  const issued = await issuedOf(given, '2019-01');
  const { store, calendar } = given.ledger;
  const from = await firstUsageOf(store, issued);
  const { stream, to } = issued.bill.events;
  const open = { store, calendar, catalogue: given.ledger.catalogue() };
  const read = (revision: number) => recordsAt(store, stream, revision);
  const of = { ...open, stream, month: '2019-01', from, to, recordsAt: read };
  const page = await recordsPage({ ...of, meter: COMPARE }, 1);
  expect(page).toMatchObject({
    items: [
      {
        id: 'a',
        calls: 10_003,
        paid: { free: 10_000, packs: [{ pack: 'pack-000001', calls: 3 }], postPaid: 0 },
      },
    ],
    next: '5-0',
  });
  const ids = async (more: object) => (await recordsPage({ ...of, ...more }, 10)).items.map(({ id }) => id);
  expect(await ids({ after: { event: 5, index: 0 }, meter: COMPARE })).toEqual(['b']);
  expect(await ids({ day: '2019-01-11' })).toEqual(['b', 'c']);
  expect(await ids({ event: 4 })).toEqual(['a']);
  expect(await ids({ event: 3 })).toEqual([]);
});
