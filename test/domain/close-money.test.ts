/** CloseMonth: unfreeze, settle, freeze again, and whether the account goes on (rules.md, sections 7 to 9). */
import { describe, test } from 'vitest';
import type { Account } from '../../src/domain/account.ts';
import { event, type Tally } from '../../src/domain/events.ts';
import type { PriceBook } from '../../src/domain/price-book.ts';
import { feb, jan, mar } from '../support/days.ts';
import { ladder, speech, vision } from './books.ts';
import { given } from './decider.ts';
import { closed, frozen, lifted, metered, opened, settled, suspended } from './facts.ts';

const AT = mar(1, '04:00');
const CLOSED = { type: 'MonthClosed' };
const close = { name: 'close-month', body: { month: '2019-02' } } as const;
const notices = (...kinds: readonly string[]) => ({
  type: 'NoticesRaised',
  data: { notices: kinds.map((kind) => ({ kind })) },
});
const failed = (amount: string, available: string, suspends: boolean) =>
  event('FreezeFailed', AT, { month: '2019-02', amount, available, suspends });
const TAGS = { month: '2019-02', free: 10, postPaid: 50 } as const;
const SPEECH = {
  month: '2019-02',
  product: 'speech',
  meter: 'speech/short',
  pool: 'speech/short',
  free: 10,
  postPaid: 20,
} as const;

/** An account of vision with January closed, and what it used in February: 50 tags cost 25 yuan, and freeze 30. */
const february = (carried: Partial<Account>, ...tallies: readonly Partial<Tally>[]) =>
  given(
    opened(),
    closed('2019-01', feb(1), { services: { vision: jan(1) }, ...carried }),
    metered(feb(10), ...tallies),
  );
const since = (reason: 'arrears' | 'freeze_failed' | 'prohibited', at = feb(1)) => ({
  reason,
  since: at,
  until: null,
});

describe('in this order', () => {
  test('the old freeze goes, the due leaves the balance, the new freeze comes', () => {
    february({ total: '100.00', frozen: '12.00' }, TAGS)
      .when(close, AT)
      .thenLike(
        CLOSED,
        event('FundsUnfrozen', AT, { amount: '12.00' }),
        settled('25.00', AT, '2019-02'),
        frozen('30.00', AT, '2019-02'),
        notices('bill_issued'),
      );
  });

  test('what is zero is left out', () => {
    february({ total: '100.00' }).when(close, AT).thenLike(CLOSED, notices('bill_issued'));
    february({ total: '100.00', frozen: '12.00' })
      .when(close, AT)
      .thenLike(CLOSED, event('FundsUnfrozen', AT, { amount: '12.00' }), notices('bill_issued'));
    february({ total: '100.00' }, { month: '2019-02', free: 10 })
      .when(close, AT)
      .thenLike(CLOSED, notices('bill_issued'));
  });
});

