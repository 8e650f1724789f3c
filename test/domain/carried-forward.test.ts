/** What a close carries forward: all of the account, what each closed month was billed, and by which edition (sections 7 and 10). */
import { describe, expect, test } from 'vitest';
import type { Account } from '../../src/domain/account.ts';
import { type AccountEvent, event } from '../../src/domain/events.ts';
import { apr, feb, jan, mar } from '../support/days.ts';
import { edition, ladder, vision } from './books.ts';
import { given } from './decider.ts';
import { ACME, activated, billed, closed, deposited, metered, opened } from './facts.ts';

const AT = feb(1, '04:00');
const close = (month: string) => ({ name: 'close-month', body: { month } }) as const;
const closing = (events: readonly AccountEvent[]) => {
  const [first] = events;
  if (first?.type !== 'MonthClosed') throw new Error('no month was closed');
  return first.data;
};
const TEXTS = { meter: 'vision/texts', pool: 'vision/texts' };
const texts = { product: 'vision', ...TEXTS, free: 0, postPaid: 3, runs: [] };
const tags = {
  product: 'vision',
  meter: 'vision/calls',
  pool: 'vision/tags',
  free: 10,
  postPaid: 50,
  runs: [],
};

test('the month as it was used, its bill by meter, and the edition that rated it', () => {
  const used = metered(jan(10), { free: 10, postPaid: 50 }, { ...TEXTS, postPaid: 3 });
  const { carried } = closing(
    given(opened(), activated(), deposited('100'), used).when(close('2019-01'), AT).facts(),
  );
  expect(carried).toStrictEqual({
    rules: 2,
    raised: 0,
    account: ACME,
    openedAt: jan(1),
    clock: AT,
    commandAt: AT,
    total: '100.00',
    frozen: '0.00',
    services: { vision: jan(1) },
    packs: [],
    contracts: [],
    months: {
      '2019-01': {
        groups: { 'vision/tags': tags, 'vision/texts': texts },
        closed: {
          ratingVersion: '2',
          editions: { vision: '2019-01' },
          billed: {
            'vision/calls': { calls: 60, amount: '25.00' },
            'vision/texts': { calls: 3, amount: '0.21' },
          },
          changes: {},
        },
      },
    },
    lastClosed: '2019-01',
    suspensions: [],
    arrearsDueAt: null,
    pendingFreeze: null,
    credits: [],
    told: {},
    unpriced: [],
    disputes: [],
    disputesOpened: 0,
  });
});

test('a month in which nothing was used is closed too', () => {
  const { carried } = closing(given(opened()).when(close('2019-01'), AT).facts());
  expect(carried.months).toStrictEqual({
    '2019-01': { groups: {}, closed: { ratingVersion: '2', editions: {}, billed: {}, changes: {} } },
  });
});

test('what happened after the close’s instant already keeps its own', () => {
  const later = event('CallsMetered', feb(1, '05:00'), metered(feb(1, '05:00')).data);
  const { carried } = closing(given(opened(), later).when(close('2019-01'), AT).facts());
  expect([carried.clock, carried.commandAt]).toEqual([feb(1, '05:00'), AT]);
});

test('the prices that nobody agreed are asked for again', () => {
  const told = event('NoticesRaised', feb(1), {
    notices: [
      {
        id: 'price_not_agreed:1',
        kind: 'price_not_agreed',
        channels: [],
        about: { month: '2019-01', meter: 'vision/calls', quantity: 1_001 },
      },
    ],
    scheduled: [],
  });
  const { carried } = closing(given(opened(), told).when(close('2019-01'), AT).facts());
  expect([carried.unpriced, carried.raised]).toEqual([[], 1]);
});

describe('the rules that apply from then on', () => {
  const old = event('AccountOpened', jan(1), { account: ACME });

  test('are today’s, also of an account opened under older ones', () => {
    const { carried } = closing(given(old).when(close('2019-01'), AT).facts());
    expect([carried.rules, carried.raised]).toEqual([2, 0]);
  });

  test('are in a replay those that the close was recorded with', () => {
    const again = (rules?: number) =>
      closing(
        given(old)
          .when({ ...close('2019-01'), rules }, AT, { again: true })
          .facts(),
      ).carried;
    expect(again()).not.toHaveProperty('rules');
    expect(again()).not.toHaveProperty('raised');
    expect(again(2)).toMatchObject({ rules: 2, raised: 0 });
  });
});

