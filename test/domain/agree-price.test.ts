/** AgreePrice: an account's own ladder for a meter, from a month on (rules.md, sections 2 and 6). */
import { describe, test } from 'vitest';
import { event } from '../../src/domain/events.ts';
import type { Ladder } from '../../src/domain/price-book.ts';
import { feb, jan } from '../support/days.ts';
import { ladder } from './books.ts';
import { given } from './decider.ts';
import { activated, opened } from './facts.ts';

const PLAIN = ladder([100], ['0.4', '0.2']);
const asked = (more: { meter?: string; from?: string; until?: string | null; ladder?: Ladder } = {}) =>
  ({
    name: 'agree-price',
    body: { meter: 'vision/calls', from: '2019-01', until: null, ladder: PLAIN, ...more },
  }) as const;
const agreed = (more: { meter?: string; from?: string; until?: string | null; ladder?: Ladder } = {}) => {
  return event('ContractPriceAgreed', jan(10), { product: 'vision', ...asked(more).body });
};
const account = [opened(), activated()];
const when = (more: Parameters<typeof asked>[0]) => given(...account).when(asked(more), jan(10));

test('a ladder is agreed for a meter, without end or until a month', () => {
  when({}).then(agreed());
  when({ until: '2019-02' }).then(agreed({ until: '2019-02' }));
});

test('also before the product is activated, for a month that is over, and once more', () => {
  given(opened()).when(asked(), jan(10)).then(agreed());
  when({ from: '2018-06', until: '2018-07' }).then(agreed({ from: '2018-06', until: '2018-07' }));
  given(...account, agreed())
    .when(asked(), jan(10))
    .then(agreed());
});

describe('in place of a ladder a discount', () => {
  const { ladder: _, ...terms } = asked().body;
  const discounted = (discount: string | null, own: Ladder | null = null) =>
    given(...account).when(
      { name: 'agree-price', body: { ...terms, discount, ...(own ? { ladder: own } : {}) } },
      jan(10),
    );

  test.each(['1', '0.85', '0.000000000000001'])('of %s is agreed', (discount) => {
    discounted(discount).then(
      event('ContractPriceAgreed', jan(10), { product: 'vision', ...terms, discount }),
    );
  });

  test.each(['0', '0.00', '1.000000000000001', '2'])(
    'is above zero and at most one: %s is not',
    (discount) => {
      discounted(discount).thenRefused('invalid_request', { field: 'discount' });
    },
  );

  test('exactly one of the two', () => {
    discounted('0.85', PLAIN).thenRefused('invalid_request', { field: 'ladder' });
    discounted(null).thenRefused('invalid_request', { field: 'ladder' });
  });
});

test.each(['vision/nothing', 'vision', 'unheard-of/calls', 'constructor/calls'])(
  'no book has the meter %s',
  (meter) => {
    when({ meter }).thenRefused('meter_unknown', { meter });
  },
);

describe('its months', () => {
  test('end after they begin', () => {
    when({ from: '2019-02', until: '2019-02' }).thenRefused('invalid_request', { field: 'until' });
    when({ from: '2019-02', until: '2019-01' }).thenRefused('invalid_request', { field: 'until' });
  });

  test('lie in the years 2000 to 2199', () => {
    when({ from: '1999-12' }).thenRefused('invalid_request', { field: 'from' });
    when({ from: '2000-01' }).then(agreed({ from: '2000-01' }));
    when({ from: '2199-12' }).then(agreed({ from: '2199-12' }));
    when({ until: '2199-12' }).then(agreed({ until: '2199-12' }));
    when({ until: '2200-01' }).thenRefused('invalid_request', { field: 'until' });
  });
});

