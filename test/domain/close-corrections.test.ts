/** CloseMonth: closed months looked at again; the issued bill never changes (rules.md, section 10). */
import { describe, expect, test } from 'vitest';
import { type AccountEvent, event, type Tally } from '../../src/domain/events.ts';
import { apr, feb, jan, mar } from '../support/days.ts';
import { ladder, vision } from './books.ts';
import { given } from './decider.ts';
import { activated, billed, closed, deposited, metered, opened, paid } from './facts.ts';

const AT = mar(1, '04:00');
const close = (month = '2019-02') => ({ name: 'close-month', body: { month } }) as const;
const group = (free: number, postPaid: number) => ({
  product: 'vision',
  meter: 'vision/calls',
  pool: 'vision/tags',
  free,
  postPaid,
  runs: [],
});

/** January was closed with 10 free and 50 post-paid tags: 25 yuan. */
const january = closed('2019-01', feb(1), {
  services: { vision: jan(1) },
  total: '1000.00',
  months: {
    '2019-01': {
      groups: { 'vision/tags': group(10, 50) },
      closed: billed({ 'vision/calls': { calls: 60, amount: '25.00' } }),
    },
  },
});
const history = [opened(), january];
const corrected = (tally: Partial<Tally>) =>
  event('UsageCorrected', feb(5), {
    source: '/g',
    id: 'u1',
    interface: 'vision/tag',
    time: '2019-01-10T04:00:00.000Z',
    day: '2019-01-10',
    from: 60,
    to: 0,
    reason: 'sent twice',
    tallies: [paid(tally)],
  });
const agreed = (price: string, from = '2019-01') =>
  event('ContractPriceAgreed', feb(5), {
    product: 'vision',
    meter: 'vision/calls',
    from,
    until: null,
    ladder: ladder([], [price]),
  });
const line = (calls: number, amount: string, reason: string) => ({
  month: '2019-01',
  product: 'vision',
  meter: 'vision/calls',
  calls,
  amount,
  reason,
});
const billOf = (facts: readonly AccountEvent[]) => {
  const [first] = facts;
  if (first?.type !== 'MonthClosed') throw new Error('no month was closed');
  return first.data.bill;
};
/** February's corrections and due after these facts. */
const february = (...facts: readonly AccountEvent[]) => {
  const { corrections, due } = billOf(
    given(...history, ...facts)
      .when(close(), AT)
      .facts(),
  );
  return { corrections, due };
};

test('an edition that fills in a price is the one that the month is rated by from then on', () => {
  const [calls, ...meters] = vision.meters;
  if (!calls) throw new Error('vision has meters');
  const filled = {
    ...vision,
    edition: '2019-01-b',
    meters: [{ ...calls, ladder: ladder([100, 1_000], ['0.5', '0.3', '0.2']) }, ...meters],
  };
  const editionOf = (...books: readonly (typeof vision)[]) => {
    const [first] = given(...history)
      .under(...books)
      .when(close(), AT)
      .facts();
    if (first?.type !== 'MonthClosed') throw new Error('no month was closed');
    expect(first.data.bill.corrections).toEqual([]);
    return first.data.carried.months['2019-01']?.closed?.editions;
  };
  expect(editionOf(vision)).toEqual({ vision: '2019-01' });
  expect(editionOf(vision, filled)).toEqual({ vision: '2019-01-b' });
});

test('nothing changed: no line', () => {
  expect(february()).toEqual({ corrections: [], due: '0.00' });
});

