/** CloseMonth: when, in which order, and the bill that it issues (rules.md, section 7). */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Bill } from '../../src/domain/bill.ts';
import { type AccountEvent, event } from '../../src/domain/events.ts';
import { feb, jan, justBefore, mar } from '../support/days.ts';
import { ladder, vision } from './books.ts';
import { given } from './decider.ts';
import {
  activated,
  bought,
  closed,
  deposited,
  frozen,
  metered,
  notice,
  opened,
  settled,
  told,
} from './facts.ts';

const close = (month = '2019-01') => ({ name: 'close-month', body: { month } }) as const;
const CLOSED = { type: 'MonthClosed' };
const TOLD = { type: 'NoticesRaised' };
const services = { vision: jan(1) };
const NOON = jan(10, '12:00');

describe('when', () => {
  const account = [opened(), activated()];

  test('from the first instant of the next month on, in the billing zone', () => {
    given(...account)
      .when(close(), justBefore(feb(1)))
      .thenRefused('month_not_over', { month: '2019-01' });
    given(...account)
      .when(close(), feb(1))
      .thenLike(CLOSED, TOLD);
  });

  test('months close in order, from the one in which the account was opened', () => {
    const asked = (month: string, openedAt: number) => given(opened(openedAt)).when(close(month), mar(5));
    asked('2019-02', justBefore(feb(1))).thenRefused('month_out_of_order', {
      month: '2019-02',
      due: '2019-01',
    });
    asked('2019-01', justBefore(feb(1))).thenLike(CLOSED, TOLD);
    asked('2019-01', feb(1)).thenRefused('month_out_of_order', { month: '2019-01', due: '2019-02' });
    asked('2019-02', feb(1)).thenLike(CLOSED, TOLD);
  });

  test('none is left out after a close', () => {
    given(opened(), closed('2019-01', feb(1)))
      .when(close('2019-03'), mar(5) + 31 * 86_400_000)
      .thenRefused('month_out_of_order', { month: '2019-03', due: '2019-02' });
  });

  test('one that is closed is closed no second time', () => {
    given(opened(), closed('2019-01', feb(1)))
      .when(close(), feb(5))
      .thenNothing();
    given(opened(), closed('2019-01', feb(1)))
      .when(close('2018-12'), feb(5))
      .thenRefused('month_out_of_order', { month: '2018-12', due: '2019-02' });
  });
});

describe('the bill', () => {
  const AT = feb(1, '04:00');
  const history = [
    opened(),
    activated(),
    deposited('100'),
    bought(jan(2)),
    metered(NOON, { free: 10, runs: [['pack-000001', 20]], postPaid: 50 }),
  ];
  const billOf = (facts: readonly AccountEvent[]): Bill => {
    const first = facts.find((fact) => fact.type === 'MonthClosed');
    if (first?.type !== 'MonthClosed') throw new Error('no month was closed');
    return first.data.bill;
  };

  test('says who paid, the tier, the price, a formula, what is due and what is to be frozen', () => {
    const bill = billOf(
      given(...history)
        .when(close(), AT)
        .facts(),
    );
    expect(bill).toStrictEqual({
      account: 'acme',
      month: '2019-01',
      status: 'issued',
      currency: 'CNY',
      issuedAt: '2019-01-31T20:00:00.000Z',
      lines: [
        {
          product: 'vision',
          meter: 'vision/calls',
          name: { zh: 'vision/calls', en: 'vision/calls' },
          metered: 80,
          free: 10,
          packs: 20,
          postPaid: 50,
          tier: { above: 0, upTo: 100 },
          unitPrice: '0.5',
          exact: '25',
          voucher: '0.00',
          amount: '25.00',
          formula: '(80 − 20 − 10) × 0.5 = 25',
        },
      ],
      packPurchases: [{ pack: 'pack-000001', pool: 'vision/tags', size: 100, price: '8.00' }],
      corrections: [],
      credits: [],
      due: '25.00',
      packsTotal: '8.00',
      total: '33.00',
      unfrozen: '0.00',
      frozen: {
        total: '30.00',
        byProduct: [{ product: 'vision', amount: '30.00', basis: '25 × 1.2 = 30' }],
      },
      priceBooks: [{ product: 'vision', edition: '2019-01', digest: 'vision 2019-01' }],
      ratingVersion: '2',
      events: { stream: 'account-acme', from: 0, to: 5, head: 'hash of the last fact' },
      digest: bill.digest,
    });
  });

  test('is followed in one append by what it takes, and its holder is told', () => {
    const facts = given(...history)
      .when(close(), AT)
      .facts();
    expect(facts.slice(1)).toStrictEqual([
      settled('25.00', AT, '2019-01'),
      frozen('30.00', AT, '2019-01'),
      told(AT, 0, notice('bill_issued', { month: '2019-01', due: '25.00', total: '33.00' })),
    ]);
  });

  test('has a digest: the SHA-256 of its other members as canonical JSON', () => {
    const { digest, ...others } = billOf(
      given(...history)
        .when(close(), AT)
        .facts(),
    );
    expect(digest).toBe(createHash('sha256').update(canonical(others)).digest('hex'));
  });

  test('names how many editions had been published', () => {
    given(...history)
      .when(close(), AT)
      .thenLike({ data: { catalogue: 2 } }, {}, {}, {});
    given(...history)
      .under(vision)
      .when(close(), AT)
      .thenLike({ data: { catalogue: 1 } }, {}, {}, {});
  });

  test('has the packs bought in the month, by the billing zone', () => {
    const packs = [
      bought(justBefore(feb(1)), { packs: ['pack-000001'] }),
      bought(feb(1), { packs: ['pack-000002'] }),
    ];
    const bill = billOf(
      given(opened(), activated(), deposited('100'), ...packs)
        .when(close(), AT)
        .facts(),
    );
    expect(bill.packPurchases.map(({ pack }) => pack)).toEqual(['pack-000001']);
    expect([bill.due, bill.packsTotal, bill.total]).toEqual(['0.00', '8.00', '8.00']);
  });

  test('has no line of calls that nobody is charged for, and is of nothing where nothing was used', () => {
    const bill = billOf(given(opened(), activated()).when(close(), AT).facts());
    expect([bill.lines, bill.due, bill.total, bill.frozen]).toEqual([
      [],
      '0.00',
      '0.00',
      { total: '0.00', byProduct: [] },
    ]);
  });

  test('shows the credits since the last one, once', () => {
    const credit = event('CreditGranted', jan(20), {
      amount: '5.00',
      reference: 'c',
      reason: 'goodwill',
      pack: null,
    });
    const january = given(opened(), credit).when(close(), AT).facts();
    expect(billOf(january).credits).toEqual([{ amount: '5.00', reason: 'goodwill' }]);
    const february = given(opened(), credit, ...january)
      .when(close('2019-02'), mar(1))
      .facts();
    expect(billOf(february).credits).toEqual([]);
  });

  test('shows the disputes that are open, and once those that were resolved', () => {
    const dispute = (n: number) =>
      event('DisputeOpened', feb(2), {
        dispute: `acme:${n}`,
        month: '2019-01',
        meter: null,
        reason: 'x',
        by: null,
      });
    const resolved = event('DisputeResolved', feb(3), {
      dispute: 'acme:1',
      outcome: 'upheld',
      note: 'counted again',
      by: null,
      credit: null,
      corrections: [],
    });
    const before = [opened(), closed('2019-01', feb(1)), dispute(1), dispute(2), resolved];
    const february = given(...before)
      .when(close('2019-02'), mar(1))
      .facts();
    const shown = (facts: readonly AccountEvent[]) =>
      billOf(facts).disputes?.map((one) => [one.dispute, one.state]);
    expect(shown(february)).toEqual([
      ['acme:1', 'upheld'],
      ['acme:2', 'open'],
    ]);
    const march = given(...before, ...february)
      .when(close('2019-03'), mar(31) + 86_400_000)
      .facts();
    expect(shown(march)).toEqual([['acme:2', 'open']]);
  });
});

