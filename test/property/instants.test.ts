/** Instants as text: written by hand for speed, and the same as the platform writes them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instantOf, instantText } from '../../src/domain/calendar.ts';
import { isDeep } from '../../src/input/json-safety.ts';
import { runs } from '../support/proof.ts';

const LAST = 8.64e15;
const DAY = 86_400_000;

test('an instant is written as the platform writes it, whatever was written before', () => {
  const instant = fc.oneof(
    fc.integer({ min: -LAST, max: LAST }),
    fc.integer({ min: Date.parse('2019-01-01T00:00:00Z'), max: Date.parse('2027-01-01T00:00:00Z') }),
    fc.integer({ min: -3 * DAY, max: 3 * DAY }),
    fc.integer({ min: -100, max: 100 }).map((day) => day * DAY),
    fc.integer({ min: -100, max: 100 }).map((day) => day * DAY - 1),
  );
  fc.assert(
    fc.property(fc.array(instant, { maxLength: 5 }), (instants) => {
      for (const one of instants) {
        expect(instantText(one)).toBe(new Date(one).toISOString());
        expect(instantOf(instantText(one))).toBe(one);
      }
    }),
    { numRuns: runs('instants as text', 2_000, 100_000) },
  );
  for (const none of [Number.NaN, Number.POSITIVE_INFINITY, LAST * 2])
    expect(() => instantText(none)).toThrow(RangeError);
});

test('how deep a value is nested is told of lists and objects alike', () => {
  const depth = (value: unknown): number =>
    typeof value !== 'object' || value === null ? 0 : 1 + Math.max(0, ...Object.values(value).map(depth));
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'large' },
      fc.constantFrom(null, 1, 'text', true),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.string(), tie('value'), { maxKeys: 3 }),
    ),
  }));
  fc.assert(
    fc.property(value, fc.nat({ max: 8 }), (given, levels) => {
      expect(isDeep(given, levels)).toBe(depth(given) > levels);
    }),
    { numRuns: runs('depths of values', 1_000, 50_000) },
  );
});
