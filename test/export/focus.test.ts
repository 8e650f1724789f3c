/** Bills as FOCUS 1.2 rows: what is billed adds up to the bill, line by line and in total. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Bill } from '../../src/domain/bill.ts';
import { exact, rounded, sum } from '../../src/domain/money.ts';
import { csvFile } from '../../src/exports/csv.ts';
import { FOCUS_COLUMNS } from '../../src/exports/focus-columns.ts';
import { focusOf } from '../../src/exports/focus-csv.ts';
import { EVERYTHING, type Period, periodOf } from '../../src/exports/period.ts';
import { ACCOUNT, type Given, givenLedger } from '../support/given.ts';
import { runs } from '../support/proof.ts';
import { recordsOf, whole } from './parsed-csv.ts';

const rowsOf = async (given: Given, period: Period = EVERYTHING) => {
  const { store, calendar } = given.ledger;
  const from = { store, calendar, catalogue: given.ledger.catalogue(), period, provider: '示例公司' };
  return recordsOf(await whole(csvFile(FOCUS_COLUMNS, focusOf(from, ACCOUNT))));
};
type Row = Awaited<ReturnType<typeof rowsOf>>[number];

/** What FOCUS 1.2 asks of every row here. */
const expectSound = (row: Row): void => {
  for (const column of [
    'BilledCost',
    'EffectiveCost',
    'ListCost',
    'ContractedCost',
    'BillingAccountId',
    'BillingPeriodStart',
    'ChargeFrequency',
    'InvoiceId',
    'ProviderName',
    'PublisherName',
    'InvoiceIssuerName',
    'ServiceName',
    'ServiceCategory',
  ])
    expect(row[column], column).not.toBe('');
  expect(row['BillingCurrency']).toBe('CNY');
  for (const column of ['BillingPeriodStart', 'BillingPeriodEnd', 'ChargePeriodStart', 'ChargePeriodEnd'])
    expect(row[column]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/);
  expect(['Usage', 'Purchase', 'Credit']).toContain(row['ChargeCategory']);
  if (row['ChargeCategory'] === 'Purchase') expect(row['ChargeFrequency']).not.toBe('Usage-Based');
  if (row['ChargeCategory'] !== 'Usage') expect(row['ConsumedQuantity']).toBe('');
  if (row['ChargeClass'] === 'Correction' || row['ChargeCategory'] === 'Credit') return;
  const quantity = exact(row['PricingQuantity'] ?? '');
  for (const kind of ['List', 'Contracted'])
    expect(quantity.times(row[`${kind}UnitPrice`] ?? '').equals(row[`${kind}Cost`] ?? ''), kind).toBe(true);
  expect(row['SkuId'] && row['SkuPriceId'] && row['PricingCategory'] && row['PricingUnit']).toBeTruthy();
};

const expectAddsUp = (bill: Bill, rows: readonly Row[]): void => {
  const own = rows.filter((row) => row['InvoiceId'] === bill.digest);
  expect(rounded(own.reduce((total, row) => total.plus(row['BilledCost'] ?? ''), exact(0)))).toBe(bill.total);
  for (const line of bill.lines) {
    const parts = own.filter(
      (row) => row['SkuId'] === line.meter && row['ChargeCategory'] === 'Usage' && row['ChargeClass'] === '',
    );
    expect(sum(parts.map((row) => row['BilledCost'] ?? ''))).toBe(line.amount);
    expect(parts.reduce((n, row) => n + Number(row['ConsumedQuantity']), 0)).toBe(line.metered);
  }
};

const PACK = { pool: 'face-recognition/compare', size: 1_000_000, quantity: 1 };
const rich = async (products = ['face-recognition']): Promise<Given> => {
  const given = await givenLedger(products);
  await given.has('2019-01-01T00:00:00+08:00', 'deposit', { amount: '900000', reference: 'w' });
  return given;
};

