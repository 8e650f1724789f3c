/** When the grace of arrears begins, and what does not begin it again, by the rules of the time (rules.md, section 9). */
import { describe, test } from 'vitest';
import type { Account } from '../../src/domain/account.ts';
import { event } from '../../src/domain/events.ts';
import { feb, jan, mar } from '../support/days.ts';
import { speech, vision } from './books.ts';
import { given } from './decider.ts';
import { closed, metered, opened, settled, suspended } from './facts.ts';

const AT = mar(1, '04:00');
const CLOSED = { type: 'MonthClosed' };
const TOLD = { type: 'NoticesRaised' };
const DAY = 86_400_000;
const fell = (suspendsAt: number) =>
  event('ArrearsFell', AT, { suspendsAt: new Date(suspendsAt).toISOString() });

/** The close of February, in which calls of speech cost 4 yuan; speech gives three days of grace. */
const closing = (carried: Partial<Account>, { again = false } = {}) =>
  given(
    opened(),
    closed('2019-01', feb(1), { services: { speech: jan(1) }, ...carried }),
    metered(feb(10), {
      month: '2019-02',
      product: 'speech',
      meter: 'speech/short',
      pool: 'speech/short',
      free: 10,
      postPaid: 20,
    }),
  )
    .under({ ...vision, freeze: null }, { ...speech, freeze: null })
    .when({ name: 'close-month', body: { month: '2019-02' } }, AT, { again });
const due = settled('4.00', AT, '2019-02');

describe('a balance that is below zero already', () => {
  test('falls into arrears at the close where no grace runs', () => {
    closing({ total: '-1.00' }).thenLike(CLOSED, due, fell(AT + 3 * DAY), TOLD);
    closing({ total: '-1.00', services: { vision: jan(1), speech: jan(1) } }).thenLike(
      CLOSED,
      due,
      fell(AT + 3 * DAY),
      TOLD,
    );
    closing({ total: '-1.00', suspensions: [{ reason: 'prohibited', since: feb(1), until: null }] }).thenLike(
      CLOSED,
      due,
      fell(AT + 3 * DAY),
      TOLD,
    );
  });

  test('keeps the date that was told, be it earlier or later than a new one', () => {
    for (const arrearsDueAt of [AT + 1, AT + 10 * DAY])
      closing({ total: '-1.00', arrearsDueAt }).thenLike(CLOSED, due, TOLD);
  });
});

test('a grace that a payment ended does not resume: the next arrears have their own', () => {
  closing({ total: '1.00', arrearsDueAt: AT + 1 }).thenLike(CLOSED, due, fell(AT + 3 * DAY), TOLD);
});

describe('under rules 1, which a replay of that time decides by', () => {
  const old = (arrearsDueAt: number | null) =>
    closing({ total: '-1.00', arrearsDueAt, rules: 1 }, { again: true });

  test('the earlier of two dates applied', () => {
    old(AT + 3 * DAY + 1).thenLike(CLOSED, due, fell(AT + 3 * DAY), TOLD);
    old(AT + 3 * DAY).thenLike(CLOSED, due, TOLD);
    old(AT + 1).thenLike(CLOSED, due, TOLD);
  });

  test('and without one the new date', () => {
    old(null).thenLike(CLOSED, due, fell(AT + 3 * DAY), TOLD);
  });

  test('arrears without grace suspended at once, a running grace or not', () => {
    given(
      opened(),
      closed('2019-01', feb(1), {
        services: { vision: jan(1) },
        total: '-1.00',
        arrearsDueAt: AT + DAY,
        rules: 1,
      }),
    )
      .when({ name: 'close-month', body: { month: '2019-02' } }, AT, { again: true })
      .thenLike(CLOSED, suspended('arrears', AT), TOLD);
  });
});