describe('of a month that was re-rated', () => {
  /** January, closed: 10 free and 50 post-paid tags for 25 yuan. */
  const january = (more: Partial<Account> = {}) =>
    closed('2019-01', feb(1), {
      services: { vision: jan(1) },
      total: '1000.00',
      months: {
        '2019-01': {
          groups: { 'vision/tags': tags },
          closed: billed({ 'vision/calls': { calls: 60, amount: '25.00' } }),
        },
      },
      ...more,
    });
  const late = metered(feb(5), { ...TEXTS, postPaid: 3 });

  test('all that was billed for it, also of a meter that its bill had not', () => {
    const first = given(opened(), january(), late).when(close('2019-02'), mar(1)).facts();
    expect(closing(first).carried.months['2019-01']?.closed).toEqual(
      billed({
        'vision/calls': { calls: 60, amount: '25.00' },
        'vision/texts': { calls: 3, amount: '0.21' },
      }),
    );
    const more = metered(mar(5), { ...TEXTS, postPaid: 1 });
    const second = given(opened(), january(), late, ...first, more)
      .when(close('2019-03'), apr(1))
      .facts();
    expect(closing(second).bill.corrections).toMatchObject([
      { meter: 'vision/texts', calls: 1, amount: '0.07' },
    ]);
    expect(closing(second).carried.months['2019-01']?.closed?.billed).toMatchObject({
      'vision/texts': { calls: 4, amount: '0.28' },
    });
  });

  test('the edition that filled in its missing price', () => {
    const filled = {
      ...vision,
      edition: '2019-01b',
      meters: vision.meters.map((one) =>
        one.id === 'vision/calls' ? { ...one, ladder: ladder([100, 1_000], ['0.5', '0.3', '0.2']) } : one,
      ),
    };
    const much = metered(feb(5), { postPaid: 951 });
    const events = given(opened(), january(), much)
      .under(vision, filled)
      .when(close('2019-02'), mar(1))
      .facts();
    const { bill, carried } = closing(events);
    expect(bill.corrections).toEqual([
      {
        month: '2019-01',
        product: 'vision',
        meter: 'vision/calls',
        calls: 951,
        amount: '175.20',
        reason: 'late usage; price published',
      },
    ]);
    expect(carried.months['2019-01']?.closed).toMatchObject({
      editions: { vision: '2019-01b' },
      billed: { 'vision/calls': { calls: 1_011, amount: '200.20' } },
      changes: {},
    });
  });

  test('its price book is named by the bill, and that of a month that was not is not', () => {
    const next = { ...vision, edition: '2019-02', effectiveFrom: '2019-02' };
    const named = (...events: readonly AccountEvent[]) =>
      closing(
        given(opened(), january(), ...events)
          .under(vision, next)
          .when(close('2019-02'), mar(1))
          .facts(),
      ).bill.priceBooks;
    const { digest } = edition(next);
    expect(named()).toEqual([{ product: 'vision', edition: '2019-02', digest }]);
    expect(named(late).map((book) => book.edition)).toEqual(['2019-01', '2019-02']);
  });

  test('corrections stand in the order of months, then of meters', () => {
    const group = (month: string) => ({
      [month]: {
        groups: { 'vision/tags': tags },
        closed: billed({ 'vision/calls': { calls: 60, amount: '25.00' } }),
      },
    });
    const months = { ...group('2019-02'), ...group('2019-01') };
    const back = (month: string) => metered(mar(5), { month, free: -10, postPaid: -50 });
    const text = (month: string) => metered(mar(6), { ...TEXTS, month, postPaid: 1 });
    const before = closed('2019-02', mar(1), { services: { vision: jan(1) }, total: '1000.00', months });
    const { bill } = closing(
      given(opened(), before, back('2019-02'), text('2019-02'), back('2019-01'), text('2019-01'))
        .when(close('2019-03'), apr(1))
        .facts(),
    );
    expect(bill.corrections.map(({ month, meter, calls, amount }) => [month, meter, calls, amount])).toEqual([
      ['2019-01', 'vision/calls', -60, '-25.00'],
      ['2019-01', 'vision/texts', 1, '0.07'],
      ['2019-02', 'vision/calls', -60, '-25.00'],
      ['2019-02', 'vision/texts', 1, '0.07'],
    ]);
  });
});