describe('a month', () => {
  test('with free, packed and post-paid calls has a row for each, and the pack as a purchase', async () => {
    const given = await rich();
    await given.has('2019-01-02T00:00:00+08:00', 'buy-packs', PACK);
    await given.meters('2019-01-03T00:00:00+08:00', PACK.pool, 1_110_000);
    const bill = await given.closes('2019-01', '2019-02-01T04:00:00+08:00');
    const rows = await rowsOf(given);
    const [postPaid, free, packs, purchase] = rows;
    expect(rows).toHaveLength(4);
    expect(postPaid).toMatchObject({
      ConsumedQuantity: '100000',
      BilledCost: '320.00',
      ContractedUnitPrice: '0.0032',
      ListUnitPrice: '0.0032',
      PricingUnit: 'call',
      ProviderName: '示例公司',
    });
    expect(free).toMatchObject({ ConsumedQuantity: '10000', BilledCost: '0', EffectiveCost: '0' });
    expect(packs).toMatchObject({
      ConsumedQuantity: '1000000',
      BilledCost: '0',
      EffectiveCost: '3100',
      PricingCategory: 'Other',
    });
    expect(purchase).toMatchObject({
      ChargeCategory: 'Purchase',
      BilledCost: '3100.00',
      EffectiveCost: '0',
      x_PackId: 'pack-000001',
    });
    for (const row of rows) expectSound(row);
    expectAddsUp(bill, rows);
  });

  test('that corrects another has Correction rows in the charge period of the other', async () => {
    const given = await rich();
    await given.meters('2019-01-03T00:00:00+08:00', PACK.pool, 110_000, { id: 'r' });
    await given.closes('2019-01', '2019-02-01T04:00:00+08:00');
    await given.has('2019-02-02T00:00:00+08:00', 'correct-usage', {
      source: '/gateway/1',
      record: 'r',
      calls: 60_000,
      reason: '=too many',
    });
    const bill = await given.closes('2019-02', '2019-03-01T04:00:00+08:00');
    const rows = await rowsOf(given);
    const correction = rows.filter((row) => row['ChargeClass'] === 'Correction');
    expect(correction).toMatchObject([
      {
        ChargeCategory: 'Usage',
        BilledCost: '-160.00',
        ConsumedQuantity: '-50000',
        ChargePeriodStart: '2019-01-01T00:00:00+08:00',
        ChargePeriodEnd: '2019-02-01T00:00:00+08:00',
        BillingPeriodStart: '2019-02-01T00:00:00+08:00',
        InvoiceId: bill.digest,
        PricingQuantity: '',
        ListUnitPrice: '',
      },
    ]);
    for (const row of rows) expectSound(row);
    expectAddsUp(bill, rows);
    expect(await rowsOf(given, periodOf(given.ledger.calendar, { month: '2019-02' }))).toEqual(correction);
  });

  test('with a credit shows it billed at nothing: it was paid already', async () => {
    const given = await rich();
    await given.has('2019-01-03T00:00:00+08:00', 'credit', {
      amount: '12.5',
      reference: 'c',
      reason: 'sorry',
    });
    const bill = await given.closes('2019-01', '2019-02-01T04:00:00+08:00');
    const rows = await rowsOf(given);
    expect(rows).toMatchObject([
      { ChargeCategory: 'Credit', BilledCost: '0', EffectiveCost: '0', x_CreditedAmount: '12.50' },
    ]);
    for (const row of rows) expectSound(row);
    expectAddsUp(bill, rows);
  });

  test('by a contract shows its price beside the list price', async () => {
    const given = await rich();
    const ladder = {
      mode: 'volume',
      tierBy: 'post_paid',
      bounds: 'upper',
      per: 1000,
      tiers: [{ above: 0, upTo: null, unitPrice: '2.2' }],
    };
    await given.has('2019-01-01T00:00:00+08:00', 'agree-price', {
      meter: PACK.pool,
      from: '2019-01',
      ladder,
    });
    await given.meters('2019-01-03T00:00:00+08:00', PACK.pool, 11_500);
    const bill = await given.closes('2019-01', '2019-02-01T04:00:00+08:00');
    const rows = await rowsOf(given);
    expect(rows[0]).toMatchObject({
      PricingQuantity: '1.5',
      PricingUnit: '1000 call',
      ContractedUnitPrice: '2.2',
      BilledCost: '3.30',
      ListUnitPrice: '3.2',
      ListCost: '4.8',
    });
    for (const row of rows) expectSound(row);
    expectAddsUp(bill, rows);
  });

  test('at a discount shows the discounted price beside the list price', async () => {
    const given = await rich();
    await given.has('2019-01-01T00:00:00+08:00', 'agree-price', {
      ...{ meter: PACK.pool, from: '2019-01', discount: '0.85' },
    });
    await given.meters('2019-01-03T00:00:00+08:00', PACK.pool, 11_500);
    const bill = await given.closes('2019-01', '2019-02-01T04:00:00+08:00');
    const rows = await rowsOf(given);
    expect(rows[0]).toMatchObject({
      PricingQuantity: '1500',
      ContractedUnitPrice: '0.00272',
      ContractedCost: '4.08',
      BilledCost: '4.08',
      ListUnitPrice: '0.0032',
      ListCost: '4.8',
    });
    for (const row of rows) expectSound(row);
    expectAddsUp(bill, rows);
  });
});

