/** BuyPacks: in the sizes and at the prices of the book in force, from the available balance (rules.md, section 5). */
import { describe, test } from 'vitest';
import { event } from '../../src/domain/events.ts';
import { feb, jan, justBefore, year } from '../support/days.ts';
import { vision } from './books.ts';
import { given } from './decider.ts';
import { activated, bought, deposited, frozen, opened, settled, suspended } from './facts.ts';

const buy = (more: { pool?: string; size?: number; quantity?: number } = {}) =>
  ({ name: 'buy-packs', body: { pool: 'vision/tags', size: 100, quantity: 1, ...more } }) as const;
const owner = [opened(), activated()];

test('a pack is usable from its purchase on, for a calendar year in the billing zone', () => {
  given(...owner, deposited('8.00'))
    .when(buy(), jan(10, '10:00'))
    .then(
      event('PackPurchased', jan(10, '10:00'), {
        catalogue: 2,
        product: 'vision',
        edition: '2019-01',
        pool: 'vision/tags',
        size: 100,
        price: '8.00',
        packs: ['pack-000001'],
        expiresAt: '2020-01-10T02:00:00.000Z',
      }),
    );
});

test('of 29 February it expires on 28 February', () => {
  given(...owner, deposited('8.00'))
    .when(buy(), year(2020).feb(29, '23:30'))
    .then(bought(year(2020).feb(29, '23:30'), { expiresAt: '2021-02-28T15:30:00.000Z' }));
});

test('a year over 29 February has 366 days', () => {
  given(...owner, deposited('8.00'))
    .when(buy(), year(2019).mar(1))
    .then(bought(year(2019).mar(1), { expiresAt: '2020-02-29T16:00:00.000Z' }));
});

test('several at once are several packs, numbered on from those there are', () => {
  given(...owner, deposited('32.00'), bought(jan(2), { packs: ['pack-000001', 'pack-000002'] }))
    .when(buy({ quantity: 2 }), jan(10))
    .then(bought(jan(10), { packs: ['pack-000003', 'pack-000004'] }));
});

describe('the price', () => {
  test('must be covered to the fen, all packs together', () => {
    given(...owner, deposited('15.99'))
      .when(buy({ quantity: 2 }), jan(10))
      .thenRefused('insufficient_funds', { needed: '16.00', available: '15.99' });
  });

  test('is not paid from frozen money', () => {
    given(...owner, deposited('10.00'), frozen('2.01', jan(2)))
      .when(buy(), jan(10))
      .thenRefused('insufficient_funds', { needed: '8.00', available: '7.99' });
    given(...owner, deposited('10.00'), frozen('2.00', jan(2)))
      .when(buy(), jan(10))
      .then(bought(jan(10)));
  });

  test('is not paid by an account in arrears', () => {
    given(...owner, settled('1.00', jan(2)))
      .when(buy(), jan(10))
      .thenRefused('insufficient_funds', { needed: '8.00', available: '-1.00' });
  });
});

test('a suspended account may buy', () => {
  given(...owner, deposited('8.00'), suspended('prohibited', jan(2)))
    .when(buy(), jan(10))
    .then(bought(jan(10)));
});

describe('what is sold', () => {
  test.each(['vision/nothing', 'unheard-of/tags', 'tags', ''])('no book has the pool %j', (pool) => {
    given(...owner)
      .when(buy({ pool }), jan(10))
      .thenRefused('pool_unknown', { pool });
  });

  test('a size that the pool does not have is not', () => {
    given(...owner, deposited('100'))
      .when(buy({ size: 101 }), jan(10))
      .thenRefused('pack_not_sold', { pool: 'vision/tags', size: 101 });
    given(...owner, deposited('100'))
      .when(buy({ pool: 'vision/faces', size: 1_000 }), jan(10))
      .thenRefused('pack_not_sold', { pool: 'vision/faces', size: 1_000 });
  });

  test('only packs of activated products are', () => {
    given(opened(), activated('speech'), deposited('100'))
      .when(buy(), jan(10))
      .thenRefused('not_activated', { product: 'vision' });
  });

  test('is what the edition of the month says, from its first instant in the billing zone', () => {
    const [tags, ...others] = vision.pools;
    if (!tags) throw new Error('vision has pools');
    const dearer = {
      ...vision,
      edition: '2019-02',
      effectiveFrom: '2019-02',
      pools: [{ ...tags, packs: [{ size: 100, price: '9.50' }] }, ...others],
    };
    const rich = [...owner, deposited('100')];
    given(...rich)
      .under(vision, dearer)
      .when(buy(), justBefore(feb(1)))
      .then(bought(justBefore(feb(1))));
    given(...rich)
      .under(vision, dearer)
      .when(buy(), feb(1))
      .then(bought(feb(1), { edition: '2019-02', price: '9.50' }));
  });
});

