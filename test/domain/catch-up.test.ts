/** How much may happen by itself at once: its bounds, to the millisecond. */
import { describe, expect, test } from 'vitest';
import { type Account, opened } from '../../src/domain/account.ts';
import { calendarOf } from '../../src/domain/calendar.ts';
import { type CatchUpLimit, lagBeyond } from '../../src/domain/catch-up.ts';
import { event } from '../../src/domain/events.ts';
import { fold } from '../../src/domain/evolve.ts';
import { jan, year } from '../support/days.ts';
import { ACME, bought, opened as openedAt } from './facts.ts';

const DAY = 86_400_000;
const CLOSE_AT = { day: 1, after: 4 * 3_600_000 };
const calendar = calendarOf('Asia/Shanghai');
const catalogue = { published: [], products: {} };
const limit: CatchUpLimit = { closeAt: CLOSE_AT, closes: 2, span: 40 * DAY };

const lag = (account: Account, at: number, more: Partial<CatchUpLimit> = {}) =>
  lagBeyond(account, at, { ...limit, ...more }, { calendar, catalogue });

describe('closes', () => {
  const account = opened(ACME, jan(10));

  test.each([
    ['two are caught up', '2019-04-01T03:59:59.999+08:00', null],
    ['the third is one too many', '2019-04-01T04:00:00+08:00', { next: '2019-01', closes: 3 }],
    ['ten years are', '2029-01-01T04:00:00+08:00', { next: '2019-01', closes: 120 }],
  ])('%s', (_, at, expected) => {
    if (expected === null) expect(lag(account, Date.parse(at))).toBeNull();
    else expect(lag(account, Date.parse(at))).toMatchObject(expected);
  });

  test('of months that are closed there is nothing to catch up', () => {
    const closed = { ...account, lastClosed: '2019-03' };
    expect(lag(closed, Date.parse('2019-06-01T03:59:59+08:00'))).toBeNull();
    expect(lag(closed, Date.parse('2019-07-01T04:00:00+08:00'))).toMatchObject({
      next: '2019-04',
      closes: 3,
    });
  });

  test('where months close by hand nothing waits', () => {
    expect(lag(account, Date.parse('2029-01-01T04:00:00+08:00'), { closeAt: null })).toBeNull();
  });
});

describe('an expiry', () => {
  const expiry = year(2020).jan(3);
  const account = fold(null, [openedAt(jan(1)), bought(jan(3))]);
  const byHand = { closeAt: null };
  if (!account) throw new Error('the account is open');

  test('is caught up for as long as the span, and not a millisecond longer', () => {
    expect(lag(account, expiry + limit.span, byHand)).toBeNull();
    expect(lag(account, expiry + limit.span + 1, byHand)).toEqual({
      since: jan(3),
      next: '2019-01',
      closes: 0,
      isOverdue: true,
    });
  });

  test('that was recorded is not overdue, nor one that a recent clock has just passed', () => {
    const recorded = fold(account, [event('PackExpired', expiry, { pack: 'pack-000001', forfeited: 100 })]);
    if (!recorded) throw new Error('the account is open');
    expect(lag(recorded, expiry + 2 * limit.span, byHand)).toBeNull();
    expect(lag({ ...account, clock: expiry - 1 }, expiry + limit.span - 1, byHand)).toBeNull();
  });
});
