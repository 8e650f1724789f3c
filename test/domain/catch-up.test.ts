/** How much may happen by itself at once: its bounds, to the millisecond. */
import { describe, expect, test } from 'vitest';
import { type Account, opened } from '../../src/domain/account.ts';
import { calendarOf } from '../../src/domain/calendar.ts';
import { type CatchUpLimit, lagBeyond } from '../../src/domain/catch-up.ts';
import { shippedPriceBooks } from '../../src/ledger/system/shipped-price-books.ts';
import { ACCOUNT, givenLedger, instant } from '../support/given.ts';

const DAY = 86_400_000;
const CLOSE_AT = { day: 1, after: 4 * 3_600_000 };
const calendar = calendarOf('Asia/Shanghai');
const catalogue = { published: [], products: {} };
const limit: CatchUpLimit = { closeAt: CLOSE_AT, closes: 2, span: 40 * DAY };

const lag = (account: Account, at: number, more: Partial<CatchUpLimit> = {}) =>
  lagBeyond(account, at, { ...limit, ...more }, { calendar, catalogue });

describe('closes', () => {
  const account = opened(ACCOUNT, instant('2019-01-10T00:00:00+08:00'));

  test.each([
    ['two are caught up', '2019-04-01T03:59:59.999+08:00', null],
    ['the third is one too many', '2019-04-01T04:00:00+08:00', { next: '2019-01', closes: 3 }],
    ['ten years are', '2029-01-01T04:00:00+08:00', { next: '2019-01', closes: 120 }],
  ])('%s', (_, at, expected) => {
    if (expected === null) expect(lag(account, instant(at))).toBeNull();
    else expect(lag(account, instant(at))).toMatchObject(expected);
  });

  test('of months that are closed there is nothing to catch up', () => {
    const closed = { ...account, lastClosed: '2019-03' };
    expect(lag(closed, instant('2019-06-01T03:59:59+08:00'))).toBeNull();
    expect(lag(closed, instant('2019-07-01T04:00:00+08:00'))).toMatchObject({ next: '2019-04', closes: 3 });
  });

  test('where months close by hand nothing waits', () => {
    expect(lag(account, instant('2029-01-01T04:00:00+08:00'), { closeAt: null })).toBeNull();
  });
});

test('an expiry is caught up for as long as the span, and not a millisecond longer', async () => {
  const given = await givenLedger(['face-recognition'], { books: shippedPriceBooks() });
  await given.has('2019-01-01T00:00:00+08:00', 'deposit', { amount: '90000', reference: 'w' });
  const pack = { pool: 'face-recognition/compare', size: 1_000_000, quantity: 1 };
  await given.has('2019-01-03T00:00:00+08:00', 'buy-packs', pack);
  const account = await given.account();
  const expiry = instant('2020-01-03T00:00:00+08:00');
  const byHand = { closeAt: null };
  expect(lag(account, expiry + limit.span, byHand)).toBeNull();
  expect(lag(account, expiry + limit.span + 1, byHand)).toMatchObject({ isOverdue: true, closes: 0 });
});
