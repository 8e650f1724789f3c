/** The generator's proof: enough lives meet every situation, and the same seed gives the same lives. */
import { expect, test } from 'vitest';
import { runs } from '../support/proof.ts';
import { instant } from './days.ts';
import { sampleLives } from './lives.ts';
import { runLife } from './oracle.ts';
import { ANSWERS, rulesSeen } from './situations.ts';

test('lives meet every situation', () => {
  const count = runs('lives of the generator that meet every situation', 300, 2_000);
  const total = new Map<string, number>(ANSWERS.map((name) => [name, 0]));
  for (const life of sampleLives(20_190_101, count)) {
    for (const [name, times] of rulesSeen(life)) total.set(name, (total.get(name) ?? 0) + times);
  }
  const never = [...total].filter(([, count]) => count === 0).map(([name]) => name);
  expect(never).toEqual([]);
  // An answer without a name here is one that the model gives and nobody has thought of.
  expect([...total.keys()].filter((name) => /^(command|record):/.test(name)).sort()).toEqual(
    [...ANSWERS].sort(),
  );
});

test('the same seed gives the same lives; their clock never goes back and they stay short', () => {
  const lives = sampleLives(7, 50);
  expect(sampleLives(7, 50)).toEqual(lives);
  for (const life of lives) {
    const times = life.lines.map((line) => instant(line.at));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(life.lines.length).toBeLessThanOrEqual(70);
    expect(runLife(life)).toEqual(runLife(life));
  }
});
