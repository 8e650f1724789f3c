/** What a month costs by its ladder: tier reached, graduated, vouchers, rounding (rules.md, sections 2, 4 and 6). */
import { describe, expect, test } from 'vitest';
import type { Account } from '../../src/domain/account.ts';
import type { BillLine } from '../../src/domain/bill.ts';
import type { Tally } from '../../src/domain/events.ts';
import type { Ladder, PriceBook } from '../../src/domain/price-book.ts';
import { feb, jan, mar } from '../support/days.ts';
import { ladder, speech, vision } from './books.ts';
import { given } from './decider.ts';
import { closed, metered, opened } from './facts.ts';

/** February's only line, of an account whose books are these. */
const lineOf = (
  book: PriceBook,
  tallies: readonly Partial<Tally>[],
  carried: Partial<Account> = {},
): BillLine => {
  const services = { [book.product]: jan(1) };
  const [fact] = given(
    opened(),
    closed('2019-01', feb(1), { services, total: '100000', ...carried }),
    metered(feb(10), ...tallies.map((one) => ({ month: '2019-02', ...one }))),
  )
    .under(book)
    .when({ name: 'close-month', body: { month: '2019-02' } }, mar(1))
    .facts();
  if (fact?.type !== 'MonthClosed') throw new Error('no month was closed');
  const { lines } = fact.data.bill;
  if (lines.length !== 1 || !lines[0]) throw new Error(`a bill of ${lines.length} lines`);
  return lines[0];
};
const priced = ({ tier, unitPrice, amount, formula }: BillLine) => [
  tier && [tier.above, tier.upTo],
  unitPrice,
  amount,
  formula,
];

describe('the one tier that the month reaches prices all post-paid calls', () => {
  const of = (tally: Partial<Tally>) => priced(lineOf(vision, [tally]));

  test('bounds include their upper end', () => {
    expect(of({ postPaid: 100 })).toEqual([[0, 100], '0.5', '50.00', '100 × 0.5 = 50']);
    expect(of({ postPaid: 101 })).toEqual([[100, 1_000], '0.3', '30.30', '101 × 0.3 = 30.3']);
    expect(of({ postPaid: 1_000 })).toEqual([[100, 1_000], '0.3', '300.00', '1000 × 0.3 = 300']);
  });

  test('neither free calls nor those paid by packs count for it', () => {
    const tally: Partial<Tally> = { free: 10, runs: [['pack-000001', 5_000]], postPaid: 100 };
    expect(of(tally)).toEqual([[0, 100], '0.5', '50.00', '(5110 − 5000 − 10) × 0.5 = 50']);
  });

  test('pools of one meter are added up', () => {
    const both = [{ postPaid: 60 }, { pool: 'vision/faces', free: 10, postPaid: 50 }];
    expect(priced(lineOf(vision, both))).toEqual([[100, 1_000], '0.3', '33.00', '(120 − 10) × 0.3 = 33']);
  });

  test('nothing post-paid reaches none and costs nothing', () => {
    expect(of({ free: 7 })).toEqual([null, null, '0.00', '(7 − 7) = 0']);
    expect(of({ runs: [['pack-000001', 2_000]] })).toEqual([null, null, '0.00', '(2000 − 2000) = 0']);
  });
});

