/** Where a month stands on a ladder, and what its next tier does to the bill (rules.md, sections 2 and 6). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AccountEvent } from '../../src/domain/events.ts';
import { fold } from '../../src/domain/evolve.ts';
import { roundedTo } from '../../src/domain/fraction.ts';
import { type Quantities, rate, tierQuantity } from '../../src/domain/ladder.ts';
import type { Ladder } from '../../src/domain/price-book.ts';
import { tierGauges } from '../../src/domain/tier-gauge.ts';
import { jan } from '../support/days.ts';
import { catalogueOf, ladder, vision } from './books.ts';
import { activated, metered, opened } from './facts.ts';

const METER = 'vision/calls';

const bookOf = (of: Ladder) => ({
  ...vision,
  meters: vision.meters.map((meter) => (meter.id === METER ? { ...meter, ladder: of } : meter)),
});

/** The gauges of January of an account with these calls. */
const gauges = (of: Ladder, calls: Partial<Quantities>, ...events: readonly AccountEvent[]) => {
  const { free = 0, packs = 0, postPaid = 0 } = calls;
  const runs = packs === 0 ? [] : [['pack-000001', packs] as const];
  const account = fold(null, [opened(), activated(), ...events, metered(jan(5), { free, postPaid, runs })]);
  if (!account) throw new Error('the account is open');
  return tierGauges(account, catalogueOf(bookOf(of)), '2019-01');
};
const gauge = (...given: Parameters<typeof gauges>) => gauges(...given)[0];

const FALLS = ladder([100, 1_000], ['0.5', '0.3', null]);

describe('a ladder whose price falls with the tier reached', () => {
  test('tells the step to the next tier, before it and past it, and that it lowers the bill', () => {
    expect(gauge(FALLS, { free: 10, postPaid: 40 })).toEqual({
      product: 'vision',
      meter: METER,
      name: { zh: METER, en: METER },
      ladder: FALLS,
      isContract: false,
      metered: 50,
      free: 10,
      packs: 0,
      postPaid: 40,
      quantity: 40,
      tier: { above: 0, upTo: 100, unitPrice: '0.5' },
      amount: '20.00',
      next: {
        ...{ above: 100, upTo: 1_000, unitPrice: '0.3', calls: 61 },
        ...{ before: '50.00', past: '30.30', isCliff: true, saves: null },
      },
      cliffs: [{ at: 100, costs: '50', next: '30.3' }],
      freeUntil: null,
    });
  });

  test.each([
    // 60.6 calls at 0.5 cost what 101 cost at 0.3.
    [60, null],
    [61, '0.20'],
    [100, '19.70'],
  ])('with %d calls it says what the step would save: %s', (postPaid, saves) => {
    expect(gauge(FALLS, { postPaid })?.next?.saves).toBe(saves);
  });

  test('at its last call, one more is past the step, and the bill now is that before it', () => {
    const next = gauge(FALLS, { postPaid: 100 })?.next;
    expect(next).toMatchObject({ calls: 1, before: '50.00', past: '30.30' });
  });

  test('into a tier without a price, what is past it is not known, and no cliff', () => {
    expect(gauge(FALLS, { postPaid: 101 })?.next).toEqual({
      ...{ above: 1_000, upTo: null, unitPrice: null, calls: 900 },
      ...{ before: '300.00', past: null, isCliff: false, saves: null },
    });
  });

  test('in the last tier there is no next one', () => {
    expect(gauge(FALLS, { postPaid: 1_001 })).toMatchObject({
      amount: null,
      next: null,
      tier: { above: 1_000 },
    });
  });
});

describe('bounds', () => {
  test('that include their lower end begin a tier one call earlier', () => {
    const lower = ladder([100], ['0.5', '0.3'], { bounds: 'lower' });
    expect(gauge(lower, { postPaid: 99 })).toMatchObject({
      tier: { above: 0 },
      next: { calls: 1, past: '30.00' },
    });
    expect(gauge(lower, { postPaid: 100 })).toMatchObject({ tier: { above: 100 }, next: null });
  });

  test('below the first tier there is none, and nothing is due', () => {
    const from = ladder([50], ['0.2', '0.1'], { from: 10 });
    expect(gauge(from, { postPaid: 4 })).toMatchObject({
      ...{
        tier: null,
        amount: '0.00',
        next: { above: 10, calls: 7, before: '0.00', past: '2.20', isCliff: false },
      },
    });
  });
});

