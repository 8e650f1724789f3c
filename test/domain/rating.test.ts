/** A month's lines: which meters have one, in which order, free months, and what has no price (rules.md, section 6). */
import { describe, expect, test } from 'vitest';
import type { AccountEvent } from '../../src/domain/events.ts';
import { fold } from '../../src/domain/evolve.ts';
import { fractionText } from '../../src/domain/fraction.ts';
import { CURRENT_RATING, rateMonth } from '../../src/domain/rating.ts';
import { jan } from '../support/days.ts';
import { catalogueOf, ladder, speech, vision } from './books.ts';
import { BOTH_BOOKS } from './decider.ts';
import { activated, metered, opened } from './facts.ts';

const TEXTS = { meter: 'vision/texts', pool: 'vision/texts' };
const BETA = { meter: 'vision/beta', pool: null };

const january = (
  events: readonly AccountEvent[],
  { catalogue = BOTH_BOOKS, version = CURRENT_RATING } = {},
) => {
  const account = fold(null, [opened(), activated(), ...events]);
  if (!account) throw new Error('the account is open');
  return rateMonth(account, catalogue, '2019-01', version).map(({ line, listCost }) => ({
    ...line,
    listCost: fractionText(listCost),
  }));
};

test('one line a meter, in the order of their ids, whichever was used first', () => {
  const lines = january([
    metered(jan(5), { ...TEXTS, postPaid: 1 }, { ...BETA, postPaid: 2 }, { free: 3 }),
    metered(jan(6), { pool: 'vision/faces', free: 4 }),
  ]);
  expect(lines.map(({ meter, metered: calls }) => [meter, calls])).toEqual([
    ['vision/beta', 2],
    ['vision/calls', 7],
    ['vision/texts', 1],
  ]);
});

test('calls that were all corrected away are no line', () => {
  expect(january([metered(jan(5), { free: 3 }), metered(jan(6), { free: -3 })])).toEqual([]);
});

describe('in its free months a meter costs nothing, whatever is agreed', () => {
  const agreed = (mode: 'volume' | 'graduated'): AccountEvent => ({
    type: 'ContractPriceAgreed',
    at: jan(2),
    data: {
      product: 'vision',
      meter: 'vision/beta',
      from: '2019-01',
      until: null,
      ladder: ladder([], ['5'], { mode }),
    },
  });
  const beta = (...events: readonly AccountEvent[]) =>
    january([...events, metered(jan(5), { ...BETA, postPaid: 7 })]);
  const free = {
    product: 'vision',
    meter: 'vision/beta',
    name: { zh: 'vision/beta', en: 'vision/beta' },
    metered: 7,
    free: 0,
    packs: 0,
    postPaid: 7,
    tier: null,
    unitPrice: null,
    exact: '0',
    voucher: '0.00',
    amount: '0.00',
    formula: '7 × 0 = 0',
    listCost: '0',
  };

  test('no tier, no unit price, and nothing to freeze', () => {
    expect(beta()).toStrictEqual([free]);
    expect(beta(agreed('volume'))).toStrictEqual([free]);
  });

  test('a graduated ladder fills no band', () => {
    expect(beta(agreed('graduated'))).toStrictEqual([{ ...free, bands: [] }]);
  });
});

test('a tier without a price shows no number rather than a wrong one', () => {
  expect(january([metered(jan(5), { free: 10, postPaid: 1_001 })])).toMatchObject([
    {
      tier: { above: 1_000, upTo: null },
      unitPrice: null,
      exact: null,
      voucher: null,
      amount: null,
      formula: '1001 × ?',
      unpriced: { code: 'price_not_agreed', quantity: 1_001 },
      listCost: '0',
    },
  ]);
});

describe('what cannot be rated is an error, and never free', () => {
  const used = metered(jan(5), { postPaid: 1 });

  test('a rating version that there is not', () => {
    expect(() => january([used], { version: '0' })).toThrow('rating version 0');
  });

  test('a meter that no edition in force has', () => {
    const apart = { ...vision, meters: vision.meters.filter(({ id }) => id !== 'vision/calls') };
    for (const catalogue of [catalogueOf(speech), catalogueOf(apart)])
      expect(() => january([used], { catalogue })).toThrow(/vision in 2019-01 .* vision\/calls/);
  });
});
