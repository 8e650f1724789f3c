import { expect, it } from 'vitest';
import { sideBySide } from '../../src/async/side-by-side.ts';

const never = () => null;
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('works on every item once, and on no more than so many at once', async () => {
  const items = Array.from({ length: 50 }, (_, i) => i);
  const done: number[] = [];
  let under = 0;
  let most = 0;
  await sideBySide(items, 4, never, async (item) => {
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
  const work = sideBySide([1, 2, 3, 4, 5], 2, never, async (item) => {
    if (item === 1) throw new Error('the first');
    await settled();
    ended.push(item);
  });
  await expect(work).rejects.toThrow('the first');
  expect(ended).toEqual([2]);
});

it('pauses between items, not behind the last', async () => {
  let pauses = 0;
  const pause = () => {
    pauses += 1;
    return settled();
  };
  await sideBySide(['only'], 8, pause, async () => undefined);
  expect(pauses).toBe(0);
  await sideBySide(['a', 'b', 'c'], 1, pause, async () => undefined);
  expect(pauses).toBe(2);
});

it('has nothing to do for no items', async () => {
  await sideBySide([], 3, never, async () => {
    throw new Error('called');
  });
});
