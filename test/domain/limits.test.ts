/** Limits of an account: what it is told of, and when (price-books.md, "Limits"). */
import { describe, test } from 'vitest';
import { event } from '../../src/domain/events.ts';
import type { Limits } from '../../src/domain/limits.ts';
import { feb, jan, mar } from '../support/days.ts';
import { ladder } from './books.ts';
import { given } from './decider.ts';
import { activated, closed, deposited, metered, notice, opened, told } from './facts.ts';
import { report } from './reporting.ts';

const EDITIONS = 2;
const NOON = jan(10, '12:00');
const of = (more: Partial<Limits>): Limits => ({ spend: null, notifyAt: [], lowBalance: null, ...more });
const asked = (more: Partial<Limits>) => ({ name: 'set-limits', body: of(more) }) as const;
const set = (at: number, more: Partial<Limits>) =>
  event('LimitsSet', at, { catalogue: EDITIONS, ...of(more) });
const SPEND = { spend: '10.00', notifyAt: ['0.8', '1'] };
const reached = (share: string, spent: string, month = '2019-01') =>
  notice('spend_reached', { month, share, limit: '10.00', spent });
const low = (available: string) => notice('balance_low', { limit: '100.00', available });
/** Ten calls are free, and those beyond cost 0.5. */
const account = [opened(), activated()];
const limited = [...account, set(jan(2), SPEND)];
const used = (postPaid: number, at = jan(3), month = '2019-01') => metered(at, { month, free: 10, postPaid });

describe('limits', () => {
  test('are set and set again, in yuan of two places', () => {
    given(...account)
      .when(asked({ ...SPEND, spend: '10', lowBalance: '0' }), NOON)
      .then(set(NOON, { ...SPEND, lowBalance: '0.00' }));
  });

  test('that are none are not set where there are none, and end those there are', () => {
    given(...account)
      .when(asked({}), NOON)
      .thenNothing();
    given(...limited)
      .when(asked({}), NOON)
      .then(set(NOON, {}));
    given(...limited, set(jan(3), {}))
      .whenReported([report('u1', { calls: 40 })], NOON)
      .thenAlso();
  });
});

describe('a share of what a month may cost', () => {
  const report15 = [report('u1', { calls: 15 })];

  test('is told of by the append that reaches it, and not before', () => {
    given(...limited)
      .whenReported([report('u1', { calls: 25 })], NOON)
      .thenAlso();
    given(...limited)
      .whenReported([report('u1', { calls: 26 })], NOON)
      .thenAlso(told(NOON, 0, reached('0.8', '8.00')));
    given(...limited)
      .whenReported([report('u1', { calls: 30 })], NOON)
      .thenAlso(told(NOON, 0, reached('0.8', '10.00'), reached('1', '10.00')));
  });

  test('is told of once a month', () => {
    const once = [...limited, used(16), told(jan(3), 0, reached('0.8', '8.00'))];
    given(...once)
      .whenReported([report('u2', { calls: 3 })], NOON)
      .thenAlso();
    given(...once)
      .whenReported([report('u2', { calls: 4 })], NOON)
      .thenAlso(told(NOON, 1, reached('1', '10.00')));
    given(...once)
      .whenReported([report('u2', { calls: 26, time: feb(2) })], feb(2))
      .thenAlso(told(feb(2), 1, reached('0.8', '8.00', '2019-02')));
  });

  test('is of the calendar month of now, and not of a late month', () => {
    given(...limited)
      .whenReported([report('u1', { calls: 100, time: jan(9) })], feb(2))
      .thenAlso();
  });

  test('is reached by a correction and by a dearer price too', () => {
    const correct = {
      name: 'correct-usage',
      body: { source: '/gateway/1', record: 'u1', calls: 26, reason: 'r' },
      held: { reported: report('u1', { time: jan(3), calls: 25 }), now: { calls: 25 } },
    } as const;
    given(...limited, used(15))
      .when(correct, NOON)
      .thenLike(
        { type: 'UsageCorrected', data: { catalogue: EDITIONS } },
        told(NOON, 0, reached('0.8', '8.00')),
      );
    const dearer = {
      ...{ meter: 'vision/calls', from: '2019-01', until: null },
      ladder: ladder([], ['0.6']),
    };
    given(...limited, used(15))
      .when({ name: 'agree-price', body: dearer }, NOON)
      .thenLike({ type: 'ContractPriceAgreed' }, told(NOON, 0, reached('0.8', '9.00')));
  });

  test('counts what has no price as nothing, and no corrections of closed months', () => {
    given(...limited, used(2_000))
      .whenReported(report15, NOON)
      .thenAlso();
    given(...limited, metered(jan(3), { meter: 'vision/beta', pool: null, postPaid: 900 }))
      .whenReported(report15, NOON)
      .thenAlso();
    const carried = { services: { vision: jan(1) }, limits: { ...of(SPEND), told: null } };
    given(opened(), closed('2019-01', feb(1), carried))
      .whenReported([report('late', { calls: 100, time: jan(9) })], feb(2))
      .thenAlso();
  });

  test('that is reached when the limits are set is told of at once, and again each time', () => {
    given(...account, used(17))
      .when(asked(SPEND), NOON)
      .then(set(NOON, SPEND), told(NOON, 0, reached('0.8', '8.50')));
    given(...limited, used(17), told(jan(3), 0, reached('0.8', '8.50')))
      .when(asked(SPEND), NOON)
      .then(set(NOON, SPEND), told(NOON, 1, reached('0.8', '8.50')));
  });

  test('of a closed January is forgotten, and what a close carries forward has the limits', () => {
    given(...limited, used(16), told(jan(3), 0, reached('0.8', '8.00')))
      .when({ name: 'close-month', body: { month: '2019-01' } }, feb(1, '04:00'))
      .thenLike(
        {
          type: 'MonthClosed',
          data: { carried: { limits: { ...SPEND, told: { month: '2019-01', shares: ['0.8'] } } } },
        },
        {},
        {},
        {},
        {},
        {},
      );
  });
});

