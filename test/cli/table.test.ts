/** Columns line up on a terminal, whatever a name is written in. */
import { expect, test } from 'vitest';
import { styled } from '../../src/cli/style.ts';
import { table } from '../../src/cli/table.ts';

test.each([
  ['Chinese', '文字识别', 8],
  ['an emoji', '🎫', 2],
  ['a flag', '🇨🇳', 2],
  ['a combining accent', 'e\u0301tude', 5],
  ['full-width letters', 'ＡＢ', 4],
])('%s', (_, name, columns) => {
  const [named, plain] = table([
    [name, 'x'],
    ['abcdefghij', 'x'],
  ]);
  expect(plain).toBe('abcdefghij  x');
  expect(named).toBe(`${name}${' '.repeat(10 - columns)}  x`);
});

test('a style takes no column', () => {
  const [first, second] = table([
    [styled('yellow', 'ab'), 'x'],
    ['abc', 'x'],
  ]);
  expect(first).toBe(`${styled('yellow', 'ab')}   x`);
  expect(second).toBe('abc  x');
});
