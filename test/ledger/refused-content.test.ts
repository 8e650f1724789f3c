/** A refused report as long as a body is kept in turns, and as it would be at once. */
import { expect, test } from 'vitest';
import { keptForm, keptInTurns } from '../../src/ledger/refused-usage/content.ts';

test.each([
  ['short', { text: '{"a":' }],
  ['a value', { json: { b: 1, a: 2 } }],
  ['bytes', { bytes: Uint8Array.of(0xff), length: 1 }],
  ['of one letter', { text: 'x'.repeat(3_000_000) }],
  ['of characters in two halves', { text: '😀'.repeat(1_000_000) }],
  ['of such characters, a half beside every step', { text: `x${'😀'.repeat(1_000_000)}` }],
  ['with a half at its end', { text: `${'x'.repeat(256 * 1024 * 5 - 1)}\ud83d` }],
])('%s', async (_, came) => expect(await keptInTurns(came)).toEqual(keptForm(came)));

test('others have their turns while a long one is hashed', async () => {
  let turns = 0;
  let isOver = false;
  const others = (): void => {
    turns += 1;
    if (!isOver) setImmediate(others);
  };
  setImmediate(others);
  await keptInTurns({ text: 'x'.repeat(3_000_000) });
  isOver = true;
  expect(turns).toBeGreaterThanOrEqual(10);
});
