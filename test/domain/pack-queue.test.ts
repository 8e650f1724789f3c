/** The order of deduction among packs, however many there are (rules.md, section 3). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Pack } from '../../src/domain/account.ts';
import { deductedBy, FEW, packQueue } from '../../src/domain/pack-queue.ts';
import { jan } from '../support/days.ts';

const pack = (id: number, more: Partial<Pack> = {}): Pack => ({
  pack: `pack-${String(id).padStart(6, '0')}`,
  product: 'vision',
  edition: '2019-01',
  pool: 'vision/tags',
  size: 100,
  price: '8.00',
  purchasedAt: jan(1),
  expiresAt: jan(31),
  left: 100,
  void: false,
  ...more,
});

describe('what decides between two packs', () => {
  test.each([
    ['expiry', { expiresAt: jan(30), purchasedAt: jan(3), size: 1_000 }, {}],
    ['purchase', { size: 1_000 }, { purchasedAt: jan(2) }],
    ['size', { size: 10 }, {}],
    ['id', {}, {}],
  ] as const)('%s', (decides, first, second) => {
    const [a, b] = [pack(1, first), pack(2, second)];
    expect([deductedBy(a, b), deductedBy(b, a)]).toEqual([decides, decides]);
    expect(packQueue([b, a]).at(0)).toBe(a);
  });
});

/** The pack that the rules name: of those valid at an instant and not used up, the first to expire, and so on. */
const named = (packs: readonly Pack[], used: ReadonlySet<string>, time: number): Pack | undefined => {
  const valid = packs.filter((one) => !used.has(one.pack) && one.purchasedAt <= time && time < one.expiresAt);
  const key = (one: Pack) =>
    [one.expiresAt, one.purchasedAt, one.size].map((n) => String(n).padStart(16, '0')).join() + one.pack;
  return valid.reduce<Pack | undefined>(
    (best, one) => (best && key(best) < key(one) ? best : one),
    undefined,
  );
};

/** Days and sizes are few, so that packs share them, and an instant is often a purchase or an expiry. */
const day = fc.integer({ min: 0, max: 12 }).map((n) => jan(1) + n * 1_000);
const packsOf = (min: number, max: number) =>
  fc
    .array(
      fc.record({ purchasedAt: day, lives: fc.integer({ min: 1, max: 8 }), size: fc.constantFrom(10, 100) }),
      {
        minLength: min,
        maxLength: max,
      },
    )
    .map((all) =>
      all.map(({ purchasedAt, lives, size }, i) =>
        pack(all.length - i, { purchasedAt, size, expiresAt: purchasedAt + lives * 1_000 }),
      ),
    );

describe.each([
  ['few', packsOf(0, FEW)],
  ['many', packsOf(FEW + 1, 3 * FEW)],
] as const)('of %s packs', (_, some) => {
  test('the next to pay is the one that the rules name, until it is used up', () => {
    fc.assert(
      fc.property(
        some,
        fc.array(fc.tuple(day, fc.boolean()), { minLength: 40, maxLength: 80 }),
        (packs, asked) => {
          const queue = packQueue(packs);
          const used = new Set<string>();
          for (const [time, isUsedUp] of asked) {
            let place = queue.next(0, time);
            // A queue of few packs does not remember which are used up: whoever asks skips them.
            while (place >= 0 && used.has(queue.at(place)?.pack ?? '')) place = queue.next(place + 1, time);
            const found = queue.at(place);
            expect(found).toBe(named(packs, used, time));
            expect(place >= 0).toBe(found !== undefined);
            if (!found || !isUsedUp) continue;
            queue.usedUp(place);
            used.add(found.pack);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  test('and those behind it follow in their order', () => {
    fc.assert(
      fc.property(some, day, (packs, time) => {
        const queue = packQueue(packs);
        const passed = new Set<string>();
        for (let i = queue.next(0, time); i >= 0; i = queue.next(i + 1, time)) {
          const found = queue.at(i);
          expect(found).toBe(named(packs, passed, time));
          passed.add(found?.pack ?? '');
        }
        expect(named(packs, passed, time)).toBeUndefined();
      }),
      { numRuns: 100 },
    );
  });
});
