/** The set of a month's records says what a map would. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openIdentitySet } from '../../src/audit/replay/identity-set.ts';

test('what was added is there, once, with its last count; nothing else is', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom('/a', '/b', ''), fc.string({ maxLength: 3 }), fc.nat()), {
        maxLength: 4_000,
      }),
      (records) => {
        const set = openIdentitySet();
        const map = new Map<string, number>();
        for (const [source, id, calls] of records) {
          const key = `${source} ${id}`;
          expect(set.get(source, id)?.calls).toBe(map.get(key));
          expect(set.add(source, id, 7, calls)).toBe(!map.has(key));
          if (map.has(key)) set.correct(source, id, calls);
          map.set(key, calls);
        }
        for (const [source, id] of records)
          expect(set.get(source, id)).toEqual({ what: 7, calls: map.get(`${source} ${id}`) });
      },
    ),
    { numRuns: 30 },
  );
});

test('a million records are a million', () => {
  const set = openIdentitySet();
  let added = 0;
  for (let i = 0; i < 1_000_000; i++) added += set.add('/gateway/1', `record-${i}`, 0, i) ? 1 : 0;
  expect(added).toBe(1_000_000);
  expect(set.add('/gateway/1', 'record-123456', 0, 1)).toBe(false);
});
