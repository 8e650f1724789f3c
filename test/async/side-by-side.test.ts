import { expect, it } from 'vitest';
import { sideBySide } from '../../src/async/side-by-side.ts';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('works on every item once, and on no more than so many at once', async () => {
  const items = Array.from({ length: 50 }, (_, i) => i);
  const done: number[] = [];
  let under = 0;
  let most = 0;
  await sideBySide(items, 4, async (item) => {
    under += 1;
    most = Math.max(most, under);
    await settled();
    under -= 1;
    done.push(item);
  });
  expect(done.toSorted((a, b) => a - b)).toEqual(items);
  expect(most).toBe(4);
});

it('rejects with the first failure when all that began has ended, and begins nothing more', async () => {
  const ended: number[] = [];
  const work = sideBySide([1, 2, 3, 4, 5], 2, async (item) => {
    if (item === 1) throw new Error('the first');
    await settled();
    ended.push(item);
  });
  await expect(work).rejects.toThrow('the first');
  expect(ended).toEqual([2]);
});

it('begins a few items in one turn of the event loop, and waits for the next between', async () => {
  let turns = 0;
  const begun: number[] = [];
  const turn = async () => {
    await settled();
    turns += 1;
  };
  await sideBySide(
    Array.from({ length: 30 }, (_, i) => i),
    64,
    async () => void begun.push(turns),
    turn,
  );
  expect(begun.filter((at) => at === 0).length).toBe(8);
  expect(Math.max(...[0, 1, 2, 3].map((at) => begun.filter((of) => of === at).length))).toBe(8);
  expect([begun.length, turns]).toEqual([30, 3]);
  turns = 0;
  await sideBySide(['only'], 64, async () => undefined, turn);
  expect(turns).toBe(0);
});

it('has nothing to do for no items', async () => {
  await sideBySide([], 3, async () => {
    throw new Error('called');
  });
});
