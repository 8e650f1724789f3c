/** The smallest book in which every reference occurs: two pools in one meter, a meter without a pool, one uncharged. */
import type { Ladder, Meter, PriceBook } from '../../src/domain/price-book.ts';

export const soundLadder: Ladder = {
  mode: 'volume',
  tierBy: 'post_paid',
  bounds: 'upper',
  per: 1,
  tiers: [
    { above: 0, upTo: 100, unitPrice: '0.15' },
    { above: 100, upTo: null, unitPrice: '0.10' },
  ],
};
export const named = (id: string) => ({ id, name: { zh: `中${id}`, en: id } });
export const withLadder = (ladder: Partial<Ladder>, id = 'toy/m'): Meter => ({
  ...named(id),
  ladder: { ...soundLadder, ...ladder },
});

export const soundBook: PriceBook = {
  product: 'toy',
  edition: '2019-01',
  effectiveFrom: '2019-01',
  name: { zh: '玩具', en: 'Toy' },
  source: 'test',
  interfaces: [
    { ...named('toy/one'), pool: 'toy/a', meter: 'toy/m', counts: 'calls' },
    { ...named('toy/two'), pool: 'toy/b', meter: 'toy/m', counts: 'recognised' },
    { ...named('toy/beta'), pool: null, meter: 'toy/beta', counts: 'calls' },
    { ...named('toy/other'), pool: null, meter: null, counts: 'calls' },
  ],
  pools: [
    {
      ...named('toy/a'),
      meter: 'toy/m',
      packs: [
        { size: 10, price: '1.00' },
        { size: 20, price: '1.80' },
      ],
    },
    { ...named('toy/b'), meter: 'toy/m', packs: [] },
  ],
  meters: [withLadder({}), withLadder({ tiers: [{ above: 0, upTo: null, unitPrice: null }] }, 'toy/beta')],
  allowance: { calls: 5, grant: 'pack', inFirstMonth: true },
  freeze: null,
  arrears: { graceDays: 0 },
  notices: null,
};
