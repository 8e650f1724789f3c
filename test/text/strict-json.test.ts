/** JSON that says something else than JSON.parse makes of it is found, and nothing else is. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arrayElements, NotAnArray } from '../../src/text/json-elements.ts';
import { jsonFault } from '../../src/text/json-faults.ts';
import { survives } from '../../src/text/json-numbers.ts';
import { shapeProblem } from '../../src/text/json-shape.ts';
import { isPlain, strictJson } from '../../src/text/strict-json.ts';
import { runs } from '../support/proof.ts';

const faultOf = (text: string) => {
  const { fault } = strictJson(text);
  return fault === undefined ? null : [fault.kind, fault.field];
};

describe('a number', () => {
  test.each(['0', '-0', '1', '1.0', '1e2', '0.1', '1e40', '123456789012345', '0.30000000000000004'])(
    '%s is held',
    (text) => expect(survives(text)).toBe(true),
  );
  test.each([
    ...['1e400', '-1e400', '1e-400', '9007199254740993', '1.0000000000000000001', '0.1000000000000000055'],
    ...['123456789012345678', `1${'0'.repeat(400)}`, `0.${'0'.repeat(400)}1`, '99999999999999999999e-1'],
  ])('%s is not', (text) => {
    expect(survives(text)).toBe(false);
    expect(faultOf(`{"a":[{"b":${text}}]}`)).toEqual(['number', 'a.0.b']);
    expect(faultOf(text)).toEqual(['number', '']);
  });
  test('every integer survives exactly when a double is that integer', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }), (whole) => {
        const exponent = String(Number(whole));
        // Beyond 1e21 a double is written with an exponent, and rounded: the shortest text that is read as it.
        fc.pre(!exponent.includes('e'));
        expect(survives(String(whole))).toBe(exponent === String(whole));
      }),
      { numRuns: runs('numbers of JSON against big integers', 300, 20_000) },
    );
  });
});

describe('a text', () => {
  test.each([
    ['{"a":1,"b":{"a":2},"a":3}', ['duplicate', 'a']],
    ['{"a":1,"\\u0061":2}', ['duplicate', 'a']],
    ['[{"x":1},{"x":1,"x":1}]', ['duplicate', '1.x']],
    ['{"__proto__":1,"__proto__":2}', ['duplicate', '__proto__']],
    ['{"a":"\\ud800"}', ['surrogate', 'a']],
    ['{"a":"\\\\ud800","b":"\\\\"}', null],
    ['{"a":"\\"}","b":1}', null],
    [`${'['.repeat(65)}${']'.repeat(65)}`, ['deep', '']],
    [`${'['.repeat(64)}${']'.repeat(64)}`, null],
    ['{"a":1,}', ['syntax', '']],
    ['', ['syntax', '']],
  ])('%s', (text, fault) => expect(faultOf(text)).toEqual(fault));

  test('that a JSON value was written as has no fault, in whatever style', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(faultOf(text)).toBeNull();
        expect(strictJson(text).value).toEqual(JSON.parse(text));
      }),
      { numRuns: runs('JSON values read strictly', 300, 20_000) },
    );
  });

  /** Pieces of JSON, put together at random: many are JSON, and many of those have a fault. */
  const piece = fc.constantFrom(
    ...[
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"b"',
      '"a":',
      '"a":1',
      '"a":1,',
      '1',
      '1e3',
      '1e400',
      '1.0',
      '-0',
    ],
    ...['9007199254740993', '1000', ' ', '\n', '"\\ud800"', '"\\""', '""', 'true', 'null', '{"a":1}', '[1]'],
  );
  test('is plain only where a look at every character finds no fault, and its elements are those of its value', () => {
    let seen = 0;
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 9 }), (pieces) => {
        const text = `[${pieces.join('')}]`;
        const whole = strictJson(text);
        if (!('value' in whole)) return;
        seen += 1;
        if (isPlain(text, whole.value)) expect(jsonFault(text)).toBeNull();
        expect(whole.ok).toBe(jsonFault(text) === null);
        const bytes = Buffer.from(text);
        const elements = [...arrayElements(bytes)].filter((one) => one !== null);
        expect(elements.map(({ from, to }) => JSON.parse(bytes.toString('utf8', from, to)))).toEqual(
          JSON.parse(text),
        );
      }),
      { numRuns: runs('pieces of JSON read strictly', 3_000, 200_000) },
    );
    expect(seen).toBeGreaterThan(100);
  });
});

test.each(['', 'x', '{}', '[1', '[1}', '["', '[1]]', '[1] 2'])('%s is not an array', (text) => {
  expect(() => [...arrayElements(Buffer.from(text))]).toThrow(NotAnArray);
});

test('members are counted object by object, not those of objects around it', () => {
  const object = (members: number): string =>
    `{${Array.from({ length: members }, (_, i) => `"k${i}":[{"a":1,"b":2}]`).join(',')}}`;
  const max = { depth: 9, values: 1_000, members: 4 };
  expect(shapeProblem(object(4), max)).toBeNull();
  expect(shapeProblem(object(5), max)).toBe('more than 4 members in one object');
  expect(shapeProblem(`[${object(3)},${object(3)},{"x":"a:b:c:d:e:f"}]`, max)).toBeNull();
});
