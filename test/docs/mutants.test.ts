/** The reasons why mutants of the rules survive are reasons of code that there is. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { WHY } from '../../scripts/surviving-mutants.ts';

test.each(WHY)('$in: $code', ({ in: file, code }) => {
  const source = readFileSync(fileURLToPath(new URL(`../../src/domain/${file}`, import.meta.url)), 'utf8');
  expect(source.split('\n').filter((line) => line.includes(code))).not.toEqual([]);
});

test('each is given once', () => {
  const places = WHY.map((one) => `${one.in}: ${one.code}`);
  expect(places.filter((place, i) => places.indexOf(place) !== i)).toEqual([]);
});