describe('a low balance', () => {
  const LOW = { lowBalance: '100.00' };
  const rich = [...account, deposited('110', jan(2)), set(jan(2), LOW)];
  const buy = (quantity: number) =>
    ({ name: 'buy-packs', body: { pool: 'vision/tags', size: 100, quantity } }) as const;

  test('is told of by what takes it below the limit, each time it does', () => {
    given(...rich)
      .when(buy(1), NOON)
      .thenLike({ type: 'PackPurchased' });
    given(...rich)
      .when(buy(2), NOON)
      .thenLike({ type: 'PackPurchased' }, told(NOON, 0, low('94.00')));
    const spent = event('BillSettled', jan(3), { month: '2018-12', amount: '20.00' });
    given(...rich, spent)
      .when(buy(1), NOON)
      .thenLike({ type: 'PackPurchased' });
    given(...rich, spent, deposited('10', jan(4)))
      .when(buy(1), NOON)
      .thenLike({ type: 'PackPurchased' }, told(NOON, 0, low('92.00')));
  });

  test('is told of when a bill is settled', () => {
    const carried = {
      services: { vision: jan(1) },
      total: '110.00',
      limits: { ...of(LOW), told: null },
    };
    given(opened(), closed('2019-01', feb(1), carried), used(40, feb(3), '2019-02'))
      .when({ name: 'close-month', body: { month: '2019-02' } }, mar(1, '04:00'))
      .thenLike(
        { type: 'MonthClosed' },
        { type: 'BillSettled', data: { amount: '20.00' } },
        { type: 'FundsFrozen' },
        {
          data: {
            notices: [{ kind: 'bill_issued' }, { kind: 'balance_low', about: { available: '66.00' } }],
          },
        },
      );
  });

  test('at which limits are set is told of at once; a deposit tells of nothing', () => {
    given(...account, deposited('99', jan(2)))
      .when(asked(LOW), NOON)
      .then(set(NOON, LOW), told(NOON, 0, low('99.00')));
    given(...account, deposited('100', jan(2)))
      .when(asked(LOW), NOON)
      .then(set(NOON, LOW));
    given(...account, deposited('50', jan(2)), set(jan(3), LOW))
      .when({ name: 'deposit', body: { amount: '1', reference: 'more' }, earlier: null }, NOON)
      .thenLike({ type: 'FundsDeposited' });
  });
});