describe('a price that is not agreed', () => {
  const month = (postPaid: number) => metered(NOON, { free: 10, postPaid });
  const account = [opened(), activated(), deposited('10000')];

  test('keeps the month open, with month, meter and quantity: 1,000 calls have a price, 1,001 have none', () => {
    given(...account, month(1_000))
      .when(close(), feb(1))
      .thenLike({ data: { bill: { due: '300.00' } } }, {}, {}, {});
    given(...account, month(1_001))
      .when(close(), feb(1))
      .thenRefused(
        'price_not_agreed',
        { month: '2019-01', meter: 'vision/calls', quantity: 1_001, closing: '2019-01' },
        { name: 'notify-unpriced', body: { month: '2019-01', meter: 'vision/calls', quantity: 1_001 } },
      );
  });

  test('until one is agreed for that month', () => {
    const agreed = (from: string, until: string | null) =>
      event('ContractPriceAgreed', jan(20), {
        product: 'vision',
        meter: 'vision/calls',
        from,
        until,
        ladder: ladder([], ['0.2']),
      });
    const asked = (from: string, until: string | null) =>
      given(...account, month(1_001), agreed(from, until)).when(close(), feb(1));
    asked('2019-01', null).thenLike({ data: { bill: { due: '200.20' } } }, {}, {}, {});
    asked('2019-01', '2019-02').thenLike({ data: { bill: { due: '200.20' } } }, {}, {}, {});
    for (const [from, until] of [
      ['2019-02', null],
      ['2018-12', '2019-01'],
    ] as const)
      asked(from, until).thenRefused(
        'price_not_agreed',
        { month: '2019-01', meter: 'vision/calls', quantity: 1_001, closing: '2019-01' },
        { name: 'notify-unpriced', body: { month: '2019-01', meter: 'vision/calls', quantity: 1_001 } },
      );
  });

  test('is not asked for in the free months of a meter, and is in the first one after', () => {
    const beta = (of: string, at: number) =>
      metered(at, { month: of, meter: 'vision/beta', pool: null, postPaid: 7 });
    given(opened(), closed('2019-01', feb(1), { services }), beta('2019-02', feb(10)))
      .when(close('2019-02'), mar(1))
      .thenLike({ data: { bill: { due: '0.00' } } }, TOLD);
    given(opened(), closed('2019-02', mar(1), { services }), beta('2019-03', mar(10)))
      .when(close('2019-03'), mar(31) + 86_400_000)
      .thenRefused(
        'price_not_agreed',
        { month: '2019-03', meter: 'vision/beta', quantity: 7, closing: '2019-03' },
        { name: 'notify-unpriced', body: { month: '2019-03', meter: 'vision/beta', quantity: 7 } },
      );
  });
});

/** Canonical JSON of what a bill holds, written down here a second time: keys in order, no spaces. */
const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`;
};
