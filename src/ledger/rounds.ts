/** Work that many may ask for at once. */

/**
 * Runs work one round after the other. A round begins after the call of each who waits for it, and they share it; so
 * nobody waits for more than the round under way and one more.
 */
export const inRounds = <T>(work: () => Promise<T>): (() => Promise<T>) => {
  let last: Promise<unknown> = Promise.resolve();
  let next: Promise<T> | null = null;
  return () => {
    next ??= last
      .catch(() => undefined)
      .then(() => {
        next = null;
        const round = work();
        last = round;
        return round;
      });
    return next;
  };
};

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/** Runs work until it goes well, for as long as `isOpen`. */
export const untilDone = async (work: () => Promise<void>, isOpen: () => boolean): Promise<void> => {
  for (let pause = FIRST_PAUSE_MS; isOpen(); pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, pause).unref());
    }
  }
};
