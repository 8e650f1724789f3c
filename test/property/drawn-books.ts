/** Books drawn at random: measures, classes, weights, pools that share points, allowances of a day. */
import fc from 'fast-check';
import type {
  Charges,
  Condition,
  Destination,
  MeasuredInterface,
  PoolAllowance,
  PriceBook,
} from '../../src/domain/price-book.ts';
import { ladder } from '../domain/books.ts';

const named = (id: string) => ({ id, name: { zh: id, en: id } });
const TOKEN = { zh: '个', en: 'token' };
export const PRODUCT = 'toy';
export const SHARED = 'toy/shared';
export const OWN = 'toy/own';
const METERS = ['toy/one', 'toy/two', 'toy/three'] as const;
/** What records of the book may say of themselves. */
export const SPEEDS = ['slow', 'fast', 'any'] as const;
const MEASURES = ['a', 'b', 'c'] as const;

const weight = fc.constantFrom(1, 1, 2, 3, 7);
const destination: fc.Arbitrary<Destination> = fc.oneof(
  fc.constant({ pool: null, meter: null }),
  fc.record({ pool: fc.constant(null), meter: fc.constantFrom(...METERS) }),
  {
    weight: 4,
    arbitrary: fc.record({ pool: fc.constant(SHARED), meter: fc.constantFrom(...METERS), weight }),
  },
  { weight: 2, arbitrary: fc.record({ pool: fc.constant(OWN), meter: fc.constant(METERS[0]), weight }) },
);
const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc
    .record({
      of: fc.constantFrom('a', 'b', 'all'),
      above: fc.nat(30),
      more: fc.option(fc.integer({ min: 1, max: 30 })),
    })
    .map(({ of, above, more }) => ({
      quantities: [{ of, above, upTo: more === null ? null : above + more }],
    })),
  fc.subarray([...SPEEDS], { minLength: 1 }).map((speed) => ({ attributes: { speed } })),
  fc.constantFrom(
    { time: { from: '08:00', to: '20:00' } },
    { time: { from: '22:00', to: '07:00', days: ['mon', 'fri'] as const } },
  ),
);
const to = fc.record({ a: destination, b: destination, c: destination });
const classes: fc.Arbitrary<readonly Charges[]> = fc
  .tuple(fc.array(fc.record({ when: condition, to }), { maxLength: 3 }), to)
  .map(([some, last]) => [
    ...some.map(({ when, to }, i) => ({ ...named(`class-${i}`), when, to })),
    { ...named('else'), to: last },
  ]);
const allowance: fc.Arbitrary<PoolAllowance> = fc.record({
  calls: fc.nat(40),
  every: fc.constantFrom('month', 'day'),
});

const bookOf = (
  edition: string,
  charges: readonly Charges[],
  [shared, own]: readonly (PoolAllowance | null)[],
  postPaid: 'on' | 'off',
): PriceBook => {
  const measured: MeasuredInterface = {
    ...named('toy/call'),
    measures: MEASURES.map((id) => ({ ...named(id), unit: TOKEN })),
    totals: [{ id: 'all', of: [...MEASURES] }],
    charges,
  };
  const packs = [
    { size: 10, price: '1.00' },
    { size: 25, price: '2.00' },
  ];
  return {
    product: PRODUCT,
    edition,
    effectiveFrom: edition,
    name: { zh: '玩具', en: 'Toy' },
    source: '',
    interfaces: [
      measured,
      { ...named('toy/count'), unit: TOKEN, pool: SHARED, meter: METERS[1], counts: 'calls' },
      { ...named('toy/own-count'), unit: TOKEN, pool: OWN, meter: METERS[0], counts: 'calls' },
    ],
    pools: [
      { ...named(SHARED), packs, ...(shared ? { allowance: shared } : {}) },
      { ...named(OWN), meter: METERS[0], packs, ...(own ? { allowance: own } : {}) },
    ],
    meters: [
      { ...named(METERS[0]), ladder: ladder([20], ['0.5', '0.3'], { per: 7 }) },
      {
        ...named(METERS[1]),
        ladder: ladder([10, 50], ['3', '2', '1'], { mode: 'graduated', tierBy: 'metered' }),
      },
      { ...named(METERS[2]), ladder: ladder([], ['0.01'], { per: 3 }) },
    ],
    allowance: { calls: 12, grant: 'pack', inFirstMonth: true },
    freeze: { rate: '1.2', of: 'list', onFailure: 'notify' },
    arrears: { graceDays: 0 },
    notices: null,
    ...(postPaid === 'off' ? { postPaid } : {}),
  };
};

const allowances = fc.array(fc.option(allowance), { minLength: 2, maxLength: 2 });

/** Two editions of a book: what is a class, and where it leads at which weight, may all be other in the second. */
export const drawnBooks: fc.Arbitrary<readonly [PriceBook, PriceBook]> = fc
  .record({
    first: classes,
    second: classes,
    allowances: fc.tuple(allowances, allowances),
    postPaid: fc.constantFrom('on', 'on', 'off'),
  })
  .map(({ first, second, allowances: [before, after], postPaid }) => [
    bookOf('2019-01', first, before, postPaid),
    bookOf('2019-02', second, after, postPaid),
  ]);
