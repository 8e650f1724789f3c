/** All work of one turn of the event loop shares one slice of time. The clock is the test's own. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { inTurns, nextTurn, openPauses } from '../../src/async/pauses.ts';

let clock = 0;
beforeEach(async () => {
  // What the turn before has begun is over.
  await nextTurn();
  await new Promise((resolve) => setImmediate(resolve));
  clock = 1_000;
  vi.spyOn(performance, 'now').mockImplementation(() => clock);
});
afterEach(() => vi.restoreAllMocks());

/** Work whose steps take a millisecond each. */
function* working(steps: number): Generator<undefined, void> {
  for (let i = 0; i < steps; i++) {
    clock += 1;
    yield;
  }
}

/** How many turns others have until work is done, and the longest of them, in milliseconds of the test's clock. */
const turnsOf = async (work: () => Promise<unknown>): Promise<{ turns: number; longest: number }> => {
  let [turns, longest, before, isOver] = [0, 0, clock, false];
  const ended = () => {
    longest = Math.max(longest, clock - before);
    before = clock;
  };
  const others = () => {
    turns += 1;
    ended();
    if (!isOver) setImmediate(others);
  };
  setImmediate(others);
  await work();
  isOver = true;
  ended();
  return { turns, longest };
};

test('stages that follow one another have one slice in a turn, not one each', async () => {
  const stages = async () => {
    for (let stage = 0; stage < 20; stage++) await inTurns(working(4), openPauses(1));
  };
  const { turns, longest } = await turnsOf(stages);
  expect(turns).toBeGreaterThanOrEqual(80 / 8);
  expect(longest).toBeLessThanOrEqual(8);
});

test('pieces of work that begin in one turn have one slice together', async () => {
  const pieces = () => Promise.all(Array.from({ length: 20 }, () => inTurns(working(4), openPauses(1))));
  const { turns } = await turnsOf(pieces);
  // Each has taken a step before it looks at the clock.
  expect(turns).toBeGreaterThanOrEqual((80 - 20) / 6);
});

test('those that wait go on in the order in which they paused, as many a turn as have room in a slice', async () => {
  const wentOn: number[] = [];
  const waits = async (i: number, takes: number) => {
    await nextTurn();
    wentOn.push(i);
    clock += takes;
    // What it waits for within the turn is behind it too.
    await Promise.resolve();
    clock += takes;
  };
  const each = (takes: number) =>
    turnsOf(() => Promise.all(Array.from({ length: 40 }, (_, i) => waits(i, takes))));
  const many = await each(0.25);
  expect(wentOn).toEqual(Array.from({ length: 40 }, (_, i) => i));
  expect(many.longest).toBeLessThanOrEqual(6);
  expect(many.turns).toBeLessThan(10);
  const long = await each(4);
  expect(long.longest).toBe(8);
  expect(long.turns).toBeGreaterThanOrEqual(40);
});

test('what comes in between two slices of other work has one of its own', async () => {
  let isStopped = false;
  function* endless(): Generator<undefined, void> {
    while (!isStopped) {
      clock += 1;
      yield;
    }
  }
  const others = inTurns(endless(), openPauses(1));
  // A timer comes up behind one slice and before the next.
  await new Promise((resolve) => setTimeout(resolve, 5));
  const pause = openPauses(1);
  clock += 1;
  const turn = pause();
  isStopped = true;
  await others;
  expect(turn).toBeNull();
});