test("whatever happened, a bill's rows add up to it", async () => {
  const price = fc.integer({ min: 1, max: 99_999 }).map((n) => (n / 100_000).toFixed(5));
  const ladder = fc.record({
    mode: fc.constantFrom('volume', 'graduated'),
    tierBy: fc.constantFrom('post_paid', 'post_paid_and_free', 'metered'),
    bounds: fc.constantFrom('upper', 'lower'),
    per: fc.constantFrom(1, 1_000, 10_000),
    tiers: fc.tuple(price, price, price).map(([a, b, c]) => [
      { above: 0, upTo: 777, unitPrice: a },
      { above: 777, upTo: 30_001, unitPrice: b },
      { above: 30_001, upTo: null, unitPrice: c },
    ]),
  });
  const calls = fc.integer({ min: 1, max: 60_000 });
  const life = fc.record({
    ladder: fc.option(ladder),
    packs: fc.integer({ min: 0, max: 2 }),
    usage: fc.array(
      fc.tuple(fc.constantFrom('face-recognition/compare', 'ocr/id-card', 'ocr/bank-card'), calls),
      { maxLength: 5 },
    ),
    late: fc.option(calls),
    corrected: fc.option(fc.integer({ min: 0, max: 70_000 })),
    credit: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(life, async ({ ladder: agreed, packs, usage, late, corrected, credit }) => {
      const given = await rich(['face-recognition', 'ocr']);
      const at = '2019-01-05T00:00:00+08:00';
      if (agreed) await given.has(at, 'agree-price', { meter: PACK.pool, from: '2019-01', ladder: agreed });
      if (packs > 0) await given.has(at, 'buy-packs', { ...PACK, quantity: packs });
      for (const [i, [iface, n]] of usage.entries()) await given.meters(at, iface, n, { id: `u${i}` });
      if (credit) await given.has(at, 'credit', { amount: '7', reference: 'c', reason: 'r' });
      const bills = [await given.closes('2019-01', '2019-02-01T04:00:00+08:00')];
      const then = '2019-02-05T00:00:00+08:00';
      if (late !== null) await given.meters(then, PACK.pool, late, { time: at });
      if (corrected !== null && usage.length > 0)
        await given.has(then, 'correct-usage', {
          source: '/gateway/1',
          record: 'u0',
          calls: corrected,
          reason: 'r',
        });
      bills.push(await given.closes('2019-02', '2019-03-01T04:00:00+08:00'));
      const rows = await rowsOf(given);
      for (const row of rows) expectSound(row);
      for (const bill of bills) expectAddsUp(bill, rows);
    }),
    { seed: 11, numRuns: runs('FOCUS rows add up to their bill', 20, 3_000) },
  );
});
