/** How long a pack lives, and the packs that an activation is given (rules.md, section 5). */
import { describe, expect, test } from 'vitest';
import { calendarOf } from '../../src/domain/calendar.ts';
import { event } from '../../src/domain/events.ts';
import { expiryOf } from '../../src/domain/pack-expiry.ts';
import type { PriceBook } from '../../src/domain/price-book.ts';
import type { Expiry } from '../../src/domain/price-book-packs.ts';
import { bookProblems } from '../../src/domain/price-book-problems.ts';
import { feb, jan, year } from '../support/days.ts';
import { vision } from './books.ts';
import { given } from './decider.ts';
import { activated, bought, deposited, metered, opened, paid } from './facts.ts';
import { report } from './reporting.ts';

describe('a pack expires', () => {
  const shanghai = calendarOf('Asia/Shanghai');
  const berlin = calendarOf('Europe/Berlin');
  const at = (text: string) => Date.parse(text);
  test.each<[what: string, terms: Expiry, from: string, until: string]>([
    ['a year later, if nothing is said', {}, '2019-01-10T08:00:00+08:00', '2020-01-10T08:00:00+08:00'],
    ['a month later', { validFor: { months: 1 } }, '2019-01-10T08:00:00+08:00', '2019-02-10T08:00:00+08:00'],
    [
      'on the last day of a shorter month',
      { validFor: { months: 1 } },
      '2019-01-31T08:00:00+08:00',
      '2019-02-28T08:00:00+08:00',
    ],
    [
      '30 days later, over the end of a month',
      { validFor: { days: 30 } },
      '2019-01-20T08:00:00+08:00',
      '2019-02-19T08:00:00+08:00',
    ],
    [
      'with the day it would expire in',
      { validFor: { days: 30 }, expires: 'end_of_day' },
      '2019-01-20T08:00:00+08:00',
      '2019-02-20T00:00:00+08:00',
    ],
    [
      'also where that is its first instant',
      { validFor: { days: 1 }, expires: 'end_of_day' },
      '2019-01-20T00:00:00+08:00',
      '2019-01-22T00:00:00+08:00',
    ],
    [
      'at the end of a day, a year later',
      { expires: 'end_of_day' },
      '2020-02-29T10:00:00+08:00',
      '2021-03-01T00:00:00+08:00',
    ],
  ])('%s', (_, terms, from, until) => {
    expect(expiryOf(terms, at(from), shanghai)).toBe(at(until));
  });

  test('at the same local time, over a change of the clock', () => {
    expect(expiryOf({ validFor: { days: 1 } }, at('2019-03-30T12:00:00+01:00'), berlin)).toBe(
      at('2019-03-31T12:00:00+02:00'),
    );
  });

  test('as the size that was bought says', () => {
    const [tags, ...others] = vision.pools;
    const days = { ...tags, packs: [{ size: 100, price: '8', validFor: { days: 30 } }] } as typeof tags;
    given(opened(), activated(), deposited('8.00'))
      .under({ ...vision, pools: [days as NonNullable<typeof tags>, ...others] })
      .when({ name: 'buy-packs', body: { pool: 'vision/tags', size: 100, quantity: 1 } }, jan(20))
      .thenLike({ data: { expiresAt: '2019-02-18T16:00:00.000Z' } });
  });
});

const giving: PriceBook = {
  ...vision,
  grants: [
    { pool: 'vision/tags', size: 100, validFor: { months: 1 } },
    { pool: 'vision/faces', size: 7, validFor: { days: 3 }, expires: 'end_of_day' },
  ],
};
const activate = { name: 'activate-service', body: { product: 'vision' } } as const;
const pack = (id: string, pool: string, size: number, expiresAt: string, at = jan(5)) =>
  event('PackGranted', at, { product: 'vision', edition: '2019-01', pool, size, pack: id, expiresAt });
const GIVEN = [
  event('ServiceActivated', jan(5), { product: 'vision', catalogue: 1 }),
  pack('pack-000001', 'vision/tags', 100, '2019-02-04T16:00:00.000Z'),
  pack('pack-000002', 'vision/faces', 7, '2019-01-08T16:00:00.000Z'),
];

describe('an activation', () => {
  test('is given the packs of the edition in force', () => {
    given(opened())
      .under(giving)
      .when(activate, jan(5))
      .then(...GIVEN);
  });

  test('is given them once', () => {
    given(opened(), ...GIVEN)
      .under(giving)
      .when(activate, jan(6))
      .thenNothing();
  });

  test('is not given what a later edition gives', () => {
    const next = { ...giving, edition: '2020-01', effectiveFrom: '2020-01' };
    given(opened(), activated()).under(vision, next).when(activate, year(2020).jan(2)).thenNothing();
  });

  test('is refused if the account would hold more than can be summed', () => {
    const all = { size: Number.MAX_SAFE_INTEGER - 50 };
    given(opened(), bought(jan(2), all))
      .under(giving)
      .when(activate, jan(5))
      .thenRefused('quantity_too_large', { field: 'product', most: Number.MAX_SAFE_INTEGER });
  });
});

describe('a granted pack', () => {
  const used = metered(jan(6), { free: 10, runs: [['pack-000001', 100]] });

  test('pays like one that was bought', () => {
    given(opened(), ...GIVEN)
      .under(giving)
      .whenReported([report('u1', { time: jan(6), calls: 50 })], jan(6))
      .thenPaid(paid({ free: 10, runs: [['pack-000001', 40]] }));
  });

  test('raises no notice when it is used up, and none before it expires', () => {
    given(opened(), ...GIVEN)
      .under(giving)
      .whenReported([report('u1', { time: jan(6), calls: 110 })], jan(6))
      .thenPaid(paid({ free: 10, runs: [['pack-000001', 100]] }));
    given(opened(), ...GIVEN, used)
      .under(giving)
      .whenTimePasses(jan(31))
      .then(event('PackExpired', Date.parse('2019-01-08T16:00:00Z'), { pack: 'pack-000002', forfeited: 7 }));
  });

  test('is no part of what is left where packs were bought', () => {
    const two = bought(jan(6), { packs: ['pack-000003', 'pack-000004'] });
    const credit = { amount: '8', reference: 'c', reason: 'r', pack: 'pack-000004' };
    given(opened(), ...GIVEN, two, metered(jan(7), { runs: [['pack-000003', 90]] }))
      .under(giving)
      .when({ name: 'credit', body: credit, earlier: null }, jan(8))
      .thenLike(
        { type: 'CreditGranted' },
        { type: 'PackVoided' },
        { data: { notices: [{ kind: 'pack_low', about: { pool: 'vision/tags', left: 10 } }] } },
      );
  });

  test('is not on the bill', () => {
    given(opened(), ...GIVEN)
      .under(giving)
      .when({ name: 'close-month', body: { month: '2019-01' } }, feb(2))
      .thenLike({ data: { bill: { packPurchases: [], packsTotal: '0.00' } } }, {});
  });
});

test('a grant names a pool that there is', () => {
  const wrong = { ...vision, grants: [{ pool: 'vision/none', size: 1, validFor: { days: 1 } }] };
  expect(bookProblems(wrong)).toEqual([{ path: 'grants.0.pool', message: 'there is no pool vision/none' }]);
});