describe('the freeze', () => {
  test('is made when the available balance just covers it: what was frozen counts, what is due does not', () => {
    february({ total: '55.00', frozen: '55.00' }, TAGS)
      .when(close, AT)
      .thenLike(
        CLOSED,
        { type: 'FundsUnfrozen' },
        settled('25.00', AT, '2019-02'),
        frozen('30.00', AT, '2019-02'),
        notices('bill_issued'),
      );
  });

  test('is not made for the last fen; vision stops the account then', () => {
    february({ total: '54.99' }, TAGS)
      .when(close, AT)
      .thenLike(
        CLOSED,
        settled('25.00', AT, '2019-02'),
        failed('30.00', '29.99', true),
        suspended('freeze_failed', AT),
        notices('bill_issued', 'freeze_failed', 'suspended'),
      );
  });

  test('of speech is only told when it fails', () => {
    february({ services: { speech: jan(1) }, total: '7.99' }, SPEECH)
      .when(close, AT)
      .thenLike(
        CLOSED,
        settled('4.00', AT, '2019-02'),
        failed('4.00', '3.99', false),
        notices('bill_issued', 'freeze_failed'),
      );
  });

  test('is all or nothing for both, and stops when one of them does that has something to freeze', () => {
    const services = { vision: jan(1), speech: jan(1) };
    february({ services, total: '62.99' }, TAGS, SPEECH)
      .when(close, AT)
      .thenLike(
        CLOSED,
        settled('29.00', AT, '2019-02'),
        failed('34.00', '33.99', true),
        suspended('freeze_failed', AT),
        notices('bill_issued', 'freeze_failed', 'suspended'),
      );
    february({ services, total: '7.99' }, SPEECH)
      .when(close, AT)
      .thenLike(CLOSED, {}, failed('4.00', '3.99', false), notices('bill_issued', 'freeze_failed'));
  });

  test('that failed at the last close is dropped, and its suspension goes with it', () => {
    february({
      total: '5.00',
      pendingFreeze: { month: '2019-01', amount: '12.00' },
      suspensions: [since('freeze_failed')],
    })
      .when(close, AT)
      .thenLike(
        { type: 'MonthClosed', data: { carried: { pendingFreeze: null } } },
        lifted('freeze_failed', AT),
        notices('bill_issued', 'resumed'),
      );
  });

  test('and fails anew: the account is stopped anew, and nobody is told that it resumed', () => {
    february({ total: '25.00', suspensions: [since('freeze_failed')] }, TAGS)
      .when(close, AT)
      .thenLike(
        CLOSED,
        settled('25.00', AT, '2019-02'),
        failed('30.00', '0.00', true),
        lifted('freeze_failed', AT),
        suspended('freeze_failed', AT),
        notices('bill_issued', 'freeze_failed', 'suspended'),
      );
  });

  const bill = (carried: Partial<Account>, ...tallies: readonly Partial<Tally>[]) => ({
    freezes: (total: string, byProduct: object) =>
      february({ total: '1000.00', ...carried }, ...tallies)
        .when(close, AT)
        .thenLike({ data: { bill: { frozen: { total, byProduct: [byProduct] } } } }, {}, {}, {}),
  });

  test('is of the list price where another is agreed, and of the agreed where the list has none', () => {
    const contracts = [
      { product: 'vision', meter: 'vision/calls', from: '2019-01', until: null, ladder: ladder([], ['0.2']) },
    ];
    bill({ contracts }, TAGS).freezes('30.00', { basis: '25 × 1.2 = 30' });
    bill({ contracts }, { ...TAGS, postPaid: 2_000 }).freezes('480.00', { basis: '400 × 1.2 = 480' });
  });

  test('of the list price does not follow a discount, and that of the bill does', () => {
    const contract = { product: 'vision', meter: 'vision/calls', from: '2019-01', until: null };
    const contracts = [{ ...contract, discount: '0.8' }];
    bill({ contracts }, TAGS).freezes('30.00', { basis: '25 × 1.2 = 30' });
    const follows: PriceBook = { ...vision, freeze: { rate: '1.2', of: 'bill', onFailure: 'notify' } };
    february({ total: '1000.00', contracts }, TAGS)
      .under(follows)
      .when(close, AT)
      .thenLike(
        { data: { bill: { frozen: { total: '24.00', byProduct: [{ basis: '20 × 1.2 = 24' }] } } } },
        {},
        {},
        {},
      );
  });

  test('at a discount, what the list does not price waits for a price', () => {
    const contract = { product: 'vision', meter: 'vision/calls', from: '2019-01', until: null };
    february({ contracts: [{ ...contract, discount: '0.8' }] }, { ...TAGS, postPaid: 2_000 })
      .when(close, AT)
      .thenRefused(
        'price_not_agreed',
        { closing: '2019-02', month: '2019-02', meter: 'vision/calls', quantity: 2_000 },
        {
          name: 'notify-unpriced',
          body: { month: '2019-02', meter: 'vision/calls', quantity: 2_000 },
        },
      );
  });

  test('of the bill is what its lines cost, a voucher taken off', () => {
    bill({ services: { speech: jan(1) } }, SPEECH).freezes('4.00', { basis: '4 × 1 = 4' });
  });

  test('is rounded once a product, half up', () => {
    const [meter] = vision.meters;
    if (!meter) throw new Error('vision has meters');
    const cheap = {
      ...vision,
      meters: [{ ...meter, ladder: ladder([], ['0.0125']) }, ...vision.meters.slice(1)],
    };
    // 1 × 0.0125 × 1.2 = 0.015, and with 0.07 × 1.2 of a second meter 0.099.
    const account = (...tallies: readonly Partial<Tally>[]) =>
      february({ total: '1000.00' }, ...tallies)
        .under(cheap)
        .when(close, AT);
    account({ month: '2019-02', postPaid: 1 }).thenLike(
      { data: { bill: { due: '0.01', frozen: { total: '0.02' } } } },
      {},
      {},
      {},
    );
    const text = { month: '2019-02', meter: 'vision/texts', pool: 'vision/texts', postPaid: 1 };
    account({ month: '2019-02', postPaid: 1 }, text).thenLike(
      { data: { bill: { due: '0.08', frozen: { total: '0.10' } } } },
      {},
      {},
      {},
    );
  });

  test('of a book without one is none', () => {
    february({ total: '25.00' }, TAGS)
      .under({ ...vision, freeze: null })
      .when(close, AT)
      .thenLike(CLOSED, settled('25.00', AT, '2019-02'), notices('bill_issued'));
  });
});

