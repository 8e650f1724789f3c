/** Work on many things, some of them at once: thousands of appends that wait for one commit would go on all together. */
import { nextTurn } from './pauses.ts';

/**
 * So many items are begun in one turn of the event loop. What is begun does its work in microtasks, all of them before
 * anything else is served: an account's share of a report takes up to a millisecond.
 */
const STARTS_A_TURN = 8;

/**
 * Runs work on every item, at most `together` at once, and lets others be served between; rejects with the first failure,
 * when all that began has ended. `turn` waits for the next turn of the event loop.
 */
export const sideBySide = async <Item>(
  items: readonly Item[],
  together: number,
  work: (item: Item) => Promise<void>,
  turn: () => Promise<void> = nextTurn,
): Promise<void> => {
  const [only] = items;
  if (items.length === 1) return work(only as Item);
  let next = 0;
  let failure: { readonly error: unknown } | null = null;
  let starts = 0;
  let waiting: Promise<void> | null = null;

  /** Waits for the next turn, together with all who wait for it. */
  const room = (): Promise<void> => {
    waiting ??= turn().then(() => {
      starts = 0;
      waiting = null;
    });
    return waiting;
  };

  const worker = async (): Promise<void> => {
    while (next < items.length && failure === null) {
      if (starts >= STARTS_A_TURN) {
        await room();
        // Others may have taken the rest, or failed, meanwhile.
        continue;
      }
      const item = items[next] as Item;
      next += 1;
      starts += 1;
      try {
        await work(item);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(together, items.length) }, worker));
  const failed = failure as { readonly error: unknown } | null;
  if (failed) throw failed.error;
};
