/** Work on many things, some of them at once: thousands of appends that wait for one commit would go on all together. */
import type { Pause } from './pauses.ts';

/** Runs work on every item, at most `together` at once; rejects with the first failure, when all that began has ended. */
export const sideBySide = async <Item>(
  items: Iterable<Item>,
  together: number,
  pause: Pause,
  work: (item: Item) => Promise<void>,
): Promise<void> => {
  const left = items[Symbol.iterator]();
  let failure: { readonly error: unknown } | null = null;
  const worker = async (): Promise<void> => {
    for (let next = left.next(); !next.done && failure === null; next = left.next()) {
      try {
        await work(next.value);
      } catch (error) {
        failure ??= { error };
      }
      const turn = pause();
      if (turn) await turn;
    }
  };
  await Promise.all(Array.from({ length: together }, worker));
  const failed = failure as { readonly error: unknown } | null;
  if (failed) throw failed.error;
};
