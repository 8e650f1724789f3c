/** The oracle's own proof: every worked example of the price pages, and rules that the pages leave to rules.md. */
import { describe, expect, test } from 'vitest';
import { runLife } from './oracle.ts';
import { at, billOf, buy, calls, close, februaryBill, lifeOn, pageBook } from './worked.ts';

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

describe('rules that the pages leave open', () => {
  const small = (more: Parameters<typeof pageBook>[0]['more'], graceDays = 0) =>
    pageBook({
      bounds: [0, 10, 100],
      prices: ['0.50', '0.30', null],
      allowance: 5,
      packs: [{ size: 7, price: '3' }],
      more: { arrears: { graceDays }, ...more },
    });

  test('per 1,000 is in proportion: 1,500 units at 2.2 cost 3.30', () => {
    const page = { bounds: [0], prices: ['2.2'], allowance: 0, packs: [], ladder: { per: 1000 } } as const;
    expect(februaryBill(pageBook(page), 1500).lines[0]).toMatchObject({ exact: '3.3', amount: '3.30' });
  });

  test('graduated: the post-paid calls are the last ones, the voucher is the first', () => {
    const book = pageBook({
      bounds: [0, 10, 100],
      prices: ['0.5', '0.3', '0.1'],
      allowance: 12,
      packs: [],
      allowanceMore: { grant: 'voucher' },
      ladder: { mode: 'graduated', tierBy: 'metered' },
    });
    expect(februaryBill(book, 105).lines[0]).toMatchObject({
      bands: [
        { above: 10, upTo: 100, quantity: 88, unitPrice: '0.3', amount: '26.4' },
        { above: 100, upTo: null, quantity: 5, unitPrice: '0.1', amount: '0.5' },
      ],
      voucher: '5.60', // 10 × 0.5 + 2 × 0.3
      amount: '26.90',
    });
  });

  test('a pack pays from its purchase until the instant before its expiry; 29 February expires on 28 February', () => {
    const book = small({});
    const lines = [
      { at: at('2020-02-29T12:00:00'), command: 'buy-packs', pool: 'x/p', size: 7, quantity: 2 } as const,
      ...Array.from({ length: 24 }, (_, i) => {
        const month = `${2019 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, '0')}`;
        return close(month, '2021-01-01T04:00:00');
      }),
      close('2021-01', '2021-02-01T04:00:00'),
      calls('2021-02-28T11:59:59.999', 6, '2021-02-28T12:00:00'),
      calls('2021-02-28T12:00:00', 1, '2021-02-28T12:00:00'),
      close('2021-02', '2021-03-01T04:00:00'),
    ];
    const outcome = runLife(lifeOn(book, lines));
    expect(billOf(outcome, '2021-02').lines[0]).toMatchObject({ free: 5, packs: 1, postPaid: 1 });
    expect(outcome.packs.map((pack) => [pack.forfeited, pack.state])).toEqual([
      [6, 'expired'],
      [7, 'expired'],
    ]);
  });

  test('a correction downward takes post-paid calls first, then packs, then free ones', () => {
    const lines = [
      buy('2019-01-02T00:00:00', 7),
      calls('2019-01-03T00:00:00', 14, undefined, 'first'),
      calls('2019-01-04T00:00:00', 1),
    ];
    const correct = { command: 'correct-usage', source: '/gw', record: 'first', reason: 'wrong' } as const;
    const told = (count: number) => {
      const corrected = { at: at('2019-01-05T00:00:00'), ...correct, calls: count };
      const outcome = runLife(
        lifeOn(small({}), [...lines, corrected, close('2019-01', '2019-02-01T04:00:00')]),
      );
      const line = billOf(outcome, '2019-01').lines[0];
      return [line?.free, line?.packs, line?.postPaid, outcome.packs[0]?.remaining];
    };
    expect([14, 12, 11, 5, 0].map(told)).toEqual([
      [5, 7, 3, 0],
      [5, 7, 1, 0],
      [5, 7, 0, 0],
      [5, 1, 0, 6],
      [1, 0, 0, 7],
    ]);
  });

  test('late usage uses the free calls left, then is post-paid, and comes as a correction on the next bill', () => {
    const outcome = runLife(
      lifeOn(small({}), [
        calls('2019-01-03T00:00:00', 3),
        buy('2019-01-03T00:00:00', 7),
        close('2019-01', '2019-02-01T04:00:00'),
        calls('2019-01-09T00:00:00', 6, '2019-02-02T00:00:00'),
        close('2019-02', '2019-03-01T04:00:00'),
      ]),
    );
    const corrections = [{ month: '2019-01', meter: 'x/m', calls: 6, amount: '2.00' }];
    expect(billOf(outcome, '2019-02')).toMatchObject({ lines: [], corrections, due: '2.00' });
    expect(outcome.packs[0]?.remaining).toBe(7);
  });

  test('a freeze that fails suspends where the book says so, until a deposit covers it', () => {
    const book = small({ freeze: { rate: '1.2', of: 'list', onFailure: 'suspend' } });
    const deposit = (time: string, amount: string) =>
      ({ at: at(time), command: 'deposit', amount, reference: time }) as const;
    const lines = [calls('2019-01-03T00:00:00', 15), close('2019-01', '2019-02-01T04:00:00')];
    const failed = runLife(lifeOn(book, lines, '5.00'));
    expect(failed).toMatchObject({
      suspensions: ['freeze_failed'],
      balance: { total: '0.00', frozen: '0.00' },
    });
    const short = runLife(lifeOn(book, [...lines, deposit('2019-02-02T00:00:00', '5.99')], '5.00'));
    expect(short.status).toBe('suspended');
    const enough = runLife(lifeOn(book, [...lines, deposit('2019-02-02T00:00:00', '6.00')], '5.00'));
    expect(enough).toMatchObject({
      status: 'active',
      balance: { total: '6.00', available: '0.00', frozen: '6.00' },
    });
  });

  test('arrears suspend when the grace is over, and calls from that instant on are refused', () => {
    const lines = [
      calls('2019-01-03T00:00:00', 15),
      close('2019-01', '2019-02-01T04:00:00'),
      calls('2019-02-04T03:59:59.999', 1, '2019-02-05T00:00:00'),
      calls('2019-02-04T04:00:00', 1, '2019-02-05T00:00:00'),
    ];
    const outcome = runLife(lifeOn(small({}, 3), lines, '0.00'));
    expect(outcome.answers.slice(-2)).toEqual([['accepted'], ['suspended']]);
    expect(outcome).toMatchObject({ suspensions: ['arrears'], balance: { total: '-5.00' } });
  });

  test('an unpriced tier is not closed until a price is agreed, also for an earlier month', () => {
    const tiers = [{ above: 0, upTo: null, unitPrice: '0.1' }];
    const ladder = { mode: 'volume', tierBy: 'post_paid', bounds: 'upper', per: 1, tiers } as const;
    const agree = { command: 'agree-price', meter: 'x/m', from: '2019-01', ladder } as const;
    const lines = [
      calls('2019-01-03T00:00:00', 106),
      close('2019-01', '2019-02-01T04:00:00'),
      { at: at('2019-02-01T05:00:00'), ...agree },
      close('2019-01', '2019-02-01T06:00:00'),
    ];
    const outcome = runLife(lifeOn(small({}), lines));
    expect(outcome.answers.slice(-3)).toEqual([
      { ok: false, code: 'price_not_agreed' },
      { ok: true },
      { ok: true },
    ]);
    expect(billOf(outcome, '2019-01').due).toBe('10.10');
  });
});