test.each(['post_paid', 'post_paid_and_free', 'metered'] as const)('the quantity is that of %s', (tierBy) => {
  const calls = { metered: 60, free: 10, packs: 20, postPaid: 30 };
  const of = ladder([100], ['0.5', '0.3'], { tierBy });
  const quantity = tierQuantity(of, calls);
  expect(gauge(of, calls)).toMatchObject({ quantity, next: { calls: 101 - quantity } });
});

test('a graduated ladder has steps, and no cliff', () => {
  const of = ladder([100], ['0.5', '0.3'], { mode: 'graduated', bounds: 'lower' });
  expect(gauge(of, { postPaid: 40 })).toMatchObject({
    tier: { above: 0, upTo: 100, unitPrice: '0.5' },
    next: { calls: 61, before: '50.00', past: '50.30', isCliff: false, saves: null },
    cliffs: [],
  });
  expect(gauge(of, { postPaid: 101 })).toMatchObject({ tier: { above: 100 }, next: null });
});

test('a contract’s ladder goes before that of the book', () => {
  const contract = ladder([200], ['0.4', '0.1']);
  const data = { product: 'vision', meter: METER, from: '2019-01', until: null, ladder: contract };
  const agreed = { type: 'ContractPriceAgreed', at: jan(2), data } as const;
  expect(gauge(FALLS, { postPaid: 50 }, agreed)).toMatchObject({
    ...{ isContract: true, ladder: contract, amount: '20.00' },
    next: { calls: 151, before: '80.00', past: '20.10', isCliff: true },
    cliffs: [{ at: 200, costs: '80', next: '20.1' }],
  });
});

test('a discount goes on the ladder of the book', () => {
  const data = { product: 'vision', meter: METER, from: '2019-01', until: null, discount: '0.5' };
  const agreed = { type: 'ContractPriceAgreed', at: jan(2), data } as const;
  const list = gauge(FALLS, { postPaid: 50 });
  const half = (amount: string | null | undefined) => (Number(amount) / 2).toFixed(2);
  expect(gauge(FALLS, { postPaid: 50 }, agreed)).toMatchObject({
    ...{ isContract: false, discount: '0.5', ladder: FALLS, amount: half(list?.amount) },
    next: { before: half(list?.next?.before), past: half(list?.next?.past), isCliff: true },
    cliffs: [{ at: list?.cliffs[0]?.at, costs: String(Number(list?.cliffs[0]?.costs) / 2) }],
  });
});

test('a meter in its free months says until when, and has no step', () => {
  const beta = metered(jan(4), { meter: 'vision/beta', pool: null, postPaid: 7 });
  const [first, ...others] = gauges(FALLS, { postPaid: 1 }, beta);
  expect(first).toMatchObject({
    meter: 'vision/beta',
    freeUntil: '2019-03',
    amount: '0.00',
    next: null,
    cliffs: [],
  });
  expect(others.map(({ meter }) => meter)).toEqual([METER]);
});

test('a law: before and past are what the ladder makes of so many calls more', () => {
  const prices = fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 3, maxLength: 3 });
  const calls = fc.record({
    free: fc.nat(30),
    packs: fc.nat(30),
    postPaid: fc.integer({ min: 1, max: 150 }),
  });
  const how = fc.record({
    mode: fc.constantFrom('volume', 'graduated'),
    bounds: fc.constantFrom('upper', 'lower'),
    tierBy: fc.constantFrom('post_paid', 'post_paid_and_free', 'metered'),
  } as const);
  fc.assert(
    fc.property(prices, calls, how, (units, { free, packs, postPaid }, more) => {
      const of = ladder(
        [50, 120],
        units.map((unit) => `0.${String(unit).padStart(2, '0')}`),
        more,
      );
      const now = { metered: free + packs + postPaid, free, packs, postPaid };
      const at = (n: number) => {
        const rated = rate(of, { ...now, metered: now.metered + n, postPaid: postPaid + n });
        return rated.priced ? { amount: roundedTo(rated.exact, 2), tier: rated.tier } : null;
      };
      const shown = gauge(of, now);
      expect(shown?.amount).toBe(at(0)?.amount);
      const next = shown?.next;
      if (!next) return;
      expect([next.before, next.past]).toEqual([at(next.calls - 1)?.amount, at(next.calls)?.amount]);
      if (of.mode === 'volume') {
        expect(at(next.calls)?.tier?.above).toBe(next.above);
        expect(at(next.calls - 1)?.tier?.above).toBe(shown.tier?.above);
      }
    }),
    { seed: 7, numRuns: 300 },
  );
});