describe('arrears', () => {
  test('stop the account at once where there is no grace', () => {
    february({ total: '24.99' }, TAGS)
      .under({ ...vision, freeze: null })
      .when(close, AT)
      .thenLike(
        CLOSED,
        settled('25.00', AT, '2019-02'),
        suspended('arrears', AT),
        notices('bill_issued', 'suspended'),
      );
  });

  test('are not a balance of zero', () => {
    february({ total: '25.00' }, TAGS)
      .under({ ...vision, freeze: null })
      .when(close, AT)
      .thenLike(CLOSED, settled('25.00', AT, '2019-02'), notices('bill_issued'));
  });

  test('and a failed freeze are two reasons', () => {
    february({ total: '24.99' }, TAGS)
      .when(close, AT)
      .thenLike(
        CLOSED,
        settled('25.00', AT, '2019-02'),
        failed('30.00', '-0.01', true),
        suspended('arrears', AT),
        suspended('freeze_failed', AT),
        notices('bill_issued', 'freeze_failed', 'suspended', 'suspended'),
      );
  });

  test('that last are not begun again', () => {
    february({ total: '-1.00', suspensions: [since('arrears')] })
      .when(close, AT)
      .thenLike(CLOSED, notices('bill_issued'));
  });

  const graced = { ...speech, freeze: null };

  test('have their grace: of several products the longest', () => {
    const fell = event('ArrearsFell', AT, { suspendsAt: '2019-03-03T20:00:00.000Z' });
    february({ services: { speech: jan(1) }, total: '3.99' }, SPEECH)
      .under(graced)
      .when(close, AT)
      .thenLike(CLOSED, settled('4.00', AT, '2019-02'), fell, notices('bill_issued'));
    february({ services: { vision: jan(1), speech: jan(1) }, total: '3.99' }, SPEECH)
      .under({ ...vision, freeze: null }, graced)
      .when(close, AT)
      .thenLike(CLOSED, settled('4.00', AT, '2019-02'), fell, notices('bill_issued'));
  });

  test('have no grace of a product whose first edition is of a later month', () => {
    const later = { ...graced, edition: '2019-03', effectiveFrom: '2019-03' };
    february({ services: { vision: jan(1), speech: AT }, total: '24.99' }, TAGS)
      .under({ ...vision, freeze: null }, later)
      .when(close, AT)
      .thenLike(
        CLOSED,
        settled('25.00', AT, '2019-02'),
        suspended('arrears', AT),
        notices('bill_issued', 'suspended'),
      );
  });

  test('whose grace runs keep the date that was told', () => {
    february({ services: { speech: jan(1) }, total: '-1.00', arrearsDueAt: AT + 1 }, SPEECH)
      .under(graced)
      .when(close, AT)
      .thenLike(CLOSED, settled('4.00', AT, '2019-02'), notices('bill_issued'));
  });

  test('that a negative due pays end', () => {
    const months = {
      '2019-01': {
        groups: {},
        closed: {
          ratingVersion: '1',
          editions: { vision: '2019-01' },
          billed: { 'vision/calls': { calls: 60, amount: '25.00' } },
          changes: { 'vision/calls': ['correction: sent twice'] },
        },
      },
    };
    february({ total: '-25.00', months, suspensions: [since('arrears')] })
      .when(close, AT)
      .thenLike(
        CLOSED,
        settled('-25.00', AT, '2019-02'),
        lifted('arrears', AT),
        notices('bill_issued', 'resumed'),
      );
  });
});
