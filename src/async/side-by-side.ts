/** Work on many things, some of them at once: thousands of appends that wait for one commit would go on all together. */
import type { Pause } from './pauses.ts';

/** Runs work on every item, at most `together` at once; rejects with the first failure, when all that began has ended. */
export const sideBySide = async <Item>(
  items: readonly Item[],
  together: number,
  pause: Pause,
  work: (item: Item) => Promise<void>,
): Promise<void> => {
  let next = 0;
  let failure: { readonly error: unknown } | null = null;
  const worker = async (): Promise<void> => {
    while (next < items.length && failure === null) {
      const item = items[next] as Item;
      next += 1;
      try {
        await work(item);
      } catch (error) {
        failure ??= { error };
      }
      // After the last there is nothing to make room for.
      const turn = next < items.length ? pause() : null;
      if (turn) await turn;
    }
  };
  await Promise.all(Array.from({ length: Math.min(together, items.length) }, worker));
  const failed = failure as { readonly error: unknown } | null;
  if (failed) throw failed.error;
};
