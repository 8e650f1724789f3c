/** Returning a pack for its price: untouched, and soon after its purchase (rules.md, section 5). */
import { describe, expect, test } from 'vitest';
import { type AccountEvent, event } from '../../src/domain/events.ts';
import { fold } from '../../src/domain/evolve.ts';
import type { PriceBook } from '../../src/domain/price-book.ts';
import { feb, jan, justBefore, year } from '../support/days.ts';
import { vision } from './books.ts';
import { given } from './decider.ts';
import { activated, bought, deposited, lifted, metered, opened, paid, suspended } from './facts.ts';
import { report } from './reporting.ts';

const week: PriceBook = {
  ...vision,
  pools: vision.pools.map((pool) => ({ ...pool, returns: { withinDays: 7 } })),
};
const back = (pack = 'pack-000001') => ({ name: 'return-pack', body: { pack } }) as const;
const returned = (at: number, pack = 'pack-000001', price = '8.00') =>
  event('PackReturned', at, { pack, pool: 'vision/tags', size: 100, price });
const granted = event('PackGranted', jan(1), {
  product: 'vision',
  edition: '2019-01',
  pool: 'vision/tags',
  size: 100,
  pack: 'pack-000001',
  expiresAt: '2019-03-01T00:00:00.000Z',
});
const held = [opened(), activated(), deposited('8.00'), bought(jan(2, '10:00'))];
const LAST = jan(9, '10:00');

describe('an untouched pack', () => {
  test('is returned for its price, up to the last instant of its days', () => {
    given(...held)
      .under(week)
      .when(back(), justBefore(LAST))
      .then(returned(justBefore(LAST)));
  });

  test('is so too after all it paid for was corrected back', () => {
    const used = metered(jan(3), { runs: [['pack-000001', 5]] });
    const givenBack = metered(jan(4), { runs: [['pack-000001', -5]] });
    given(...held, used, givenBack)
      .under(week)
      .when(back(), jan(5))
      .then(returned(jan(5)));
  });

  test('that was returned is not returned again', () => {
    given(...held, returned(jan(3)))
      .under(week)
      .when(back(), feb(20))
      .thenNothing();
  });

  test('pays for nothing reported afterwards, made before or not', () => {
    given(...held, returned(jan(4)))
      .under(week)
      .whenReported([report('u1', { time: jan(3), calls: 30 })], jan(5))
      .thenPaid(paid({ free: 10, postPaid: 20 }));
  });
});

describe('why a pack is not returned', () => {
  const no = (reason: string) => ['pack_not_returnable', { pack: 'pack-000001', reason }] as const;
  const used = metered(jan(3), { runs: [['pack-000001', 1]] });
  const voided = event('PackVoided', jan(3), { pack: 'pack-000001', voided: 100, reference: 'c' });

  test('the edition it was bought under takes none back', () => {
    given(...held)
      .when(back(), jan(3))
      .thenRefused(...no('not_permitted'));
  });
  test('it was given', () => {
    given(opened(), activated(), granted)
      .under(week)
      .when(back(), jan(3))
      .thenRefused(...no('granted'));
  });
  test('it is expired, even if it was used', () => {
    const short = bought(jan(2), { expiresAt: '2019-01-03T00:00:00.000Z' });
    given(opened(), activated(), short, used)
      .under(week)
      .when(back(), jan(4))
      .thenRefused(...no('expired'));
  });
  test('a credit voided it', () => {
    given(...held, voided)
      .under(week)
      .when(back(), jan(4))
      .thenRefused(...no('void'));
  });
  test('a unit of it is used, also when it would be too late', () => {
    given(...held, used)
      .under(week)
      .when(back(), feb(4))
      .thenRefused(...no('used'));
  });
  test('its days are over', () => {
    given(...held)
      .under(week)
      .when(back(), LAST)
      .thenRefused(...no('too_late'));
  });
  test('there is none', () => {
    given(...held)
      .under(week)
      .when(back('pack-000002'), jan(3))
      .thenRefused('pack_unknown', { pack: 'pack-000002' });
  });
  test('the balance would have more than 18 digits', () => {
    given(...held, deposited('999999999999999992.00', jan(3), 'wire-2'))
      .under(week)
      .when(back(), jan(3))
      .thenRefused('quantity_too_large', { field: 'pack', most: '999999999999999992.00' });
  });
});

describe('what is paid back is paid in', () => {
  test('it ends arrears, and a freeze that was waiting for it is made', () => {
    given(
      opened(),
      activated(),
      bought(feb(1)),
      suspended('arrears', feb(2)),
      event('FreezeFailed', feb(2), { month: '2019-01', amount: '3.00', available: '-8.00', suspends: true }),
      suspended('freeze_failed', feb(2)),
      deposited('4.00', feb(2)),
    )
      .under(week)
      .when(back(), feb(3))
      .thenLike(
        returned(feb(3)),
        lifted('arrears', feb(3)),
        event('FundsFrozen', feb(3), { month: '2019-01', amount: '3.00' }),
        lifted('freeze_failed', feb(3)),
        { type: 'NoticesRaised' },
      );
  });

  test('the pools of the account are told of what is left, as after a voiding', () => {
    const two = bought(jan(2), { packs: ['pack-000001', 'pack-000002'] });
    given(opened(), activated(), two, metered(jan(3), { runs: [['pack-000001', 90]] }))
      .under(week)
      .when(back('pack-000002'), jan(4))
      .thenLike(returned(jan(4), 'pack-000002'), {
        data: { notices: [{ kind: 'pack_low', about: { pool: 'vision/tags', left: 10 } }] },
      });
  });
});

describe('the bill', () => {
  const bill = (facts: readonly AccountEvent[], month: string, at: number) => {
    const [close] = given(...facts)
      .under(week)
      .when({ name: 'close-month', body: { month } }, at)
      .facts();
    if (close?.type !== 'MonthClosed') throw new Error('no close');
    return close.data.bill;
  };

  test('of a month in which a pack was bought and returned names both, and they cost nothing', () => {
    const pack = { pack: 'pack-000001', pool: 'vision/tags', size: 100, price: '8.00' };
    expect(bill([...held, returned(jan(3))], '2019-01', feb(1))).toMatchObject({
      packPurchases: [pack],
      packReturns: [pack],
      packsTotal: '0.00',
      total: '0.00',
    });
  });

  test('of the month of the return alone is below zero by the price', () => {
    const late = [opened(), activated(), deposited('8.00'), bought(jan(30))];
    expect(bill([...late, returned(feb(1))], '2019-01', feb(2)).packsTotal).toBe('8.00');
    const january = given(...late, returned(feb(1)))
      .under(week)
      .when({ name: 'close-month', body: { month: '2019-01' } }, feb(2))
      .facts();
    const next = bill([...late, returned(feb(1)), ...january], '2019-02', year(2019).mar(1));
    expect(next).toMatchObject({ packPurchases: [], packsTotal: '-8.00', total: '-8.00', due: '0.00' });
  });

  test('without returns has no such list', () => {
    expect(bill(held, '2019-01', feb(1))).not.toHaveProperty('packReturns');
  });
});

test('the account has its price again, and the pack nothing', () => {
  const account = fold(null, [...held, returned(jan(3))]);
  expect(account).toMatchObject({ total: '8.00', packs: [{ left: 0, void: true, returned: jan(3) }] });
});
