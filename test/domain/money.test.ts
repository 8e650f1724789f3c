/** Yuan as decimal text: rounded half up to the fen, and no zero has a sign (rules.md, section 6). */
import { expect, test } from 'vitest';
import { exact, plain, rounded } from '../../src/domain/money.ts';

test.each([
  ['0.005', '0.01'],
  ['0.0049', '0.00'],
  ['-0.005', '-0.01'],
  ['-0.0049', '0.00'],
  ['-0', '0.00'],
  ['1', '1.00'],
])('%s yuan are rounded to %s', (amount, written) => {
  expect(rounded(exact(amount))).toBe(written);
});

test.each([
  ['6368.00', '6368'],
  ['0.0055', '0.0055'],
  ['0.00', '0'],
  ['-0', '0'],
  ['0.000000000000000001', '0.000000000000000001'],
])('%s is written in all its digits as %s', (amount, written) => {
  expect(plain(exact(amount))).toBe(written);
});
