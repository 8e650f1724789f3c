/** A record's line is the same to the schema and to the check by hand. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isRecordLine, storedLine } from '../../src/codec/stored-line.ts';

const part = fc.oneof(
  { weight: 6, arbitrary: fc.nat(9) },
  fc.string(),
  fc.constantFrom(null, true, 1.5, 2 ** 53, -1, {}, [], [1], [1, 2], [1, 2, 3], [1, 'x']),
);
const nearly = fc
  .tuple(fc.nat(), fc.string(), fc.nat(), fc.integer(), fc.oneof(fc.nat(), fc.tuple(fc.nat(), fc.nat())))
  .chain((line) => fc.array(fc.nat(), { maxLength: 4 }).map((rest): unknown[] => [...line, ...rest]))
  .chain((line) =>
    fc.oneof(
      fc.constant(line),
      fc.tuple(fc.nat(line.length - 1), part).map(([i, value]) => line.with(i, value)),
      fc.nat(line.length).map((n) => line.slice(0, n)),
    ),
  );

test('the schema and the check agree on every value', () => {
  let good = 0;
  fc.assert(
    fc.property(fc.oneof(nearly, fc.array(part), part), (value) => {
      const expected = storedLine.safeParse(value).success;
      good += expected ? 1 : 0;
      expect(isRecordLine(value)).toBe(expected);
    }),
    { numRuns: 3_000 },
  );
  expect(good).toBeGreaterThan(300);
});