describe('an agreed ladder', () => {
  const agreed = (own: Ladder, tally: Partial<Tally>) => {
    const contract = { product: 'vision', meter: 'vision/calls', from: '2019-01', until: null, ladder: own };
    return lineOf(vision, [tally], { contracts: [contract] });
  };

  test('of two that cover the month the later agreed one holds', () => {
    const contract = (price: string, until: string | null) => ({
      product: 'vision',
      meter: 'vision/calls',
      from: '2019-01',
      until,
      ladder: ladder([], [price]),
    });
    const of = (...contracts: readonly ReturnType<typeof contract>[]) =>
      lineOf(vision, [{ postPaid: 10 }], { contracts }).unitPrice;
    expect(of(contract('0.1', null), contract('0.2', null))).toBe('0.2');
    expect(of(contract('0.1', null), contract('0.2', '2019-02'))).toBe('0.1');
    expect(of(contract('0.1', '2019-03'), contract('0.2', '2019-02'))).toBe('0.1');
    expect(of(contract('0.1', '2019-02'))).toBe('0.5');
  });

  test('with bounds that include their lower end', () => {
    const lower = ladder([100], ['0.5', '0.3'], { bounds: 'lower' });
    expect(priced(agreed(lower, { postPaid: 99 }))).toEqual([[0, 100], '0.5', '49.50', '99 × 0.5 = 49.5']);
    expect(priced(agreed(lower, { postPaid: 100 }))).toEqual([[100, null], '0.3', '30.00', '100 × 0.3 = 30']);
  });

  test('whose tier all calls choose, or post-paid and free ones', () => {
    const tally: Partial<Tally> = { free: 10, runs: [['pack-000001', 50]], postPaid: 50 };
    const price = (tierBy: Ladder['tierBy']) =>
      agreed(ladder([59, 109], ['3', '2', '1'], { tierBy }), tally).unitPrice;
    expect([price('post_paid'), price('post_paid_and_free'), price('metered')]).toEqual(['3', '2', '1']);
  });

  test('per thousand is in proportion: 1,500 at 2.2 cost 3.30', () => {
    const line = agreed(ladder([], ['2.2'], { per: 1000 }), { postPaid: 1_500 });
    expect([line.exact, line.amount, line.formula]).toEqual(['3.3', '3.30', '1500 × 2.2 ÷ 1000 = 3.3']);
  });

  test.each([
    ['0.0049', '0.00'],
    ['0.005', '0.01'],
    ['0.0149', '0.01'],
    ['0.335', '0.34'],
    ['1.004999999999999999', '1.00'],
  ])('a line of %s yuan is rounded half up to %s, and the exact product kept', (price, amount) => {
    const line = agreed(ladder([], [price]), { postPaid: 1 });
    expect([line.exact, line.amount]).toEqual([price, amount]);
  });

  test('graduated: each call at the price of the tier it lies in, rounded once', () => {
    const steps = ladder([10, 20], ['0.333', '0.2', '0.1'], { mode: 'graduated' });
    const line = agreed(steps, { postPaid: 25 });
    expect([line.tier, line.unitPrice, line.exact, line.amount]).toEqual([null, null, '5.83', '5.83']);
    expect(line.bands).toEqual([
      { above: 0, upTo: 10, quantity: 10, unitPrice: '0.333', amount: '3.33' },
      { above: 10, upTo: 20, quantity: 10, unitPrice: '0.2', amount: '2' },
      { above: 20, upTo: null, quantity: 5, unitPrice: '0.1', amount: '0.5' },
    ]);
    expect(line.formula).toBe('10 × 0.333 + 10 × 0.2 + 5 × 0.1 = 5.83');
  });

  test('graduated, with nothing post-paid, costs nothing', () => {
    const line = agreed(ladder([10], ['3', '2'], { mode: 'graduated' }), { free: 7 });
    expect([line.bands, line.exact, line.amount, line.formula]).toEqual([[], '0', '0.00', '0']);
  });

  test('graduated by all calls: the post-paid ones are the last', () => {
    const steps = ladder([10, 20], ['3', '2', '1'], { mode: 'graduated', tierBy: 'metered' });
    const line = agreed(steps, { free: 10, runs: [['pack-000001', 5]], postPaid: 10 });
    expect([line.amount, line.formula]).toEqual(['15.00', '5 × 2 + 5 × 1 = 15']);
  });
});

