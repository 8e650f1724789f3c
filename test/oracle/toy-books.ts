/** Small books with small bounds, so that a few records meet every rule. */
import type { Ladder, PriceBook } from '../../src/domain/price-book.ts';

const tiers = (bounds: readonly number[], prices: readonly (string | null)[], start = 0): Ladder['tiers'] =>
  prices.map((unitPrice, i) => ({ above: bounds[i - 1] ?? start, upTo: bounds[i] ?? null, unitPrice }));

const ladder = (part: Partial<Ladder> & Pick<Ladder, 'tiers'>): Ladder => ({
  mode: 'volume',
  tierBy: 'post_paid',
  bounds: 'upper',
  per: 1,
  ...part,
});

const named = (id: string) => ({ id, name: { zh: id, en: id } });

const base = (product: string): Omit<PriceBook, 'interfaces' | 'pools' | 'meters'> => ({
  product,
  edition: '2019-01',
  effectiveFrom: '2019-01',
  name: { zh: product, en: product },
  source: 'test',
  allowance: { calls: 5, grant: 'pack', inFirstMonth: true },
  freeze: { rate: '1.2', of: 'list', onFailure: 'suspend' },
  arrears: { graceDays: 0 },
  notices: { low: { below: '0.15', of: 'pool' }, channels: ['in_app'] },
});

/** Volume, upper bounds, two pools in one meter, an uncharged interface, an unpriced last tier. */
const alpha: PriceBook = {
  ...base('alpha'),
  interfaces: [
    { ...named('alpha/one'), pool: 'alpha/a', meter: 'alpha/m', counts: 'calls' },
    { ...named('alpha/two'), pool: 'alpha/a', meter: 'alpha/m', counts: 'calls' },
    { ...named('alpha/three'), pool: 'alpha/b', meter: 'alpha/m', counts: 'calls' },
    { ...named('alpha/free'), pool: null, meter: null, counts: 'calls' },
  ],
  pools: [
    {
      ...named('alpha/a'),
      meter: 'alpha/m',
      packs: [
        { size: 7, price: '3.00' },
        { size: 20, price: '8.00' },
      ],
    },
    { ...named('alpha/b'), meter: 'alpha/m', packs: [{ size: 20, price: '9.50' }] },
  ],
  meters: [
    { ...named('alpha/m'), ladder: ladder({ tiers: tiers([10, 40, 90], ['0.335', '0.25', '0.1', null]) }) },
  ],
};

/** The next edition: the pools change places, another allowance, no freeze. */
const alphaLater: PriceBook = {
  ...alpha,
  edition: '2019-03',
  effectiveFrom: '2019-03',
  allowance: { calls: 3, grant: 'pack', inFirstMonth: true },
  freeze: { rate: '1', of: 'list', onFailure: 'notify' },
  interfaces: [
    { ...named('alpha/one'), pool: 'alpha/a', meter: 'alpha/m', counts: 'calls' },
    { ...named('alpha/two'), pool: 'alpha/b', meter: 'alpha/m', counts: 'calls' },
    { ...named('alpha/three'), pool: 'alpha/b', meter: 'alpha/m', counts: 'calls' },
    { ...named('alpha/free'), pool: null, meter: null, counts: 'calls' },
  ],
  meters: [{ ...named('alpha/m'), ladder: ladder({ tiers: tiers([12], ['0.3', '0.2']) }) }],
};

/** Voucher, a ladder that starts above the allowance, and a freeze of the bill. */
const beta: PriceBook = {
  ...base('beta'),
  allowance: { calls: 5, grant: 'voucher', inFirstMonth: true },
  freeze: { rate: '1.2', of: 'bill', onFailure: 'notify' },
  interfaces: [{ ...named('beta/x'), pool: 'beta/x', meter: 'beta/x', counts: 'calls' }],
  pools: [{ ...named('beta/x'), meter: 'beta/x', packs: [{ size: 6, price: '2.00' }] }],
  meters: [
    {
      ...named('beta/x'),
      ladder: ladder({ tierBy: 'post_paid_and_free', tiers: tiers([20, 60], ['0.15', '0.105', null], 5) }),
    },
  ],
};

/** Graduated per thousand, lower bounds, by everything metered; nothing free in the first month; a grace. */
const gamma: PriceBook = {
  ...base('gamma'),
  allowance: { calls: 4, grant: 'pack', inFirstMonth: false },
  freeze: { rate: '0.5', of: 'list', onFailure: 'notify' },
  arrears: { graceDays: 3 },
  notices: null,
  interfaces: [
    { ...named('gamma/g'), pool: 'gamma/g', meter: 'gamma/g', counts: 'calls' },
    { ...named('gamma/v'), pool: 'gamma/v', meter: 'gamma/v', counts: 'recognised' },
    { ...named('gamma/beta'), pool: null, meter: 'gamma/beta', counts: 'calls' },
  ],
  pools: [
    { ...named('gamma/g'), meter: 'gamma/g', packs: [{ size: 10, price: '1.00' }] },
    { ...named('gamma/v'), meter: 'gamma/v', packs: [] },
  ],
  meters: [
    {
      ...named('gamma/g'),
      ladder: ladder({
        mode: 'graduated',
        tierBy: 'metered',
        per: 1000,
        tiers: tiers([8, 25], ['999.5', '501.25', '100']),
      }),
    },
    { ...named('gamma/v'), ladder: ladder({ bounds: 'lower', tiers: tiers([10], ['0.07', '0.05']) }) },
    { ...named('gamma/beta'), freeUntil: '2019-03', ladder: ladder({ tiers: tiers([], [null]) }) },
  ],
};

/** Fills in the price that was missing, for a month that has begun. */
const gammaFilled: PriceBook = {
  ...gamma,
  edition: '2019-03',
  effectiveFrom: '2019-03',
  meters: gamma.meters.map((m) =>
    m.id === 'gamma/beta' ? { ...m, ladder: ladder({ tiers: tiers([], ['0.4']) }) } : m,
  ),
};

export const TOY_BOOKS = { first: [alpha, alphaLater, beta, gamma], later: gammaFilled };
export const TOY_INTERFACES = [
  'alpha/one',
  'alpha/two',
  'alpha/three',
  'alpha/free',
  'beta/x',
  'gamma/g',
  'gamma/v',
  'gamma/beta',
] as const;