describe('its ladder', () => {
  const malformed = (own: Ladder, field: string) =>
    when({ ladder: own }).thenRefused('ladder_malformed', { field });
  const tiers = (...parts: readonly (readonly [above: number, upTo: number | null])[]): Ladder => ({
    ...PLAIN,
    tiers: parts.map(([above, upTo]) => ({ above, upTo, unitPrice: '0.1' })),
  });

  test('has a tier', () => malformed(tiers(), 'ladder.tiers'));
  test('has bounds that rise', () => malformed(tiers([0, 0], [0, null]), 'ladder.tiers.0'));
  test('has no gap', () => malformed(tiers([0, 100], [101, null]), 'ladder.tiers.1'));
  test('has no overlap', () => malformed(tiers([0, 100], [99, null]), 'ladder.tiers.1'));
  test('is open at its end', () => malformed(tiers([0, 100]), 'ladder.tiers.0'));
  test('is open only there', () => malformed(tiers([0, null], [100, null]), 'ladder.tiers.0'));

  test('may start above zero where free calls count for the tier and reach it', () => {
    const from = (above: number, tierBy: Ladder['tierBy']) => ladder([], ['0.1'], { from: above, tierBy });
    // Ten calls a month are free.
    when({ ladder: from(10, 'post_paid_and_free') }).then(agreed({ ladder: from(10, 'post_paid_and_free') }));
    when({ ladder: from(10, 'metered') }).then(agreed({ ladder: from(10, 'metered') }));
    malformed(from(11, 'post_paid_and_free'), 'ladder.tiers.0');
    malformed(from(1, 'post_paid'), 'ladder.tiers.0');
    // The beta has no pool, so none of its calls is free.
    when({ meter: 'vision/beta', ladder: from(10, 'metered') }).thenRefused('ladder_malformed', {
      field: 'ladder.tiers.0',
    });
  });
});

describe('how much may be agreed', () => {
  const tiersOf = (count: number, unitPrice = '0.1') =>
    ladder(
      Array.from({ length: count - 1 }, (_, i) => i + 1),
      Array.from({ length: count }, () => unitPrice),
    );
  const held = (count: number, own: Ladder) => Array.from({ length: count }, () => agreed({ ladder: own }));

  test('a ladder has at most a thousand tiers', () => {
    when({ ladder: tiersOf(1_000) }).then(agreed({ ladder: tiersOf(1_000) }));
    when({ ladder: tiersOf(1_001) }).thenRefused('ladder_malformed', { field: 'ladder.tiers' });
  });

  test('a price is at most a billion yuan', () => {
    when({ ladder: tiersOf(2, '1000000000') }).then(agreed({ ladder: tiersOf(2, '1000000000') }));
    when({ ladder: tiersOf(2, '1000000000.01') }).thenRefused('ladder_malformed', {
      field: 'ladder.tiers.0.unitPrice',
    });
  });

  test('an account has at most a thousand contract prices', () => {
    const one = tiersOf(1);
    given(...account, ...held(999, one))
      .when(asked({ ladder: one }), jan(10))
      .then(agreed({ ladder: one }));
    given(...account, ...held(1_000, one))
      .when(asked({ ladder: one }), jan(10))
      .thenRefused('contract_limit_reached', { contracts: 1_000, tiers: 1_001 });
  });

  test('and five thousand tiers of them', () => {
    const thousand = held(4, tiersOf(1_000));
    given(...account, ...thousand)
      .when(asked({ ladder: tiersOf(1_000) }), jan(10))
      .then(agreed({ ladder: tiersOf(1_000) }));
    given(...account, ...thousand, ...held(1, tiersOf(1)))
      .when(asked({ ladder: tiersOf(1_000) }), jan(10))
      .thenRefused('contract_limit_reached', { contracts: 5, tiers: 5_001 });
  });

  test('what was agreed before there were bounds was agreed', () => {
    const old = { from: '0000-01', ladder: tiersOf(1, '1000000001') };
    given(...account, ...held(1_000, tiersOf(1)))
      .when(asked(old), jan(10), { again: true })
      .then(agreed(old));
  });
});

test('of a product whose first edition comes later, that edition’s free calls count', () => {
  const own = ladder([], ['0.1'], { from: 10, tierBy: 'metered' });
  given(opened())
    .when(asked({ from: '2018-01', ladder: own }), feb(1))
    .then({ ...agreed({ from: '2018-01', ladder: own }), at: feb(1) });
});