describe('one line a month and meter, with the change of calls and of the amount', () => {
  test('late usage', () => {
    // 110 calls at 0.3 cost 33 yuan; 25 were billed.
    expect(february(metered(feb(5), { postPaid: 60 }))).toEqual({
      corrections: [line(60, '8.00', 'late usage')],
      due: '8.00',
    });
  });

  test('late usage that makes the month cheaper', () => {
    // 101 calls at 0.3 cost 30.30; a hundred had cost 50.
    const facts = [metered(feb(5), { postPaid: 50 }), metered(feb(6), { postPaid: 1 })];
    expect(february(...facts)).toEqual({ corrections: [line(51, '5.30', 'late usage')], due: '5.30' });
  });

  test('late free calls change no amount', () => {
    expect(february(metered(feb(5), { free: 3 }))).toEqual({
      corrections: [line(3, '0.00', 'late usage')],
      due: '0.00',
    });
  });

  test('a correction to nothing', () => {
    expect(february(corrected({ free: -10, postPaid: -50 }))).toEqual({
      corrections: [line(-60, '-25.00', 'correction: sent twice')],
      due: '-25.00',
    });
  });

  test('a contract price agreed later', () => {
    expect(february(agreed('0.1'))).toEqual({
      corrections: [line(0, '-20.00', 'contract price')],
      due: '-20.00',
    });
    expect(february(agreed('0.1', '2019-02'))).toEqual({ corrections: [], due: '0.00' });
  });

  test('several reasons, each once', () => {
    const facts = [metered(feb(5), { postPaid: 1 }), metered(feb(6), { postPaid: 1 }), agreed('0.5')];
    expect(february(...facts)).toEqual({
      corrections: [line(2, '1.00', 'late usage; contract price')],
      due: '1.00',
    });
  });

  test('what comes to nothing is no line', () => {
    expect(february(metered(feb(5), { postPaid: 5 }), corrected({ postPaid: -5 }))).toEqual({
      corrections: [],
      due: '0.00',
    });
  });
});

test('what was corrected once is not corrected again', () => {
  const late = metered(feb(5), { postPaid: 60 });
  const second = given(...history, late)
    .when(close(), AT)
    .facts();
  const march = given(...history, late, ...second)
    .when(close('2019-03'), apr(1))
    .facts();
  expect(billOf(march).corrections).toEqual([]);
});

test('and changed once more it is compared with all that was billed for it', () => {
  const late = metered(feb(5), { postPaid: 60 });
  const second = given(...history, late)
    .when(close(), AT)
    .facts();
  const more = metered(mar(5), { postPaid: 10 });
  const march = given(...history, late, ...second, more)
    .when(close('2019-03'), apr(1))
    .facts();
  expect(billOf(march).corrections).toEqual([line(10, '3.00', 'late usage')]);
});

test('corrections freeze nothing', () => {
  given(...history, metered(feb(5), { postPaid: 60 }))
    .when(close(), AT)
    .thenLike(
      { data: { bill: { frozen: { total: '0.00' } } } },
      { type: 'BillSettled' },
      { type: 'NoticesRaised' },
    );
});

describe('a closed month without a price now', () => {
  const late = metered(feb(5), { postPaid: 951 });

  test('keeps the next month open', () => {
    given(...history, late)
      .when(close(), AT)
      .thenRefused(
        'price_not_agreed',
        { month: '2019-01', meter: 'vision/calls', quantity: 1_001, closing: '2019-02' },
        { name: 'notify-unpriced', body: { month: '2019-01', meter: 'vision/calls', quantity: 1_001 } },
      );
  });

  test('until one is agreed for it', () => {
    expect(february(late, agreed('0.2'))).toEqual({
      corrections: [line(951, '175.20', 'late usage; contract price')],
      due: '175.20',
    });
  });
});

test('an edition that fills in its missing price: the month closes, and costs it', () => {
  const beta = metered(mar(10), { month: '2019-03', meter: 'vision/beta', pool: null, postPaid: 7 });
  const filled = {
    ...vision,
    edition: '2019-03',
    effectiveFrom: '2019-03',
    meters: vision.meters.map((one) =>
      one.id === 'vision/beta' ? { ...one, ladder: ladder([], ['0.4']) } : one,
    ),
  };
  const carried = { services: { vision: jan(1) }, total: '100.00' };
  const before = [opened(), closed('2019-02', mar(1), carried), beta];
  given(...before)
    .when(close('2019-03'), apr(1))
    .thenRefused(
      'price_not_agreed',
      { month: '2019-03', meter: 'vision/beta', quantity: 7, closing: '2019-03' },
      { name: 'notify-unpriced', body: { month: '2019-03', meter: 'vision/beta', quantity: 7 } },
    );
  given(...before)
    .under(vision, filled)
    .when(close('2019-03'), apr(1))
    .thenLike({ data: { bill: { due: '2.80', corrections: [] } } }, {}, {}, {});
});

test('a month that is not closed is no correction', () => {
  const used = metered(feb(5), { month: '2019-02', postPaid: 10 });
  const { corrections, due } = billOf(
    given(opened(), activated(), deposited('100'), january, used).when(close(), AT).facts(),
  );
  expect([corrections, due]).toEqual([[], '5.00']);
});
