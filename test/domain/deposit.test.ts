/** Deposit: paid in once a reference, and what it sets right at once (rules.md, sections 8 and 9). */
import { describe, test } from 'vitest';
import { event } from '../../src/domain/events.ts';
import { feb, jan } from '../support/days.ts';
import { given } from './decider.ts';
import { activated, deposited, frozen, lifted, notice, opened, settled, suspended, told } from './facts.ts';

const deposit = (amount: string, earlier: string | null = null) =>
  ({ name: 'deposit', body: { amount, reference: 'wire-2' }, earlier }) as const;
const paidIn = (amount: string, at = feb(2)) => deposited(amount, at, 'wire-2');

test.each([
  ['200', '200.00'],
  ['0.1', '0.10'],
  ['0.01', '0.01'],
])('%s yuan are paid in, as yuan and fen', (amount, written) => {
  given(opened()).when(deposit(amount), feb(2)).then(paidIn(written));
});

describe('a reference is used once', () => {
  test('the same amount under it is the same deposit, however it is written', () => {
    given(opened(), paidIn('5.00', jan(2)))
      .when(deposit('5.00', '5.00'), feb(2))
      .thenNothing();
    given(opened(), paidIn('5.00', jan(2)))
      .when(deposit('5', '5.00'), feb(2))
      .thenNothing();
  });

  test('another amount under it is refused', () => {
    given(opened(), paidIn('5.00', jan(2)))
      .when(deposit('5.01', '5.00'), feb(2))
      .thenRefused('reference_used', { reference: 'wire-2', amount: '5.00' });
  });
});

describe('a balance has at most 18 digits before the point', () => {
  const rich = [opened(), deposited('999999999999999999.98')];

  test('up to the last fen', () => {
    given(...rich)
      .when(deposit('0.01'), feb(2))
      .then(paidIn('0.01'));
  });

  test('and not a fen more', () => {
    given(...rich)
      .when(deposit('0.02'), feb(2))
      .thenRefused('quantity_too_large', { field: 'amount', most: '999999999999999999.98' });
  });

  test('unless it was paid in before there was a bound', () => {
    given(...rich)
      .when(deposit('0.02'), feb(2), { again: true })
      .then(paidIn('0.02'));
  });
});

describe('arrears', () => {
  const arrears = [opened(), activated(), settled('5.00', feb(1)), suspended('arrears', feb(1))];

  test('end at zero, and the account is active at that very moment', () => {
    given(...arrears)
      .when(deposit('5.00'), feb(2))
      .then(
        paidIn('5.00'),
        lifted('arrears', feb(2)),
        told(feb(2), 0, notice('resumed', { reason: 'arrears' })),
      );
  });

  test('do not end a fen below zero', () => {
    given(...arrears)
      .when(deposit('4.99'), feb(2))
      .then(paidIn('4.99'));
  });

  test('end, but the account stays suspended for another reason: nobody is told that it resumed', () => {
    given(...arrears, suspended('prohibited', feb(1, '12:00')))
      .when(deposit('5.00'), feb(2))
      .then(paidIn('5.00'), lifted('arrears', feb(2)));
  });

  test('within a grace end it: when it is over nothing happens', () => {
    const graced = [
      opened(),
      settled('5.00', feb(1)),
      event('ArrearsFell', feb(1), { suspendsAt: '2019-02-03T16:00:00.000Z' }),
    ];
    given(...graced, paidIn('5.00'))
      .whenTimePasses(feb(10))
      .thenNothing();
    given(...graced, paidIn('4.99'))
      .whenTimePasses(feb(10))
      .thenLike({ type: 'AccountSuspended', data: { reason: 'arrears' } }, { type: 'NoticesRaised' });
  });
});

describe('a freeze that failed is tried again', () => {
  const failed = event('FreezeFailed', feb(1), {
    month: '2019-01',
    amount: '12.00',
    available: '2.00',
    suspends: true,
  });
  const waiting = [opened(), activated(), deposited('2.00'), failed, suspended('freeze_failed', feb(1))];

  test('and succeeds when the available balance just covers it', () => {
    given(...waiting)
      .when(deposit('10.00'), feb(2))
      .then(
        paidIn('10.00'),
        frozen('12.00', feb(2), '2019-01'),
        lifted('freeze_failed', feb(2)),
        told(feb(2), 0, notice('resumed', { reason: 'freeze_failed' })),
      );
  });

  test('and waits on for the last fen', () => {
    given(...waiting)
      .when(deposit('9.99'), feb(2))
      .then(paidIn('9.99'));
  });

  test('of what is not frozen already', () => {
    given(opened(), deposited('5.00'), frozen('3.00', jan(31)), failed)
      .when(deposit('9.99'), feb(2))
      .then(paidIn('9.99'));
  });

  test('where it had only been told of, nobody is told that anything resumed', () => {
    given(opened(), deposited('2.00'), failed)
      .when(deposit('10.00'), feb(2))
      .then(paidIn('10.00'), frozen('12.00', feb(2), '2019-01'));
  });

  test('arrears and the freeze end together: it is told once that the account resumed', () => {
    const both = [...waiting, settled('7.00', feb(1)), suspended('arrears', feb(1))];
    given(...both)
      .when(deposit('17.00'), feb(2))
      .then(
        paidIn('17.00'),
        lifted('arrears', feb(2)),
        frozen('12.00', feb(2), '2019-01'),
        lifted('freeze_failed', feb(2)),
        told(
          feb(2),
          0,
          notice('resumed', { reason: 'arrears' }),
          notice('resumed', { reason: 'freeze_failed' }),
        ),
      );
  });
});
