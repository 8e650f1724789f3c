/** The oracle's own proof: every worked example of the price pages. */
import { describe, expect, test } from 'vitest';
import { runLife } from './oracle.ts';
import { billOf, buy, close, februaryBill, lifeOn, pageBook } from './worked.ts';

const M = 1_000_000;
const BIG = [0, 3 * M, 15 * M] as const;
const image = pageBook({
  bounds: BIG,
  prices: ['0.0011', '0.0009', '0.0007'],
  allowance: 10_000,
  packs: [{ size: 10 * M, price: '9200' }],
  allowanceMore: { inFirstMonth: false },
  more: { freeze: { rate: '1.2', of: 'list', onFailure: 'notify' } },
});
const face = (...prices: readonly string[]) =>
  pageBook({
    bounds: BIG,
    prices,
    allowance: 10_000,
    packs: [
      { size: 10 * M, price: '30400' },
      { size: 50 * M, price: '142500' },
    ],
    more: { freeze: { rate: '1.2', of: 'list', onFailure: 'suspend' } },
  });
const compare = face('0.0032', '0.003', '0.0027');
const ocrPacks = [
  { size: 1000, price: '120' },
  { size: 10_000, price: '800' },
];
const ocrPrices = ['0.15', '0.10', '0.06', null];
const ocr2019 = pageBook({
  bounds: [1000, 10_000, 100_000, M],
  prices: ocrPrices,
  allowance: 1000,
  packs: ocrPacks,
  allowanceMore: { grant: 'voucher' },
  ladder: { tierBy: 'post_paid_and_free' },
  more: { freeze: { rate: '1.2', of: 'bill', onFailure: 'notify' } },
});
const ocr2020 = pageBook({
  bounds: [0, 10_000, 100_000, M],
  prices: ocrPrices,
  allowance: 1000,
  packs: ocrPacks,
  more: { freeze: { rate: '1', of: 'list', onFailure: 'notify' } },
});

describe('worked examples of the price pages', () => {
  test.each([
    ['image, pre-paid two', image, 11 * M, 10 * M, '1089.00', '10289.00'],
    ['image, post-paid one', image, M, undefined, '1089.00', '1089.00'],
    ['image, post-paid two', image, 5 * M, undefined, '4491.00', '4491.00'],
    ['image, post-paid three', image, 16 * M, undefined, '11193.00', '11193.00'],
    ['face, pre-paid two', compare, 52 * M, 50 * M, '6368.00', '148868.00'],
    ['face, post-paid one', face('0.002', '0.0018', '0.0015'), M, undefined, '1980.00', '1980.00'],
    ['face, post-paid two', compare, 3.5 * M, undefined, '10470.00', '10470.00'],
    ['face, post-paid three', face('0.0019', '0.0017', '0.0013'), 5 * M, undefined, '8483.00', '8483.00'],
    ['ocr 2019 one', ocr2019, 900, undefined, '0.00', '0.00'],
    ['ocr 2019 two', ocr2019, 9000, undefined, '1200.00', '1200.00'],
    ['ocr 2019 three', ocr2019, 90_000, undefined, '8900.00', '8900.00'],
    ['ocr 2019 four', ocr2019, 900_000, undefined, '53940.00', '53940.00'],
    ['ocr 2019 seven', ocr2019, 2500, 1000, '75.00', '195.00'],
    ['ocr 2020, pre-paid two', ocr2020, 2500, 1000, '75.00', '195.00'],
    ['ocr 2020 one', ocr2020, 900, undefined, '0.00', '0.00'],
    ['ocr 2020 two', ocr2020, 9000, undefined, '1200.00', '1200.00'],
    ['ocr 2020 three', ocr2020, 90_000, undefined, '8900.00', '8900.00'],
    ['ocr 2020 four', ocr2020, 900_000, undefined, '53940.00', '53940.00'],
  ] as const)('%s', (_, book, count, pack, due, total) => {
    const bill = februaryBill(book, count, pack);
    expect([bill.due, bill.total]).toEqual([due, total]);
  });

  test.each([
    ['image, pre-paid one', image, 10 * M, 3, '27600.00'],
    ['face, pre-paid one', compare, 10 * M, 3, '91200.00'],
    ['ocr 2019 five', ocr2019, 1000, 3, '360.00'],
    ['ocr 2019 six, small packs', ocr2019, 1000, 7, '840.00'],
    ['ocr 2019 six, one pack', ocr2019, 10_000, 1, '800.00'],
  ] as const)('packs: %s', (_, book, size, quantity, price) => {
    const outcome = runLife(
      lifeOn(book, [buy('2019-01-02T00:00:00', size, quantity), close('2019-01', '2019-02-01T04:00:00')]),
    );
    expect(billOf(outcome, '2019-01')).toMatchObject({
      packPurchases: quantity,
      packsTotal: price,
      due: '0.00',
      total: price,
    });
  });

  test('a voucher line: 9000 × 0.15 − 1000 × 0.15 = 1200; frozen 120 % of the bill', () => {
    const bill = februaryBill(ocr2019, 9000);
    const line = {
      free: 1000,
      postPaid: 8000,
      voucher: '150.00',
      exact: '1200',
      amount: '1200.00',
      unitPrice: '0.15',
    };
    expect(bill.lines[0]).toMatchObject(line);
    expect(bill.frozen).toEqual({ total: '1440.00', byProduct: [{ product: 'x', amount: '1440.00' }] });
    const small = { tier: null, unitPrice: null, voucher: '0.00', amount: '0.00' };
    expect(februaryBill(ocr2019, 1000).lines[0]).toMatchObject(small);
  });

  test.each([
    [ocr2019, 1_000_000, '0.06'],
    [ocr2020, 1_001_000, '0.06'],
    [ocr2020, 11_000, '0.15'],
    [ocr2020, 11_001, '0.10'],
    [compare, 3_010_000, '0.0032'],
    [compare, 3_010_001, '0.003'],
  ] as const)('bounds include their upper end (%#)', (book, count, price) => {
    expect(februaryBill(book, count).lines[0]?.unitPrice).toBe(price);
  });
});
