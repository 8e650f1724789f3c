/** Small synthetic price books, so that a few records meet every rule; traits choose which rules. */
import type { Ladder, PriceBook, Tier } from '../../src/domain/price-book.ts';
import { DAY, firstInstant, monthPlus, printed } from './days.ts';
import type { PublishedBook } from './life.ts';

export interface Traits {
  readonly mode: Ladder['mode'];
  readonly tierBy: Ladder['tierBy'];
  readonly bounds: Ladder['bounds'];
  readonly per: Ladder['per'];
  readonly grant: 'pack' | 'voucher';
  readonly inFirstMonth: boolean;
  /** The first tier starts at the allowance (only where free calls count for the tier, section 2). */
  readonly startsAbove: boolean;
  /** The bounds of the tiers: 8 and 16, which packs reach, or 10 and 100. */
  readonly narrow: boolean;
  readonly lastPriced: boolean;
  readonly freeze: 'list' | 'bill' | 'none';
  readonly onFailure: 'suspend' | 'notify';
  readonly graceDays: number;
  /** A later edition: none, one with other rules and groupings, or one that fills in the null prices. */
  readonly successor: 'none' | 'changed' | 'filled';
}

export const ALLOWANCE = 5;
/** Half a cent now and then, so that rounding is seen. */
const PRICES: { readonly [per: number]: readonly [string, string, string] } = {
  1: ['0.555', '0.305', '0.2'],
  1000: ['555', '305.5', '199.25'],
  10000: ['5555', '3050', '2002.5'],
};

export function tiers(per: number, bounds: readonly [number, number, number], lastPriced: boolean): Tier[] {
  const [first, second, last] = PRICES[per] ?? ['1', '1', '1'];
  return [
    { above: bounds[0], upTo: bounds[1], unitPrice: first },
    { above: bounds[1], upTo: bounds[2], unitPrice: second },
    { above: bounds[2], upTo: null, unitPrice: lastPriced ? last : null },
  ];
}

const named = (id: string): { id: string; name: { zh: string; en: string } } => ({
  id,
  name: { zh: id, en: id },
});

function ladderOf(t: Traits): Ladder {
  const start = t.startsAbove && t.tierBy !== 'post_paid' ? ALLOWANCE : 0;
  const { mode, tierBy, bounds, per } = t;
  return {
    mode,
    tierBy,
    bounds,
    per,
    tiers: tiers(per, t.narrow ? [start, 8, 16] : [start, 10, 100], t.lastPriced),
  };
}

/**
 * `one` and `two` share a pool, `three` and `seen` another, all four a meter; `solo` has free calls but no packs; `beta`
 * has no pool and is free at first; `other` is not charged. The regrouped book moves `two` to the other pool.
 */
export function syntheticBook(
  product: string,
  month: string,
  freeUntil: string,
  t: Traits,
  regrouped = false,
): PriceBook {
  const id = (name: string): string => `${product}/${name}`;
  const entry = (
    name: string,
    pool: string | null,
    meter: string | null,
    counts: 'calls' | 'recognised' = 'calls',
  ) => ({
    ...named(id(name)),
    pool: pool === null ? null : id(pool),
    meter: meter === null ? null : id(meter),
    counts,
  });
  const single = (unitPrice: string | null): Tier[] => [{ above: 0, upTo: null, unitPrice }];
  const flat: Ladder = { ...ladderOf(t), tiers: single(t.lastPriced ? '0.015' : null), tierBy: 'post_paid' };
  return {
    product,
    edition: month,
    effectiveFrom: month,
    name: { zh: product, en: product },
    source: 'synthetic',
    interfaces: [
      entry('one', 'p', 'm'),
      entry('two', regrouped ? 'q' : 'p', 'm'),
      entry('three', 'q', 'm'),
      entry('seen', 'q', 'm', 'recognised'),
      entry('solo', 's', 's'),
      entry('beta', null, 'beta'),
      entry('other', null, null),
      ...(regrouped ? [entry('new', 'p', 'm')] : []),
    ],
    pools: [
      {
        ...named(id('p')),
        meter: id('m'),
        packs: [
          { size: 7, price: '3' },
          { size: 20, price: '8.05' },
        ],
      },
      {
        ...named(id('q')),
        meter: id('m'),
        packs: regrouped ? [{ size: 9, price: '4.5' }] : [{ size: 7, price: '3.5' }],
      },
      { ...named(id('s')), meter: id('s'), packs: [] },
    ],
    meters: [
      { ...named(id('m')), ladder: ladderOf(t) },
      { ...named(id('s')), ladder: { ...ladderOf(t), tiers: tiers(t.per, [0, 10, 100], true) } },
      { ...named(id('beta')), freeUntil, ladder: flat },
    ],
    allowance: { calls: ALLOWANCE, grant: t.grant, inFirstMonth: t.inFirstMonth },
    freeze:
      t.freeze === 'none'
        ? null
        : { rate: t.per === 1 ? '1.2' : '0.85', of: t.freeze, onFailure: t.onFailure },
    arrears: { graceDays: t.graceDays },
    notices: { low: { below: '0.15', of: 'pool' }, channels: ['in_app'] },
  };
}

const on = (month: string, day: number): string => printed(firstInstant(month) + (day - 1) * DAY + DAY / 2);

/** A product's editions over a life that starts in a month, each with the instant of its publishing. */
export function syntheticShelf(product: string, start: string, t: Traits): PublishedBook[] {
  const freeUntil = monthPlus(start, 1);
  const first = { at: on(monthPlus(start, -1), 15), book: syntheticBook(product, start, freeUntil, t) };
  if (t.successor === 'filled') {
    const month = monthPlus(start, 1);
    const book = syntheticBook(product, month, freeUntil, { ...t, lastPriced: true });
    return t.lastPriced ? [first] : [first, { at: on(monthPlus(start, 3), 10), book }];
  }
  if (t.successor === 'none') return [first];
  const changed: Traits = {
    ...t,
    mode: t.mode === 'volume' ? 'graduated' : 'volume',
    tierBy: t.tierBy === 'post_paid' ? 'metered' : 'post_paid',
    grant: t.grant === 'pack' ? 'voucher' : 'pack',
    freeze: t.freeze === 'list' ? 'bill' : 'list',
    inFirstMonth: true,
    graceDays: 1,
  };
  const month = monthPlus(start, 2);
  return [
    first,
    { at: on(monthPlus(start, 1), 15), book: syntheticBook(product, month, freeUntil, changed, true) },
  ];
}
