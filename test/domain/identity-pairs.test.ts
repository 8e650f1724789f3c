/** A record is the pair of its source and its id: two pairs whose joined texts are alike are two records. */
import { describe, expect, test } from 'vitest';
import { correctionFlag } from '../../src/cli/correction-flag.ts';
import { parseCommand } from '../../src/input/commands.ts';
import { ACCOUNT, givenLedger } from '../support/given.ts';

const PAIRS = [
  ['a b', 'c'],
  ['a', 'b c'],
  ['a,b', 'c'],
  ['a', 'b,c'],
  ['a","b', 'c'],
  ['a', 'b","c'],
  ['a:b', 'c'],
  ['a', 'b:c'],
  ['a/b', 'c'],
  ['a', 'b/c'],
] as const;

const resolution = (pairs: readonly (readonly [string, string])[]) =>
  parseCommand('resolve-dispute', {
    dispute: `${ACCOUNT}:1`,
    outcome: 'adjusted',
    note: 'n',
    corrections: pairs.map(([source, id]) => ({ source, id, calls: 1 })),
  });

test('corrections of a dispute name each pair once, and a pair twice is refused', () => {
  expect(resolution(PAIRS)).toMatchObject({ ok: true });
  for (const pair of PAIRS) expect(resolution([...PAIRS, pair])).toMatchObject({ ok: false });
});

test('each pair is metered, repeated and corrected by itself', async () => {
  const given = await givenLedger(['face-recognition']);
  const at = '2019-01-05T00:00:00+08:00';
  for (const again of ['accepted', 'duplicate'] as const)
    for (const [source, id] of PAIRS)
      expect((await given.meters(at, 'face-recognition/compare', 5, { source, id })).outcome).toBe(again);
  for (const [i, [source, record]] of PAIRS.entries())
    await given.has(at, 'correct-usage', { source, record, calls: i, reason: 'r' });
  for (const [i, [source, record]] of PAIRS.entries()) {
    const events = await given.has(at, 'correct-usage', { source, record, calls: 100, reason: 'r' });
    expect(events[0]?.data).toMatchObject({ source, id: record, from: i, to: 100 });
  }
});

/** Counts that a number does not hold as they are written. */
const LOSSY = ['a,b,9007199254740993', '["a","b",1.0000000000000000001]', '["a","b",1e400]'];

describe('--correct', () => {
  test.each([
    ['/g,u1,5', { source: '/g', id: 'u1', calls: 5 }],
    ['["a,b","c",0]', { source: 'a,b', id: 'c', calls: 0 }],
  ])('%s', (text, expected) => expect(correctionFlag(text)).toEqual(expected));

  test.each(['a,b,c,5', 'a,5', 'a,b,', 'a,b,-1', '["a","b"]', '["a","b",1.5]', '[', '', ...LOSSY])(
    '%j is refused',
    (text) => expect(() => correctionFlag(text)).toThrow('--correct'),
  );
});
