/** Who pays for a batch, whatever packs an account holds: as the rules say it, record by record (rules.md, section 3). */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Account, opened as freshAccount, type Pack } from '../../src/domain/account.ts';
import { Payers } from '../../src/domain/payers.ts';
import type { Payment } from '../../src/domain/usage.ts';
import { feb, jan } from '../support/days.ts';
import { catalogueOf, vision } from './books.ts';
import { CALENDAR } from './decider.ts';
import { report } from './reporting.ts';

/** From February on large tags share the pool of faces. */
const apart = {
  ...vision,
  edition: '2019-02',
  effectiveFrom: '2019-02',
  interfaces: vision.interfaces.map((one) =>
    one.id === 'vision/tag-large' ? { ...one, pool: 'vision/faces' } : one,
  ),
};
const CATALOGUE = catalogueOf(vision, apart);
const POOL_IN_FEBRUARY = {
  'vision/tag': 'vision/tags',
  'vision/tag-large': 'vision/faces',
  'vision/face': 'vision/faces',
} as const;
type Tagged = keyof typeof POOL_IN_FEBRUARY;

/** A pack pays for what its pool had in the edition it was bought under. */
const pays = (pack: Pack, id: Tagged): boolean =>
  pack.product === 'vision' &&
  (pack.edition === '2019-01' && id === 'vision/tag-large'
    ? pack.pool === 'vision/tags'
    : pack.pool === POOL_IN_FEBRUARY[id]);

const inOrder = (a: Pack, b: Pack): number =>
  a.expiresAt - b.expiresAt || a.purchasedAt - b.purchasedAt || a.size - b.size || (a.pack < b.pack ? -1 : 1);

const time = fc.integer({ min: 0, max: 12 }).map((n) => feb(5) + n * 1_000);
const pack = fc.record({
  purchasedAt: time,
  lives: fc.integer({ min: 1, max: 9 }),
  size: fc.constantFrom(5, 20),
  edition: fc.constantFrom('2019-01', '2019-02'),
  pool: fc.constantFrom('vision/tags', 'vision/faces'),
  state: fc.constantFrom('whole', 'whole', 'begun', 'used up', 'void'),
});
const packsOf = (length: { readonly minLength: number; readonly maxLength: number }) =>
  fc.array(pack, length).map((all) =>
    all.map(({ purchasedAt, lives, size, edition, pool, state }, i): Pack => {
      const left = { whole: size, begun: 2, 'used up': 0, void: 0 }[state];
      const terms = { product: 'vision', edition, pool, size, price: '1.00', left, void: state === 'void' };
      return {
        ...terms,
        pack: `pack-${String(all.length - i).padStart(6, '0')}`,
        purchasedAt,
        expiresAt: purchasedAt + lives * 1_000,
      };
    }),
  );
const records = fc.array(
  fc.record({
    interface: fc.constantFrom<Tagged>('vision/tag', 'vision/tag-large', 'vision/face'),
    time,
    calls: fc.integer({ min: 1, max: 25 }),
  }),
  { minLength: 1, maxLength: 30 },
);

test.each([
  ['few', { minLength: 0, maxLength: 16 }],
  ['many', { minLength: 17, maxLength: 40 }],
])('of %s packs each record takes what is free, then the packs in their order, and no more', (_, length) => {
  fc.assert(
    fc.property(packsOf(length), records, (packs, batch) => {
      const account: Account = {
        ...freshAccount('acme', jan(1), 2),
        services: { vision: jan(1) },
        packs,
      };
      const payers = new Payers(account, { calendar: CALENDAR, catalogue: CATALOGUE });
      const left = new Map(packs.map((one) => [one.pack, one.left]));
      const free = new Map<string, number>();
      let postPaid = 0;
      for (const [i, one] of batch.entries()) {
        const expected: { free: number; runs: [string, number][] } = { free: 0, runs: [] };
        const pool = POOL_IN_FEBRUARY[one.interface];
        expected.free = Math.min(one.calls, 10 - (free.get(pool) ?? 0));
        free.set(pool, (free.get(pool) ?? 0) + expected.free);
        let rest = one.calls - expected.free;
        for (const of of packs.toSorted(inOrder)) {
          const taken = Math.min(rest, left.get(of.pack) ?? 0);
          const valid = of.purchasedAt <= one.time && one.time < of.expiresAt;
          if (taken === 0 || !valid || !pays(of, one.interface)) continue;
          expected.runs.push([of.pack, taken]);
          left.set(of.pack, (left.get(of.pack) ?? 0) - taken);
          rest -= taken;
        }
        postPaid += rest;
        const charge = payers.charge(one.interface, '2019-02');
        if (!charge) throw new Error('the book has the interface');
        const [part] = charge.charging.classes[0]?.parts ?? [];
        if (!part) throw new Error('the interface has one count');
        const record = report(`u${i}`, one);
        const paid: Payment = payers.take({ charge, part, record, day: '2019-02-01' }, one.calls);
        expect(paid).toEqual(expected);
      }
      const tallies = payers.tallies();
      expect(tallies.reduce((sum, tally) => sum + tally.postPaid, 0)).toBe(postPaid);
    }),
    { numRuns: 200 },
  );
});
