/** Credit: paid in with a reason, once a reference; it may void a pack bought by mistake (rules.md, sections 5 and 10). */
import { describe, test } from 'vitest';
import { event } from '../../src/domain/events.ts';
import { feb, jan, justBefore, year } from '../support/days.ts';
import { given } from './decider.ts';
import {
  activated,
  bought,
  deposited,
  lifted,
  metered,
  notice,
  opened,
  settled,
  suspended,
  told,
} from './facts.ts';

const credit = (amount: string, more: { pack?: string; earlier?: string } = {}) =>
  ({
    name: 'credit',
    body: {
      amount,
      reference: 'ticket-7',
      reason: 'goodwill',
      pack: more.pack ?? null,
    },
    earlier: more.earlier ?? null,
  }) as const;
const granted = (amount: string, at: number, pack: string | null = null) =>
  event('CreditGranted', at, { amount, reference: 'ticket-7', reason: 'goodwill', pack });
const voided = (pack: string, calls: number, at: number) =>
  event('PackVoided', at, { pack, voided: calls, reference: 'ticket-7' });

test('a credit is paid in, as yuan and fen, with its reason', () => {
  given(opened())
    .when(credit('12.5'), feb(2))
    .then(granted('12.50', feb(2)));
});

describe('a reference is used once', () => {
  test('the same amount under it is the same credit', () => {
    given(opened(), granted('12.50', jan(9)))
      .when(credit('12.5', { earlier: '12.50' }), feb(2))
      .thenNothing();
  });

  test('another amount under it is refused', () => {
    given(opened(), granted('12.50', jan(9)))
      .when(credit('12.49', { earlier: '12.50' }), feb(2))
      .thenRefused('reference_used', { reference: 'ticket-7', amount: '12.50' });
  });
});

test('a balance has at most 18 digits before the point, unless it was granted before there was a bound', () => {
  const rich = [opened(), deposited('999999999999999999.99')];
  given(...rich)
    .when(credit('0.01'), feb(2))
    .thenRefused('quantity_too_large', { field: 'amount', most: '999999999999999999.99' });
  given(...rich)
    .when(credit('0.01'), feb(2), { again: true })
    .then(granted('0.01', feb(2)));
});

test('it ends arrears like a deposit', () => {
  given(opened(), activated(), settled('5.00', feb(1)), suspended('arrears', feb(1)))
    .when(credit('5'), feb(2))
    .then(
      granted('5.00', feb(2)),
      lifted('arrears', feb(2)),
      told(feb(2), 0, notice('resumed', { reason: 'arrears' })),
    );
});

describe('a pack bought by mistake', () => {
  const owner = [opened(), activated(), deposited('100')];
  const pack = 'pack-000001';

  test('is void for good: its calls are not forfeited, and it expires no more', () => {
    const history = [...owner, bought(jan(2)), metered(jan(3), { runs: [[pack, 30]] })];
    given(...history)
      .when(credit('8', { pack }), feb(2))
      .then(granted('8.00', feb(2), pack), voided(pack, 70, feb(2)));
    given(...history, voided(pack, 70, feb(2)))
      .whenTimePasses(year(2021).jan(1))
      .thenNothing();
  });

  test('that was never bought is unknown', () => {
    given(...owner, bought(jan(2)))
      .when(credit('8', { pack: 'pack-000002' }), feb(2))
      .thenRefused('pack_unknown', { pack: 'pack-000002' });
  });

  test('that is used up, void or expired already cannot be voided', () => {
    const notUsable = (state: string) => ['pack_not_usable', { pack, state }] as const;
    given(...owner, bought(jan(2)), metered(jan(3), { runs: [[pack, 100]] }))
      .when(credit('8', { pack }), feb(2))
      .thenRefused(...notUsable('used_up'));
    given(...owner, bought(jan(2)), voided(pack, 100, jan(3)))
      .when(credit('8', { pack }), feb(2))
      .thenRefused(...notUsable('void'));
    given(...owner, bought(jan(2)))
      .when(credit('8', { pack }), year(2020).jan(2))
      .thenRefused(...notUsable('expired'));
  });

  test('can be voided until the instant of its expiry, which is excluded', () => {
    const last = justBefore(year(2020).jan(2));
    given(...owner, bought(jan(2)))
      .when(credit('8', { pack }), last)
      .then(granted('8.00', last, pack), voided(pack, 100, last));
  });

  test('leaves the others low: that is a crossing', () => {
    const two = bought(jan(2), { packs: [pack, 'pack-000002'] });
    const history = [...owner, two, metered(jan(3), { runs: [[pack, 86]] })];
    const pool = 'vision/tags';
    given(...history)
      .when(credit('8', { pack: 'pack-000002' }), feb(2))
      .then(
        granted('8.00', feb(2), 'pack-000002'),
        voided('pack-000002', 100, feb(2)),
        told(feb(2), 0, notice('pack_low', { pool, left: 14 })),
      );
  });

  test('leaves the others just not low: 15 of 100 are no less than 15 %', () => {
    const two = bought(jan(2), { packs: [pack, 'pack-000002'] });
    given(...owner, two, metered(jan(3), { runs: [[pack, 85]] }))
      .when(credit('8', { pack: 'pack-000002' }), feb(2))
      .then(granted('8.00', feb(2), 'pack-000002'), voided('pack-000002', 100, feb(2)));
  });
});
