/** Rules that the price pages leave to rules.md, on a small book. */
import { describe, expect, test } from 'vitest';
import { runLife } from './oracle.ts';
import { at, billOf, buy, calls, close, februaryBill, lifeOn, pageBook } from './worked.ts';

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
