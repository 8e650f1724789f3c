/** JSON that is read in steps is read as it is at once: the same value, or the same fault, and steps that are short. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonInSteps } from '../../src/text/json-in-steps.ts';
import { strictJson } from '../../src/text/strict-json.ts';
import { runs } from '../support/proof.ts';

const MAX = { values: 100_000, members: 1_000, entries: 60_000, characters: 64 * 1024 };

const read = (text: string, max: Partial<typeof MAX> = {}) => {
  const work = jsonInSteps(new TextEncoder().encode(text), { ...MAX, ...max });
  for (let steps = 1; ; steps++) {
    const step = work.next();
    if (step.done) return { steps, json: step.value };
  }
};
const faultOf = (text: string, max?: Partial<typeof MAX>) => {
  const { fault } = read(text, max).json;
  return fault === undefined ? null : `${fault.field}: ${fault.detail}`;
};

test('a value in whatever style is what JSON.parse makes of it', () => {
  fc.assert(
    fc.property(
      fc.jsonValue({ maxDepth: 6 }),
      fc.constantFrom(undefined, 1, '\t', '\r\n '),
      (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const { json } = read(text);
        expect(json).toEqual({ ok: true, value: JSON.parse(text) });
        expect(JSON.stringify(json.value)).toBe(JSON.stringify(JSON.parse(text)));
      },
    ),
    { numRuns: runs('JSON values read in steps', 300, 20_000) },
  );
});

/** Pieces of JSON, put together at random: many are JSON, and many of those have a fault. */
const piece = fc.constantFrom(
  ...['{', '}', '[', ']', ',', ':', ' ', '\n', '"a"', '"b"', '"a":', '"a":1', '"b":2,', '{"a":1}', '[1]'],
  ...['1', '1e3', '1e400', '1.0', '-0', '01', '-', '1.', '+1', '9007199254740993', 'true', 'nul', 'null'],
  ...['"\\ud800"', '"\\""', '""', '"\\x"', '"\t"', '"', '\\', '"\\u0061":', '"__proto__":', '\u00a0', 'NaN'],
);

// Of a text that is no JSON the first fault is told, whatever it is.
test('pieces of JSON are read, or refused with the same fault, as they are at once', () => {
  let [taken, refused] = [0, 0];
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 9 }), fc.boolean(), (pieces, isList) => {
      const text = isList ? `[${pieces.join('')}]` : pieces.join('');
      const { json } = read(text);
      const whole = strictJson(text);
      expect(json.ok).toBe(whole.ok);
      if (whole.ok) {
        taken += 1;
        expect(json.value).toEqual(whole.value);
      } else if (whole.fault.kind !== 'syntax') {
        refused += 1;
        expect(json.fault).toEqual(whole.fault);
      }
    }),
    { numRuns: runs('pieces of JSON read in steps', 3_000, 200_000) },
  );
  expect(Math.min(taken, refused)).toBeGreaterThan(20);
});

describe('a fault is named with its place:', () => {
  test.each([
    ['{"a":[{"b":1e400}]}', 'a.0.b: is a number that cannot be held exactly: 1e400'],
    ['{"a":[1,{"x":1,"x":2}]}', 'a.1.x: stands twice in one object'],
    ['{"__proto__":1,"__proto__":2}', '__proto__: stands twice in one object'],
    ['{"a":"\\ud800"}', 'a: contains an unpaired surrogate'],
    [`${'['.repeat(65)}${']'.repeat(65)}`, ': is nested more than 64 deep'],
    ['{"a":1,}', ': is not valid JSON: unexpected character at byte 7'],
    ['{"名":1,}', ': is not valid JSON: unexpected character at byte 9'],
    ['{"a":1', ': is not valid JSON: unexpected end of JSON input'],
    ['', ': is not valid JSON: unexpected end of JSON input'],
    [`{"a":["","${'x'.repeat(65_535)}"]}`, 'a.1: has more than 65536 characters'],
    [`{"a":["","${'名'.repeat(65_535)}"]}`, 'a.1: has more than 65536 characters'],
    [`{"a":${'1'.repeat(65_537)}}`, 'a: has more than 65536 characters'],
    [`{"${'x'.repeat(65_535)}":1}`, `${'x'.repeat(99)}: has more than 65536 characters`],
  ])('%.40s', (text, fault) => expect(faultOf(text)).toBe(fault));
});

test('what is more than a reader takes ends it, and no less', () => {
  expect(faultOf('[1,{"a":2}]', { values: 5 })).toBeNull();
  expect(faultOf('[1,{"a":2}]', { values: 4 })).toBe(': has more than 4 values');
  expect(faultOf('[{"a":1,"b":2},{"a":1,"b":2}]', { members: 2 })).toBeNull();
  expect(faultOf('[{"a":1,"b":{}}]', { members: 1 })).toBe(': has more than 1 members in one object');
  expect(faultOf('[1,[2,3],{"a":[4,5]}]', { entries: 3 })).toBeNull();
  expect(faultOf('[1,[2,3],4,5]', { entries: 3 })).toBe(': has at most 3 entries');
  expect(faultOf('{"a":[{"b":[1,2,3,4]}]}', { entries: 3 })).toBe('a.0.b: has at most 3 entries');
  expect(faultOf('["123456"]', { characters: 8 })).toBeNull();
  expect(faultOf('["名名名名名名"]', { characters: 8 })).toBeNull();
  expect(faultOf('["名名名名名名名"]', { characters: 8 })).toBe('0: has more than 8 characters');
  expect(faultOf('["1234567"]', { characters: 8 })).toBe('0: has more than 8 characters');
});

test.each([
  ['texts', `[${new Array(2_000).fill(`"${'x'.repeat(500)}"`).join(',')}]`],
  ['short values', `[${new Array(50_000).fill('1').join(',')}]`],
  ['empty objects', `[${new Array(50_000).fill('{}').join(',')}]`],
  ['blanks', `[${' '.repeat(500_000)}]`],
])('a text of %s is read in hundreds of steps', (_, text) => {
  const { steps, json } = read(text);
  expect(json.ok).toBe(true);
  expect(steps).toBeGreaterThan(100);
});
