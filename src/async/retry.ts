/** Retry with back-off. */

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/** Runs work until it succeeds, for as long as `isOpen`, with pauses that double up to two seconds. */
export const retried = async (work: () => Promise<void>, isOpen: () => boolean): Promise<void> => {
  for (let pause = FIRST_PAUSE_MS; isOpen(); pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, pause).unref());
    }
  }
};