describe('a discount', () => {
  const at = (discount: string, book: PriceBook, ...tallies: readonly Partial<Tally>[]) => {
    const [first] = book.meters;
    if (!first) throw new Error('a book has meters');
    const contract = { product: book.product, meter: first.id, from: '2019-01', until: null, discount };
    return lineOf(book, tallies, { contracts: [contract] });
  };
  const withLadder = (own: Ladder): PriceBook => ({
    ...vision,
    meters: vision.meters.map((meter, i) => (i === 0 ? { ...meter, ladder: own } : meter)),
  });

  test('multiplies the list’s price, which stays what it is', () => {
    const line = at('0.85', vision, { free: 10, postPaid: 101 });
    expect(priced(line)).toEqual([[100, 1_000], '0.3', '25.76', '(111 − 10) × 0.3 × 0.85 = 25.755']);
    expect([line.discount, line.exact]).toEqual(['0.85', '25.755']);
  });

  test('is exact, whatever the price is for', () => {
    const thirds = withLadder(ladder([], ['0.001'], { per: 3 }));
    expect(at('0.15', thirds, { postPaid: 100 })).toMatchObject({
      ...{ unitPrice: '0.001', exact: '0.005', amount: '0.01' },
      formula: '100 × 0.001 × 0.15 ÷ 3 = 0.005',
    });
  });

  test('of 1 is none, in money', () => {
    expect(at('1', vision, { postPaid: 10 })).toMatchObject({ amount: '5.00', formula: '10 × 0.5 × 1 = 5' });
  });

  test('multiplies each band, and the whole is rounded once', () => {
    const steps = withLadder(ladder([10, 20], ['0.333', '0.2', '0.1'], { mode: 'graduated' }));
    const line = at('0.5', steps, { postPaid: 25 });
    expect([line.discount, line.unitPrice, line.exact, line.amount]).toEqual(['0.5', null, '2.915', '2.92']);
    expect(line.bands).toEqual([
      { above: 0, upTo: 10, quantity: 10, unitPrice: '0.333', amount: '1.665' },
      { above: 10, upTo: 20, quantity: 10, unitPrice: '0.2', amount: '1' },
      { above: 20, upTo: null, quantity: 5, unitPrice: '0.1', amount: '0.25' },
    ]);
    expect(line.formula).toBe('10 × 0.333 × 0.5 + 10 × 0.2 × 0.5 + 5 × 0.1 × 0.5 = 2.915');
  });

  test('multiplies the voucher too', () => {
    const granting: PriceBook = { ...vision, allowance: { ...vision.allowance, grant: 'voucher' } };
    expect(at('0.8', granting, { free: 10, postPaid: 90 })).toMatchObject({
      ...{ unitPrice: '0.5', voucher: '4.00', amount: '36.00' },
      formula: '100 × 0.5 × 0.8 − 10 × 0.5 × 0.8 = 36',
    });
  });

  test('of a month that is free says nothing', () => {
    const free = { ...vision, meters: vision.meters.map((one) => ({ ...one, freeUntil: '2019-03' })) };
    expect(at('0.5', free, { postPaid: 10 })).not.toHaveProperty('discount');
  });

  test('and a ladder agreed later: the ladder holds, and the other way round', () => {
    const base = { product: 'vision', meter: 'vision/calls', from: '2019-01', until: null };
    const own = { ...base, ladder: ladder([], ['0.2']) };
    const factor = { ...base, discount: '0.5' };
    const of = (...contracts: Account['contracts']) => lineOf(vision, [{ postPaid: 10 }], { contracts });
    expect(of(factor, own)).toMatchObject({ unitPrice: '0.2', amount: '2.00' });
    expect(of(factor, own)).not.toHaveProperty('discount');
    expect(of(own, factor)).toMatchObject({ unitPrice: '0.5', discount: '0.5', amount: '2.50' });
  });
});

describe('a voucher', () => {
  const of = (free: number, postPaid: number) => {
    const talk = { product: 'speech', meter: 'speech/short', pool: 'speech/short' };
    const line = lineOf(speech, [{ ...talk, free, postPaid }]);
    return [line.unitPrice, line.voucher, line.amount, line.formula];
  };

  test('takes the free calls off at the tier’s price', () => {
    expect(of(10, 20)).toEqual(['0.2', '2.00', '4.00', '30 × 0.2 − 10 × 0.2 = 4']);
  });

  test('free calls count for its tier', () => {
    expect(of(10, 40)).toEqual(['0.2', '2.00', '8.00', '50 × 0.2 − 10 × 0.2 = 8']);
    expect(of(10, 41)).toEqual(['0.1', '1.00', '4.10', '51 × 0.1 − 10 × 0.1 = 4.1']);
  });

  test('up to the allowance no tier is reached: no price, nothing off', () => {
    expect(of(10, 0)).toEqual([null, '0.00', '0.00', '(10 − 10) = 0']);
    expect(of(9, 0)).toEqual([null, '0.00', '0.00', '(9 − 9) = 0']);
  });
});