describe('the calls of all living packs have a sum that is exact', () => {
  const TRILLION = 1_000_000_000_000;
  const [tags, ...others] = vision.pools;
  if (!tags) throw new Error('vision has pools');
  const huge = { ...vision, pools: [{ ...tags, packs: [{ size: TRILLION, price: '0' }] }, ...others] };
  const asked = (quantity: number) => buy({ size: TRILLION, quantity });
  /** One pack of so many trillions; no book sells it, but a history may have it. */
  const held = (trillions: number, pack = 'pack-000001') =>
    bought(jan(2), { size: trillions * TRILLION, price: '0.00', packs: [pack] });
  const purchase = (...packs: readonly string[]) => ({ type: 'PackPurchased', data: { packs } });

  test('2^53 − 1: beside 9,000 trillions seven of a trillion and no more', () => {
    given(...owner, held(9_000))
      .under(huge)
      .when(asked(8), jan(10))
      .thenRefused('quantity_too_large', { field: 'quantity', most: 7 });
    given(...owner, held(9_006))
      .under(huge)
      .when(asked(1), jan(10))
      .thenLike(purchase('pack-000002'));
    given(...owner, held(9_007))
      .under(huge)
      .when(asked(1), jan(10))
      .thenRefused('quantity_too_large', { field: 'quantity', most: 0 });
  });

  test('up to the last call', () => {
    const beside = (rest: number) =>
      given(...owner, bought(jan(2), { size: Number.MAX_SAFE_INTEGER - rest, price: '0.00' }))
        .under(huge)
        .when(asked(1), jan(10));
    beside(TRILLION).thenLike(purchase('pack-000002'));
    beside(TRILLION - 1).thenRefused('quantity_too_large', { field: 'quantity', most: 0 });
  });

  test('those held count, until they are void or expired', () => {
    const both = [...owner, held(9_006), held(1, 'pack-000002')];
    const gone = event('PackVoided', jan(3), { pack: 'pack-000002', voided: TRILLION, reference: 'r' });
    given(...both, gone)
      .under(huge)
      .when(asked(1), jan(10))
      .thenLike(purchase('pack-000003'));
    const expiry = year(2020).jan(2);
    given(...both)
      .under(huge)
      .when(asked(1), justBefore(expiry))
      .thenRefused('quantity_too_large', { field: 'quantity', most: 0 });
    given(...both)
      .under(huge)
      .when(asked(1), expiry)
      .thenLike(purchase('pack-000003'));
  });

  test('but what was bought before there was a bound was bought', () => {
    given(...owner, held(9_007))
      .under(huge)
      .when(asked(1), jan(10), { again: true })
      .thenLike(purchase('pack-000002'));
  });
});

describe('at most 1,200 packs expire at one instant', () => {
  const rich = [...owner, deposited('20000.00')];
  const held = (count: number) =>
    bought(jan(10), { packs: Array.from({ length: count }, (_, i) => `held-${i}`) });

  test('bought at once', () => {
    given(...rich)
      .when(buy({ quantity: 1_200 }), jan(10))
      .thenLike({ type: 'PackPurchased' });
    given(...rich)
      .when(buy({ quantity: 1_201 }), jan(10))
      .thenRefused('quantity_too_large', { field: 'quantity', most: 1_200 });
  });

  test('or one after the other; at another instant there is room again', () => {
    given(...rich, held(1_199))
      .when(buy({ quantity: 2 }), jan(10))
      .thenRefused('quantity_too_large', { field: 'quantity', most: 1 });
    given(...rich, held(1_199))
      .when(buy({ quantity: 2 }), jan(10) + 1)
      .thenLike({ type: 'PackPurchased' });
  });

  test('unless they were bought before there was a bound', () => {
    given(...rich, held(1_200))
      .when(buy(), jan(10), { again: true })
      .thenLike({ type: 'PackPurchased' });
  });
});
